import { useTranslation } from 'react-i18next'
import { useCatalogue } from '../../api/catalogue.js'
import { ClearFilters, Filters, SearchField, SelectFilter } from '../../parts/filters.js'
import type { Search } from '../../routes.js'

const STATUSES = ['active', 'invited', 'suspended', 'deleted'] as const
const STATES = ['assigned', 'reserved', 'waiting', 'pending'] as const
const FLAGS = ['waiting_for_seat', 'no_products', 'override', 'inactive', 'no_sign_in'] as const

interface UserFiltersProps {
  readonly address: Search
  readonly change: (changes: Search) => void
  readonly filtered: boolean
  readonly onClear: () => void
}

/** Narrow the list of users; every filter stands in the address. */
export function UserFilters({ address, change, filtered, onClear }: UserFiltersProps) {
  const { t } = useTranslation(['people', 'shell'])
  const { products = [], roles = [], connections = [], roleName } = useCatalogue()
  const select = (name: string, label: string, options: readonly { value: string; label: string }[]) =>
    options.length === 0 ? null : (
      <SelectFilter
        label={label}
        all={t('shell:filters.all')}
        value={address[name]}
        options={options}
        onChange={(value) => change({ [name]: value })}
      />
    )
  const origin = [
    { value: 'local', label: t('origin.local') },
    { value: 'directory', label: t('origin.directory') },
    ...connections.map(({ id, name }) => ({ value: id, label: name })),
  ]
  return (
    <Filters label={t('users.filters')}>
      <SearchField label={t('users.search')} value={address.q ?? ''} onChange={(q) => change({ q })} />
      {select(
        'status',
        t('column.status'),
        STATUSES.map((value) => ({ value, label: t(`shell:status.${value}`) })),
      )}
      <SelectFilter
        label={t('column.origin')}
        all={t('shell:filters.all')}
        value={address.connectionId ?? address.origin}
        options={origin}
        onChange={(value) => {
          const kind = value === 'local' || value === 'directory'
          change({ origin: kind ? value : undefined, connectionId: kind ? undefined : value })
        }}
      />
      {select(
        'role',
        t('column.role'),
        roles.map(({ key }) => ({ value: key, label: roleName(key) })),
      )}
      {select(
        'product',
        t('column.product'),
        products.map(({ key, name }) => ({ value: key, label: name })),
      )}
      {select(
        'licenseState',
        t('column.license'),
        STATES.map((value) => ({ value, label: t(`license.${value}`) })),
      )}
      {select(
        'flag',
        t('column.flags'),
        FLAGS.map((value) => ({ value, label: t(`flag.${value}`) })),
      )}
      <ClearFilters shown={filtered} onClear={onClear} />
    </Filters>
  )
}
