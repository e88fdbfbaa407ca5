import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Query } from '../../api/client.js'
import { useList } from '../../api/queries.js'
import { useMay } from '../../api/session.js'
import { useAddress } from '../../api/use-search.js'
import { Empty } from '../../parts/empty.js'
import { ExportButton } from '../../parts/export-button.js'
import { ListTable } from '../../parts/list-table.js'
import { Needs } from '../../parts/needs.js'
import { Page } from '../../parts/page.js'
import type { Search } from '../../routes.js'
import { AddUser } from './add-user.js'
import { useUserColumns } from './user-columns.js'
import { UserFilters } from './user-filters.js'

type UserQuery = NonNullable<Query<'GET /accounts/{accountId}/users'>>

/** What the address may hold, by the names that the API has for it. */
const FILTERS = ['q', 'status', 'connectionId', 'role', 'product', 'licenseState', 'flag', 'origin'] as const

/** Everybody of the account (PRODUCT 6.2). */
export function UsersPage() {
  const { t } = useTranslation('people')
  return (
    <Needs permission="users.view" title={t('users.title')}>
      <Users />
    </Needs>
  )
}

function Users() {
  const { t } = useTranslation('people')
  const may = useMay()
  const navigate = useNavigate()
  const [address, change] = useAddress()
  const filter = filterFrom(address)
  const list = useList('GET /accounts/{accountId}/users', { query: { ...filter, ...sortFrom(address) } })
  const [adding, setAdding] = useState(false)
  const filtered = Object.keys(filter).length > 0
  const clear = () => change(Object.fromEntries(FILTERS.map((name) => [name, undefined])))
  return (
    <Page
      title={t('users.title')}
      lead={t('users.lead')}
      actions={
        <>
          {may('logs.export') ? <ExportButton kind="users" filter={filter} /> : null}
          {may('users.create') ? (
            <Button leftSection={<UserPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
              {t('add.open')}
            </Button>
          ) : null}
        </>
      }
    >
      <div>
        <UserFilters address={address} change={change} onClear={clear} filtered={filtered} />
        <ListTable
          caption={t('users.title')}
          list={list}
          keyOf={({ id }) => id}
          columns={useUserColumns(address.sort, (sort) => change({ sort }))}
          empty={
            filtered ? (
              <Empty title={t('users.noMatch')}>
                <Button variant="default" size="xs" onClick={clear}>
                  {t('shell:filters.clear')}
                </Button>
              </Empty>
            ) : (
              <Empty title={t('users.empty.title')}>{t('users.empty.text')}</Empty>
            )
          }
        />
      </div>
      {adding ? (
        <AddUser
          onClose={() => setAdding(false)}
          onAdded={(userId) => void navigate({ to: '/users/$userId', params: { userId } })}
        />
      ) : null}
    </Page>
  )
}

function filterFrom(address: Search): Partial<UserQuery> {
  return Object.fromEntries(FILTERS.flatMap((name) => (address[name] ? [[name, address[name]]] : [])))
}

function sortFrom({ sort }: Search): Pick<UserQuery, 'sort'> {
  return sort === undefined ? {} : { sort: sort as NonNullable<UserQuery['sort']> }
}
