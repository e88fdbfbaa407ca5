import { Alert, Button, Group, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Connection, Rule } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { announce } from '../../parts/announce.js'
import { Section } from '../../parts/page.js'
import { PersonPicker } from '../../parts/person-picker.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { positionOf } from './condition-error.js'
import type { RuleBody } from './draft.js'
import { GroupPicker } from './group-picker.js'
import { PreviewPools, PreviewTable } from './preview-table.js'
import { useCountWords } from './use-count-words.js'
import { type Audience, usePreview } from './use-preview.js'

interface PreviewProps {
  readonly connection: Connection
  readonly rules: readonly Rule[]
  readonly stored: Rule | undefined
  /** Undefined while the rule is not whole. */
  readonly body: RuleBody | undefined
}

/** Who would gain and lose what if the rule were saved as it stands in the form (PRODUCT 3.4). */
export function Preview({ connection, rules, stored, body }: PreviewProps) {
  const { t } = useTranslation('rules')
  const may = useMay()
  const [kind, setKind] = useState<'everyone' | 'person' | 'group'>('everyone')
  const [userId, setUserId] = useState<string>()
  const [groupId, setGroupId] = useState<string>()
  const who = audienceOf(kind, userId, groupId)
  const trial = body === undefined ? undefined : trialOf(stored, body)
  const { preview, error, isFetching, isBehind, ask } = usePreview(connection.id, trial, who)
  const countWords = useCountWords()
  const summary = preview === undefined ? undefined : countWords(preview)
  useEffect(() => {
    if (summary !== undefined) announce(summary)
  }, [summary])
  return (
    <Section title={t('preview.title')} lead={t('preview.lead')}>
      <Stack>
        <Group align="flex-end">
          <SegmentedControl
            size="xs"
            aria-label={t('preview.who')}
            value={kind}
            onChange={(next) => setKind(next as typeof kind)}
            data={(['everyone', 'person', 'group'] as const)
              .filter((one) => one !== 'person' || may('users.view'))
              .map((one) => ({ value: one, label: t(`preview.for.${one}`) }))}
          />
          {kind === 'person' ? (
            <PersonPicker label={t('preview.person')} connectionId={connection.id} onChange={setUserId} />
          ) : null}
          {kind === 'group' ? <GroupPicker connectionId={connection.id} onChange={setGroupId} /> : null}
        </Group>
        {connection.mode === 'live' ? null : (
          <Text size="sm" c="var(--quiet)">
            {t('preview.notLive')}
          </Text>
        )}
        {trial === undefined ? (
          <Text size="sm" c="var(--quiet)">
            {t('preview.notYet')}
          </Text>
        ) : who === undefined ? null : error !== null && positionOf(error) === undefined ? (
          <ProblemNote error={error} />
        ) : error !== null ? (
          <Alert color="red" variant="outline" title={t('preview.unreadable')}>
            {t('stoppedAt', { position: positionOf(error) })}
          </Alert>
        ) : preview === undefined ? (
          <Skeleton height={120} />
        ) : (
          <div aria-busy={isFetching} style={{ opacity: isBehind ? 0.6 : 1 }}>
            <Stack>
              <Text fw={600} data-preview="summary">
                {summary}
              </Text>
              <PreviewPools pools={preview.pools} />
              <PreviewTable preview={preview} rules={rules} ruleId={stored?.id} />
            </Stack>
          </div>
        )}
        {ask === undefined ? null : (
          <Group>
            <Button size="compact-sm" variant="default" onClick={ask}>
              {t('preview.again')}
            </Button>
            <Text size="sm" c="var(--quiet)">
              {t('preview.many')}
            </Text>
          </Group>
        )}
      </Stack>
    </Section>
  )
}

function trialOf(stored: Rule | undefined, { note: _, ...rule }: RuleBody) {
  return stored === undefined ? { rule } : { ruleId: stored.id, rule }
}

/** Undefined until somebody is chosen. */
function audienceOf(kind: string, userId: string | undefined, groupId: string | undefined): Audience | undefined {
  if (kind === 'everyone') return { everyone: true }
  if (kind === 'person') return userId === undefined ? undefined : { userId }
  return groupId === undefined ? undefined : { groupId }
}
