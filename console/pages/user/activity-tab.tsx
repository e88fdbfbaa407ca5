import { Anchor, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Building2, Cog, KeyRound, type LucideIcon, UserRound, UserRoundCog } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../api/queries.js'
import type { Event } from '../../api/schema.js'
import { useAddress } from '../../api/use-search.js'
import { Empty } from '../../parts/empty.js'
import { Filters, SelectFilter } from '../../parts/filters.js'
import { type Column, ListTable } from '../../parts/list-table.js'
import { OutcomeMark } from '../../parts/marks.js'
import { When } from '../../parts/when.js'
import { WhatCame } from './what-came.js'

const SOURCES: Readonly<Record<Event['source'], LucideIcon>> = {
  scim: Building2,
  sso: KeyRound,
  admin: UserRoundCog,
  self: UserRound,
  system: Cog,
}

/** Everything that happened to one person, whoever began it: directory, sign-in, administrators (PRODUCT 3.3). */
export function ActivityTab({ userId }: { readonly userId: string }) {
  const { t } = useTranslation(['people', 'events', 'shell'])
  const [address, change] = useAddress()
  const { source } = address
  const list = useList('GET /accounts/{accountId}/events', { query: { userId, ...(source ? { source } : {}) } })
  const sources = Object.keys(SOURCES).map((value) => ({ value, label: t(`events:source.${value}`) }))
  return (
    <div>
      <Filters label={t('happened.filter')}>
        <SelectFilter
          label={t('happened.by')}
          all={t('shell:filters.all')}
          value={source}
          options={sources}
          onChange={(next) => change({ source: next })}
        />
      </Filters>
      <ListTable
        caption={t('tab.activity')}
        list={list}
        keyOf={({ id }) => id}
        columns={useColumns()}
        empty={<Empty title={t('happened.empty.title')}>{t('happened.empty.text')}</Empty>}
      />
    </div>
  )
}

function useColumns(): Column<Event>[] {
  const { t } = useTranslation('people')
  return [
    { key: 'time', title: t('happened.when'), minWidth: '7.5rem', cell: ({ time }) => <When at={time} /> },
    {
      key: 'what',
      title: t('happened.what'),
      minWidth: '11rem',
      cell: (event) => (
        <Anchor component={Link} to={`/log/${event.id}`} size="sm" fw={550}>
          <Action action={event.action} />
        </Anchor>
      ),
    },
    {
      key: 'outcome',
      title: t('happened.outcome'),
      minWidth: '7rem',
      cell: ({ outcome }) => <OutcomeMark outcome={outcome} />,
    },
    { key: 'came', title: t('happened.came'), minWidth: '16rem', cell: (event) => <WhatCame event={event} /> },
    { key: 'by', title: t('happened.by'), minWidth: '10rem', cell: (event) => <By event={event} /> },
  ]
}

/** What happened, in the words of the log. */
function Action({ action }: { readonly action: string }) {
  const { t } = useTranslation('actions')
  return t(`${action}.label`)
}

function By({ event: { source, actor } }: { readonly event: Event }) {
  const { t } = useTranslation('events')
  const Icon = SOURCES[source]
  return (
    <span style={{ display: 'inline-flex', gap: 6, alignItems: 'flex-start' }}>
      <Icon size={14} aria-hidden style={{ flex: 'none', marginTop: 4, color: 'var(--quiet)' }} />
      <span>
        {t(`source.${source}`)}
        <Text size="sm" c="var(--quiet)" component="div">
          <bdi>{actor.label}</bdi>
        </Text>
      </span>
    </span>
  )
}
