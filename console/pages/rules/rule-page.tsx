import { Skeleton } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useList, useRead } from '../../api/queries.js'
import { Page } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { RuleEditor } from './rule-editor.js'
import { useAttributes } from './use-attributes.js'

/** One rule at an address of its own, or a new one (PRODUCT 2.8, 6.2). */
export function RulePage() {
  const { t } = useTranslation('rules')
  const { connectionId = '', ruleId = '' } = useParams({ strict: false }) as Record<string, string | undefined>
  const isNew = ruleId === 'new'
  const params = { connectionId }
  const connection = useRead('GET /accounts/{accountId}/connections/{connectionId}', { params })
  const rules = useList('GET /accounts/{accountId}/connections/{connectionId}/rules', { params })
  const rule = useRead(
    'GET /accounts/{accountId}/connections/{connectionId}/rules/{ruleId}',
    { params: { connectionId, ruleId } },
    { enabled: !isNew, staleTime: 0 },
  )
  const { isReady } = useAttributes()
  const error = connection.error ?? rules.error ?? (isNew ? null : rule.error)
  const name = connection.data?.name ?? ''
  const stored = isNew || rule.data?.id !== ruleId ? undefined : rule.data
  const title = isNew ? t('newRule') : t('ruleTitle', { priority: stored?.priority ?? '' })
  return (
    <Page title={title} lead={name === '' ? undefined : t('ofConnection', { name })}>
      {error !== null && (stored === undefined || rules.rows === undefined) ? (
        <ProblemNote error={error} />
      ) : !isReady || rules.rows === undefined || connection.data === undefined || (!isNew && stored === undefined) ? (
        <Skeleton height={480} />
      ) : (
        <RuleEditor key={`${connectionId} ${ruleId}`} connection={connection.data} rules={rules.rows} stored={stored} />
      )}
    </Page>
  )
}
