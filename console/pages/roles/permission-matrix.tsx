import { Skeleton, Table, Text } from '@mantine/core'
import { Check, Minus } from 'lucide-react'
import { Fragment, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoleName } from '../../api/catalogue.js'
import type { Permission } from '../../api/schema.js'
import { Name } from '../../parts/long-text.js'
import { Section } from '../../parts/page.js'
import { ScrollRegion } from '../../parts/scroll-region.js'
import { PERMISSION_GROUPS } from './permissions.js'
import type { ListedRole } from './role-form.js'

/** Permissions down, roles across (PRODUCT 2.6). */
export function PermissionMatrix({ roles }: { readonly roles: readonly ListedRole[] | undefined }) {
  const { t } = useTranslation('roles')
  const roleName = useRoleName()
  const caption = useId()
  if (roles === undefined) return <Skeleton height="20rem" radius="md" />
  return (
    <Section title={t('matrix')} lead={t('matrixLead')}>
      <ScrollRegion labelledBy={caption}>
        <Table verticalSpacing={5} withRowBorders highlightOnHover style={{ minWidth: '30rem' }}>
          <caption id={caption} className="unseen">
            {t('matrix')}
          </caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('permission')}</Table.Th>
              {roles.map((role) => (
                <Table.Th key={role.id} scope="col" ta="center" maw="9rem">
                  <Name lines={2}>{roleName(role)}</Name>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {PERMISSION_GROUPS.map(([group, permissions]) => (
              <Fragment key={group}>
                <Table.Tr>
                  <Table.Th scope="colgroup" colSpan={roles.length + 1} c="var(--quiet)" fz="xs" pt="md">
                    {t(`group.${group}`)}
                  </Table.Th>
                </Table.Tr>
                {permissions.map((permission) => (
                  <Row key={permission} permission={permission} roles={roles} />
                ))}
              </Fragment>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollRegion>
    </Section>
  )
}

function Row({ permission, roles }: { readonly permission: Permission; readonly roles: readonly ListedRole[] }) {
  const { t } = useTranslation(['roles', 'shell'])
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        {t(`may.${permission}`)}
        <Text span size="xs" c="var(--quiet)" className="mono" ml={8} visibleFrom="sm">
          {permission}
        </Text>
      </Table.Th>
      {roles.map(({ id, permissions }) => {
        const held = permissions.includes(permission)
        return (
          <Table.Td key={id} ta="center">
            {held ? (
              <Check size={16} aria-hidden style={{ color: 'var(--good)' }} />
            ) : (
              <Minus size={14} aria-hidden style={{ color: 'var(--quiet)', opacity: 0.5 }} />
            )}
            <span className="unseen">{t(held ? 'shell:yes' : 'shell:no')}</span>
          </Table.Td>
        )
      })}
    </Table.Tr>
  )
}
