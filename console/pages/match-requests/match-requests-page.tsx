import { Alert, Skeleton, Stack, Text } from '@mantine/core'
import { CircleCheck } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '../../api/catalogue.js'
import { useList } from '../../api/queries.js'
import type { Connection, MatchRequest } from '../../api/schema.js'
import { useAddress } from '../../api/use-search.js'
import { BusyButton } from '../../parts/busy-button.js'
import { Empty } from '../../parts/empty.js'
import { Filters, SelectFilter } from '../../parts/filters.js'
import { LongText } from '../../parts/long-text.js'
import { Needs } from '../../parts/needs.js'
import { Page } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { MatchCard } from './match-card.js'

const STATES = ['open', 'approved', 'refused', 'used'] as const
type State = (typeof STATES)[number]

/** People whom a directory sent and who may be here already: somebody decides (PRODUCT 2.10). */
export function MatchRequestsPage() {
  const { t } = useTranslation('matches')
  return (
    <Needs permission="users.view" title={t('title')}>
      <MatchRequests />
    </Needs>
  )
}

function MatchRequests() {
  const { t } = useTranslation('matches')
  const { connectionOf } = useCatalogue()
  const [address, change] = useAddress()
  const state: State = STATES.find((one) => one === address.state) ?? 'open'
  const list = useList('GET /accounts/{accountId}/match-requests', { query: { state } })
  const [linked, setLinked] = useState<MatchRequest>()
  const { rows, error } = list
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Filters label={t('filter')}>
        <SelectFilter
          label={t('state.label')}
          all={t('state.open')}
          value={state === 'open' ? undefined : state}
          options={STATES.slice(1).map((value) => ({ value, label: t(`state.${value}`) }))}
          onChange={(value) => change({ state: value })}
        />
      </Filters>
      {linked === undefined ? null : <NextStep request={linked} connection={connectionOf(linked.connectionId)} />}
      {error !== null && rows === undefined ? (
        <ProblemNote error={error} onRetry={() => void list.refetch()} />
      ) : rows === undefined ? (
        <Skeleton height="16rem" radius="md" />
      ) : rows.length === 0 ? (
        <Empty title={t(`empty.${state}`)}>{t('empty.text')}</Empty>
      ) : (
        <Stack gap="lg">
          {rows.map((request) => (
            <MatchCard
              key={request.id}
              request={request}
              connection={connectionOf(request.connectionId)}
              onLinked={setLinked}
            />
          ))}
        </Stack>
      )}
      {list.hasNextPage ? (
        <BusyButton variant="default" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('shell:list.more')}
        </BusyButton>
      ) : null}
    </Page>
  )
}

interface NextStepProps {
  readonly request: MatchRequest
  readonly connection: Connection | undefined
}

/** A link takes effect when the directory sends her again: how one has it do so, in the words of its own console. */
export function NextStep({ request: { incoming }, connection }: NextStepProps) {
  const { t } = useTranslation('matches')
  return (
    <Alert
      color="petrol"
      variant="outline"
      icon={<CircleCheck aria-hidden />}
      title={<LongText text={t('linked.title', { name: incoming.userName })} />}
      role="status"
    >
      <Text size="sm">{t('linked.text')}</Text>
      <Text size="sm" mt={4}>
        {t(`linked.${connection?.idpKind ?? 'generic'}`)}
      </Text>
    </Alert>
  )
}
