import { Anchor, Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '../../api/catalogue.js'
import type { UserDetail } from '../../api/schema.js'
import { LicenseLines } from '../../parts/access.js'
import { Name } from '../../parts/long-text.js'
import { When } from '../../parts/when.js'
import { Flags, Origin, Status } from '../users/user-columns.js'

/** The facts that are asked for first, in one row. */
export function UserSummary({ user }: { readonly user: UserDetail }) {
  const { t } = useTranslation('people')
  const { roleName, productName, connectionOf } = useCatalogue()
  const { connectionId } = user
  return (
    <Group
      gap="xl"
      align="flex-start"
      style={{
        border: '1px solid var(--line)',
        borderRadius: 8,
        background: 'var(--paper)',
        padding: '0.875rem 1.25rem',
      }}
    >
      <Fact label={t('column.status')}>
        <Status user={user} />
      </Fact>
      <Fact label={t('column.origin')}>
        {connectionId === null ? (
          <Origin origin={user.origin} name={undefined} />
        ) : (
          <Anchor component={Link} to={`/connections/${connectionId}`} c="inherit">
            <Origin origin={user.origin} name={connectionOf(connectionId)?.name} />
          </Anchor>
        )}
      </Fact>
      <Fact label={t('column.role')}>
        <Name>{roleName(user.role.key)}</Name>
      </Fact>
      <Fact label={t('column.access')}>
        {user.licenses.length === 0 ? (
          <Text size="sm" c="var(--quiet)">
            {t('noLicenses')}
          </Text>
        ) : (
          <LicenseLines licenses={user.licenses} nameOf={productName} />
        )}
      </Fact>
      <Fact label={t('column.lastSignIn')}>
        {user.lastSignInAt === null ? t('never') : <When at={user.lastSignInAt} />}
      </Fact>
      {user.flags.length === 0 ? null : (
        <Fact label={t('column.flags')}>
          <Flags flags={user.flags} />
        </Fact>
      )}
    </Group>
  )
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div style={{ minWidth: 0, maxWidth: '100%' }}>
      <Text size="xs" c="var(--quiet)" mb={2}>
        {label}
      </Text>
      <div>{children}</div>
    </div>
  )
}
