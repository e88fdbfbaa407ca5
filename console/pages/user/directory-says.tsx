import { Anchor, Table, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalogue, useRules } from '../../api/catalogue.js'
import type { UserDetail } from '../../api/schema.js'
import { LicenseMark } from '../../parts/access.js'
import { Empty } from '../../parts/empty.js'
import { LongText } from '../../parts/long-text.js'
import { Section } from '../../parts/page.js'
import { ScrollRegion } from '../../parts/scroll-region.js'
import { When } from '../../parts/when.js'
import { Status } from '../users/user-columns.js'
import { addressIn, keptOnly, saidBy, valueAt } from './said-by-directory.js'
import { SourceNote } from './source-note.js'

interface Row {
  readonly key: string
  readonly field: ReactNode
  readonly says: ReactNode
  readonly apply: ReactNode
  readonly source: ReactNode
}

/** Two facts side by side, never mixed: what the directory last said, and what holds here (DESIGN 1, promise 1). */
export function DirectorySays({ user }: { readonly user: UserDetail }) {
  const { t } = useTranslation('people')
  const { connectionOf } = useCatalogue()
  const { directoryUser } = user
  const rows = useRows(user)
  const caption = useId()
  return (
    <Section
      title={t('says.title')}
      lead={
        directoryUser === null ? (
          t('says.local')
        ) : (
          <>
            {t('says.lead', { connection: connectionOf(directoryUser.connectionId)?.name ?? '' })}{' '}
            <When at={directoryUser.lastModified} />
          </>
        )
      }
    >
      <ScrollRegion labelledBy={caption}>
        <Table verticalSpacing={6} style={{ minWidth: '38rem', tableLayout: 'fixed' }}>
          <caption id={caption} className="unseen">
            {t('says.title')}
          </caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col" w="22%">
                {t('says.field')}
              </Table.Th>
              <Table.Th scope="col">{t('says.says')}</Table.Th>
              <Table.Th scope="col">{t('says.apply')}</Table.Th>
              <Table.Th scope="col" w="24%">
                {t('says.source')}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ key, field, says, apply, source }) => (
              <Table.Tr key={key} style={{ verticalAlign: 'top' }}>
                <Table.Th scope="row" fw={500}>
                  {field}
                </Table.Th>
                <Table.Td>{says}</Table.Td>
                <Table.Td>{apply}</Table.Td>
                <Table.Td>{source}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollRegion>
      {rows.length === 0 ? <Empty title={t('says.title')} /> : null}
    </Section>
  )
}

function useRows(user: UserDetail): Row[] {
  const accessRows = useAccessRows(user)
  const { t } = useTranslation('people')
  const { directoryUser } = user
  const said = directoryUser === null ? [] : saidBy(directoryUser.document)
  const nothing = <Text c="var(--quiet)">—</Text>
  const text = (value: string | null | undefined) =>
    value === null || value === undefined || value === '' ? nothing : <LongText text={value} />
  const source = t(directoryUser === null ? 'source.manual' : 'says.fromDirectory')
  const pair = (field: string, path: string, says: string | undefined, apply: string | null): Row => ({
    key: path,
    field,
    says: text(says),
    apply: text(apply),
    source,
  })
  const keys: Row[] =
    directoryUser === null
      ? []
      : [
          pair('userName', 'userName', directoryUser.userName, directoryUser.userName),
          pair('externalId', 'externalId', directoryUser.externalId ?? undefined, directoryUser.externalId),
        ]
  const kept = keptOnly(said).map(({ path, value }, index) => ({
    key: `${path} ${index}`,
    field: <Path path={path} />,
    says: text(value),
    apply: nothing,
    source: t('says.keptOnly'),
  }))
  return [
    ...keys,
    pair(t('field.displayName'), 'displayName', valueAt(said, 'displayName'), user.displayName),
    pair(t('field.givenName'), 'name.givenName', valueAt(said, 'name.givenName'), user.givenName),
    pair(t('field.familyName'), 'name.familyName', valueAt(said, 'name.familyName'), user.familyName),
    pair(
      t('field.email'),
      'emails',
      directoryUser === null ? undefined : addressIn(directoryUser.document),
      user.email,
    ),
    ...accessRows,
    ...kept,
  ]
}

/** Status, role and licenses: what we made of what was said. */
function useAccessRows(user: UserDetail): Row[] {
  const { t } = useTranslation('people')
  const { roleName, productName } = useCatalogue()
  const rules = useRules(user.connectionId === null ? [] : [user.connectionId])
  const { directoryUser } = user
  const nothing = <Text c="var(--quiet)">—</Text>
  const active = directoryUser === null ? nothing : t(directoryUser.active ? 'says.active' : 'says.inactive')
  const groups = directoryUser === null || directoryUser.groups.length === 0 ? nothing : <Groups user={user} />
  return [
    {
      key: 'status',
      field: t('column.status'),
      says: active,
      apply: <Status user={user} />,
      source: t(user.statusReason === 'admin' || directoryUser === null ? 'source.manual' : 'says.fromDirectory'),
    },
    {
      key: 'groups',
      field: t('says.groups'),
      says: groups,
      apply: nothing,
      source: directoryUser === null ? nothing : t('says.keptOnly'),
    },
    {
      key: 'role',
      field: t('column.role'),
      says: nothing,
      apply: <LongText text={roleName(user.role.key)} />,
      source: <SourceNote {...user.role} rules={rules} />,
    },
    ...user.licenses.map((license) => ({
      key: `license ${license.product}`,
      field: t('says.license', { product: productName(license.product) }),
      says: nothing,
      apply: <LicenseMark state={license.state} />,
      source: <SourceNote {...license} rules={rules} />,
    })),
  ]
}

function Groups({ user: { directoryUser } }: { readonly user: UserDetail }) {
  return directoryUser?.groups.map(({ id, display }) => (
    <div key={id}>
      <Anchor component={Link} to={`/groups/${directoryUser.connectionId}/${id}`} size="sm">
        <LongText text={display} />
      </Anchor>
    </div>
  ))
}

/** The last words of a path that begins with a URN; the whole of it is in the title. */
function Path({ path }: { readonly path: string }) {
  const short = path.startsWith('urn:') ? path.slice(path.lastIndexOf(':') + 1) : path
  return (
    <span className="mono" title={path} lang="en">
      {short}
    </span>
  )
}
