import { Anchor, Skeleton } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { CircleAlert, CircleCheck, CircleDashed } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../api/queries.js'
import type { Connection, Saml } from '../../api/schema.js'
import { Empty } from '../../parts/empty.js'
import { type Column, ListTable } from '../../parts/list-table.js'
import { Mark } from '../../parts/marks.js'
import { Page } from '../../parts/page.js'
import { daysLeft } from './days-left.js'
import { useSaml } from './use-saml.js'

/** How each connection signs its people in. */
export function SingleSignOnPage() {
  const { t } = useTranslation('sso')
  const list = useList('GET /accounts/{accountId}/connections')
  return (
    <Page title={t('title')} lead={t('lead')}>
      <ListTable
        caption={t('title')}
        list={list}
        keyOf={({ id }) => id}
        columns={useColumns()}
        empty={<Empty title={t('empty.title')}>{t('empty.text')}</Empty>}
      />
      <Anchor renderRoot={(props) => <Link to="/domains" {...props} />}>{t('domains')}</Anchor>
    </Page>
  )
}

function useColumns(): Column<Connection>[] {
  const { t } = useTranslation('sso')
  const of = (show: (saml: Saml) => ReactNode) => (connection: Connection) => (
    <OfSaml connection={connection} show={show} />
  )
  return [
    {
      key: 'name',
      title: t('connection'),
      minWidth: '11rem',
      cell: ({ id, name }) => (
        <Anchor
          fw={550}
          renderRoot={(props) => (
            <Link to="/connections/$connectionId/sign-in" params={{ connectionId: id }} {...props} />
          )}
        >
          <bdi>{name}</bdi>
        </Anchor>
      ),
    },
    { key: 'state', title: t('stateTitle'), minWidth: '9rem', cell: (one) => <StateMark connection={one} /> },
    { key: 'idp', title: t('provider'), minWidth: '14rem', cell: of(({ idp }) => <bdi>{idp.entityId}</bdi>) },
    {
      key: 'certificate',
      title: t('certificateTitle'),
      minWidth: '7rem',
      cell: of(({ certificates }) => {
        const days = Math.max(...certificates.map(({ notAfter }) => daysLeft(notAfter)))
        return <span className="number">{days < 0 ? t('ended') : t('days', { count: days })}</span>
      }),
    },
  ]
}

function OfSaml({ connection: { id }, show }: { connection: Connection; show: (saml: Saml) => ReactNode }) {
  const { saml, isPending } = useSaml(id)
  if (isPending) return <Skeleton height={14} my={4} width="60%" />
  return saml === undefined ? null : show(saml)
}

function StateMark({ connection: { id } }: { readonly connection: Connection }) {
  const { t } = useTranslation('sso')
  const { saml, isPending } = useSaml(id)
  if (isPending) return <Skeleton height={14} my={4} width="60%" />
  if (saml === undefined)
    return (
      <Mark tone="quiet" icon={CircleDashed}>
        {t('notSet')}
      </Mark>
    )
  return saml.pending === null ? (
    <Mark tone="good" icon={CircleCheck}>
      {t('isSet')}
    </Mark>
  ) : (
    <Mark tone="warn" icon={CircleAlert}>
      {t('pendingState')}
    </Mark>
  )
}
