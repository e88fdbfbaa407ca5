import { Button, Skeleton, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFollowedWrite } from '../../api/follow-job.js'
import type { Rule } from '../../api/schema.js'
import { announce } from '../../parts/announce.js'
import { Confirm } from '../../parts/confirm.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { useCountWords } from './use-count-words.js'
import { usePreview } from './use-preview.js'

interface RemoveRuleProps {
  readonly connectionId: string
  readonly rule: Rule
  readonly onDone: (jobId: string | undefined) => void
}

/** Remove a rule, after saying in numbers who loses what. */
export function RemoveRule({ connectionId, rule, onDone }: RemoveRuleProps) {
  const { t } = useTranslation('rules')
  const [asking, setAsking] = useState(false)
  const trial = asking ? { ruleId: rule.id, remove: true as const } : undefined
  const { preview, error } = usePreview(connectionId, trial, asking ? { everyone: true } : undefined)
  const countWords = useCountWords()
  const remove = useFollowedWrite('DELETE /accounts/{accountId}/connections/{connectionId}/rules/{ruleId}', [
    'GET /accounts/{accountId}/connections/{connectionId}/rules',
  ])
  const concerned = new Set(preview?.items.map(({ userId }) => userId)).size
  const name = t('ruleN', { priority: rule.priority })
  return (
    <>
      <Button variant="default" c="var(--bad)" onClick={() => setAsking(true)}>
        {t('remove.open')}
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('remove.title', { priority: rule.priority })}
        action={t('remove.do')}
        {...(concerned > 1 ? { typed: name } : {})}
        onConfirm={async () => {
          const jobId = await remove.mutateAsync({ params: { connectionId, ruleId: rule.id } })
          announce(t('remove.done'))
          onDone(jobId)
        }}
      >
        <Stack gap="xs">
          {preview === undefined && error === null ? <Skeleton height={24} /> : null}
          <ProblemNote error={error} />
          {preview === undefined ? null : <Text fw={600}>{countWords(preview)}</Text>}
          <Text size="sm">{t('remove.text')}</Text>
        </Stack>
      </Confirm>
    </>
  )
}
