import { Anchor, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Building2, PenLine } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '../../api/catalogue.js'
import type { User } from '../../api/schema.js'
import { LicenseLines } from '../../parts/access.js'
import type { Column } from '../../parts/list-table.js'
import { Name } from '../../parts/long-text.js'
import { StatusMark } from '../../parts/marks.js'
import { When } from '../../parts/when.js'

/** What the list of users tells of each (PRODUCT 6.2); sorted by the server. */
export function useUserColumns(sort: string | undefined, onSort: (sort: string | undefined) => void): Column<User>[] {
  const { t } = useTranslation('people')
  const { productName, roleName, connectionOf } = useCatalogue()
  const sortable = (key: 'name' | 'lastSignIn') => ({
    sorted: sort === key ? ('ascending' as const) : sort === `-${key}` ? ('descending' as const) : ('none' as const),
    onSort: () => onSort(sort === key ? `-${key}` : sort === `-${key}` ? undefined : key),
  })
  return [
    {
      key: 'name',
      title: t('column.name'),
      minWidth: '13rem',
      cell: (user) => <Person user={user} />,
      ...sortable('name'),
    },
    {
      key: 'origin',
      title: t('column.origin'),
      minWidth: '8.5rem',
      cell: ({ origin, connectionId }) => (
        <Origin origin={origin} name={connectionId === null ? undefined : connectionOf(connectionId)?.name} />
      ),
    },
    {
      key: 'status',
      title: t('column.status'),
      minWidth: '9.5rem',
      cell: (user) => (
        <>
          <Status user={user} />
          <Flags flags={user.flags} />
        </>
      ),
    },
    { key: 'role', title: t('column.role'), minWidth: '8rem', cell: ({ role }) => <Name>{roleName(role.key)}</Name> },
    {
      key: 'access',
      title: t('column.access'),
      minWidth: '14rem',
      cell: ({ licenses }) => <LicenseLines licenses={licenses} nameOf={productName} />,
    },
    {
      key: 'lastSignIn',
      title: t('column.lastSignIn'),
      minWidth: '7rem',
      cell: ({ lastSignInAt }) =>
        lastSignInAt === null ? <Text size="sm">{t('never')}</Text> : <When at={lastSignInAt} />,
      ...sortable('lastSignIn'),
    },
  ]
}

function Person({ user: { id, displayName, email } }: { readonly user: User }) {
  const { t } = useTranslation('people')
  return (
    <div style={{ maxWidth: '17rem' }}>
      <Anchor component={Link} to={`/users/${id}`} fw={550}>
        <Name>{displayName || email || t('nameless')}</Name>
      </Anchor>
      {email === null ? null : (
        <Text size="sm" c="var(--quiet)" component="div">
          <Name>{email}</Name>
        </Text>
      )}
    </div>
  )
}

/** Who says what holds of a person: a directory, or administrators. */
export function Origin({ origin, name }: { readonly origin: User['origin']; readonly name: string | undefined }) {
  const { t } = useTranslation('people')
  const Icon = origin === 'local' ? PenLine : Building2
  return (
    <span style={{ display: 'inline-flex', gap: 6, alignItems: 'center' }}>
      <Icon size={14} aria-hidden style={{ flex: 'none', color: 'var(--quiet)' }} />
      <Name lines={2}>{name ?? t(`origin.${origin}`)}</Name>
    </span>
  )
}

/** Status, and why where it is not what everybody has. */
export function Status({ user: { status, statusReason } }: { readonly user: Pick<User, 'status' | 'statusReason'> }) {
  const { t } = useTranslation('people')
  return (
    <>
      <StatusMark status={status} />
      {statusReason === undefined ? null : (
        <Text size="sm" c="var(--quiet)">
          {t(`reason.${statusReason}`)}
        </Text>
      )}
    </>
  )
}

const LOUD: ReadonlySet<string> = new Set(['waiting_for_seat', 'override', 'held'])

/** What is computed of a person and worth a look (PRODUCT 2.3). */
export function Flags({ flags }: { readonly flags: User['flags'] }) {
  const { t } = useTranslation('people')
  return flags.map((flag) => (
    <Text key={flag} size="sm" c={LOUD.has(flag) ? 'var(--warn)' : 'var(--quiet)'}>
      {t(`flag.${flag}`)}
    </Text>
  ))
}
