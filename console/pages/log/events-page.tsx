import { Group } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { type ComponentProps, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../api/queries.js'
import { useMay } from '../../api/session.js'
import { useAddress } from '../../api/use-search.js'
import { ExportButton } from '../../parts/export-button.js'
import { ListTable } from '../../parts/list-table.js'
import { Page } from '../../parts/page.js'
import { ActiveFilters } from './active-filters.js'
import { ColumnChoice, useColumns } from './columns.js'
import { EventPanel } from './event-panel.js'
import { FilterBar } from './filter-bar.js'
import { queryOf } from './filters.js'
import { NewEvents } from './new-events.js'
import { NoEvents } from './no-events.js'
import { connectionsWithRules, useNames } from './use-names.js'
import type { View } from './views.js'

const PAGE_SIZE = 50

/** A list of events, its filters in the address, and the panel of the one that is open. */
export function EventsPage({ view }: { readonly view: View }) {
  const { t } = useTranslation('log')
  const may = useMay()
  const [search] = useAddress()
  const { eventId } = useParams({ strict: false }) as { eventId?: string }
  // Ends of "the last 24 hours" stay where they are until somebody asks for what is new.
  const [now, setNow] = useState(() => Date.now())
  const query = queryOf(view, search, now)
  const list = useList('GET /accounts/{accountId}/events', { query: { ...query, limit: PAGE_SIZE } })
  const names = useNames(connectionsWithRules(list.rows ?? []))
  const columns = useColumns(view, names)
  return (
    <Page
      title={t(`${view.name}.title`)}
      lead={t(`${view.name}.lead`)}
      actions={may('logs.export') ? <ExportButton kind="events" filter={filterOf(query)} /> : undefined}
    >
      <div>
        <FilterBar view={view} names={names} />
        <Group justify="space-between" gap="xs" mb="xs" mih="2.25rem">
          <ActiveFilters names={names} rows={list.rows} />
          <Group gap="xs" ms="auto">
            <NewEvents query={query} newest={list.rows?.[0]?.id} onShow={() => setNow(Date.now())} />
            <ColumnChoice view={view} />
          </Group>
        </Group>
        <ListTable
          caption={t(`${view.name}.title`)}
          list={list}
          keyOf={({ id }) => id}
          columns={columns}
          selectedKey={eventId}
          empty={<NoEvents view={view} names={names} />}
        />
      </div>
      <EventPanel view={view} eventId={eventId} list={list} names={names} />
    </Page>
  )
}

/** What the list asks for, without what it leaves open. */
function filterOf(query: ReturnType<typeof queryOf>): ComponentProps<typeof ExportButton>['filter'] {
  return Object.fromEntries(Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== ''))
}
