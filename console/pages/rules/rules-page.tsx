import { Anchor, Button, Select, Skeleton, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useList, useRead } from '../../api/queries.js'
import type { Connection } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { useAddress } from '../../api/use-search.js'
import { Empty } from '../../parts/empty.js'
import { JobLine } from '../../parts/job-line.js'
import { Page } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { RuleList } from './rule-list.js'
import { useEffectWords } from './use-words.js'

/** Mapping rules, connection by connection (PRODUCT 2.8). */
export function RulesPage() {
  const { t } = useTranslation('rules')
  const may = useMay()
  const [{ connection: wanted }, change] = useAddress()
  const connections = useRead('GET /accounts/{accountId}/connections')
  const items = connections.data?.items
  const connection = items?.find(({ id }) => id === wanted) ?? items?.[0]
  const add =
    connection !== undefined && may('rules.manage') ? (
      <Button
        leftSection={<Plus size={16} aria-hidden />}
        renderRoot={(props) => <Link to={`/rules/${connection.id}/new`} {...props} />}
      >
        {t('add')}
      </Button>
    ) : undefined
  return (
    <Page title={t('title')} lead={t('lead')} actions={add}>
      {connections.error !== null && items === undefined ? (
        <ProblemNote error={connections.error} onRetry={() => void connections.refetch()} />
      ) : items === undefined ? (
        <Skeleton height={320} />
      ) : connection === undefined ? (
        <Empty title={t('noConnections.title')}>
          <Text size="sm">{t('noConnections.text')}</Text>
          <Anchor component={Link} to="/connections">
            {t('noConnections.go')}
          </Anchor>
        </Empty>
      ) : (
        <Stack gap="md">
          {items.length === 1 ? null : (
            <Select
              label={t('connection')}
              maw="24rem"
              allowDeselect={false}
              value={connection.id}
              data={items.map(({ id, name }) => ({ value: id, label: name }))}
              onChange={(id) => change({ connection: id ?? undefined, job: undefined })}
            />
          )}
          <RulesOf key={connection.id} connection={connection} />
        </Stack>
      )}
    </Page>
  )
}

function RulesOf({ connection }: { readonly connection: Connection }) {
  const { t } = useTranslation('rules')
  const [{ job }, change] = useAddress()
  const params = { connectionId: connection.id }
  const { rows, error, refetch } = useList('GET /accounts/{accountId}/connections/{connectionId}/rules', { params })
  if (rows === undefined)
    return error === null ? <Skeleton height={320} /> : <ProblemNote error={error} onRetry={() => void refetch()} />
  return (
    <>
      {job === undefined ? null : <JobLine key={job} jobId={job} />}
      {rows.length === 0 ? (
        <Empty title={t('empty.title')}>{t('empty.text')}</Empty>
      ) : (
        <RuleList
          connectionId={connection.id}
          rules={rows}
          onJob={(jobId) => change({ connection: connection.id, job: jobId })}
        />
      )}
      <Defaults connection={connection} />
    </>
  )
}

/** What decides where no rule does. */
function Defaults({ connection: { defaults } }: { readonly connection: Connection }) {
  const { t } = useTranslation('rules')
  const words = useEffectWords()
  const given = defaults.role !== undefined || (defaults.products ?? []).length > 0
  return (
    <Text size="sm" c="var(--quiet)" maw="46rem">
      {t('order')} {given ? t('otherwise', { effects: words(defaults) }) : t('otherwiseNothing')}
    </Text>
  )
}
