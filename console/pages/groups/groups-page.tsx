import { Anchor, Button, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '../../api/catalogue.js'
import { useList } from '../../api/queries.js'
import type { Connection, DirectoryGroup } from '../../api/schema.js'
import { useAddress } from '../../api/use-search.js'
import { RuleLink } from '../../parts/access.js'
import { Empty } from '../../parts/empty.js'
import { Filters, SearchField, SelectFilter } from '../../parts/filters.js'
import { type Column, ListTable } from '../../parts/list-table.js'
import { Name } from '../../parts/long-text.js'
import { Needs } from '../../parts/needs.js'
import { Page } from '../../parts/page.js'
import { When } from '../../parts/when.js'

/** The groups that directories pushed: they are changed there, and read here (PRODUCT 3.3). */
export function GroupsPage() {
  const { t } = useTranslation('groups')
  return (
    <Needs permission="connections.view" title={t('title')}>
      <Groups />
    </Needs>
  )
}

function Groups() {
  const { t } = useTranslation('groups')
  const { connections } = useCatalogue()
  const [address, change] = useAddress()
  const chosen = connections?.find(({ id }) => id === address.connectionId) ?? connections?.[0]
  return (
    <Page title={t('title')} lead={t('lead')}>
      {connections?.length === 0 ? (
        <Empty title={t('noConnection.title')}>{t('noConnection.text')}</Empty>
      ) : (
        <div>
          <Filters label={t('filter')}>
            <SearchField label={t('search')} value={address.q ?? ''} onChange={(q) => change({ q })} />
            {chosen === undefined || connections === undefined ? null : (
              <SelectFilter
                label={t('connection')}
                all={connections[0]?.name ?? ''}
                value={chosen.id === connections[0]?.id ? undefined : chosen.id}
                options={connections.slice(1).map(({ id, name }) => ({ value: id, label: name }))}
                onChange={(connectionId) => change({ connectionId })}
              />
            )}
          </Filters>
          {chosen === undefined ? null : (
            <GroupTable connection={chosen} q={address.q ?? ''} onClear={() => change({ q: '' })} />
          )}
        </div>
      )}
    </Page>
  )
}

interface GroupTableProps {
  readonly connection: Connection
  readonly q: string
  readonly onClear: () => void
}

function GroupTable({ connection, q, onClear }: GroupTableProps) {
  const { t } = useTranslation(['groups', 'shell'])
  const list = useList('GET /accounts/{accountId}/connections/{connectionId}/groups', {
    params: { connectionId: connection.id },
    query: q === '' ? {} : { q },
  })
  return (
    <ListTable
      caption={t('caption', { connection: connection.name })}
      list={list}
      keyOf={({ id }) => id}
      columns={useColumns(connection.id)}
      empty={
        q === '' ? (
          <Empty title={t('empty.title')}>{t(`empty.${connection.idpKind}`)}</Empty>
        ) : (
          <Empty title={t('noMatch')}>
            <Button variant="default" size="xs" onClick={onClear}>
              {t('shell:filters.clear')}
            </Button>
          </Empty>
        )
      }
    />
  )
}

function useColumns(connectionId: string): Column<DirectoryGroup>[] {
  const { t } = useTranslation('groups')
  return [
    {
      key: 'name',
      title: t('name'),
      minWidth: '13rem',
      cell: ({ id, displayName }) => (
        <Anchor component={Link} to={`/groups/${connectionId}/${id}`} fw={550}>
          <Name lines={2}>{displayName}</Name>
        </Anchor>
      ),
    },
    { key: 'members', title: t('members'), cell: ({ members }) => <span className="number">{members}</span> },
    {
      key: 'rules',
      title: t('rules'),
      minWidth: '14rem',
      cell: ({ rules }) =>
        rules.length === 0 ? (
          <Text size="sm" c="var(--quiet)">
            {t('noRules')}
          </Text>
        ) : (
          rules.map((rule) => (
            <div key={rule.id}>
              <RuleLink rule={{ ...rule, connectionId }} />
            </div>
          ))
        ),
    },
    { key: 'modified', title: t('modified'), minWidth: '8rem', cell: ({ lastModified }) => <When at={lastModified} /> },
  ]
}
