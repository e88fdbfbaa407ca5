import { Anchor, Button, Skeleton, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList, useRead } from '../../api/queries.js'
import type { Connection, ConnectionHealth } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { Empty } from '../../parts/empty.js'
import { useHealthReason } from '../../parts/health-reason.js'
import { type Column, ListTable } from '../../parts/list-table.js'
import { HealthMark } from '../../parts/marks.js'
import { Page } from '../../parts/page.js'
import { When } from '../../parts/when.js'
import { ModeMark } from './connection-marks.js'

/** Every directory of the account, and how it is (PRODUCT 6.2). */
export function ConnectionsPage() {
  const { t } = useTranslation('connections')
  const may = useMay()
  const list = useList('GET /accounts/{accountId}/connections')
  const connect = may('connections.manage') ? (
    <Button
      renderRoot={(props) => <Link to="/connections/new" {...props} />}
      leftSection={<Plus size={16} aria-hidden />}
    >
      {t('connect')}
    </Button>
  ) : undefined
  return (
    <Page title={t('title')} lead={t('lead')} actions={connect}>
      <ListTable
        caption={t('title')}
        list={list}
        keyOf={({ id }) => id}
        columns={useColumns()}
        empty={<Empty title={t('empty.title')}>{t('empty.text')}</Empty>}
      />
    </Page>
  )
}

function useColumns(): Column<Connection>[] {
  const { t } = useTranslation('connections')
  const number = (show: (health: ConnectionHealth) => ReactNode) => (connection: Connection) => (
    <OfHealth connection={connection}>{(health) => <span className="number">{show(health)}</span>}</OfHealth>
  )
  return [
    {
      key: 'name',
      title: t('name'),
      minWidth: '11rem',
      cell: ({ id, name, idpKind }) => (
        <>
          <Anchor
            fw={550}
            renderRoot={(props) => <Link to="/connections/$connectionId" params={{ connectionId: id }} {...props} />}
          >
            <bdi>{name}</bdi>
          </Anchor>
          <Text size="sm" c="var(--quiet)">
            {t(`kind.${idpKind}`)}
          </Text>
        </>
      ),
    },
    { key: 'mode', title: t('modeTitle'), cell: ({ mode }) => <ModeMark mode={mode} /> },
    {
      key: 'health',
      title: t('healthTitle'),
      minWidth: '16rem',
      cell: (connection) => (
        <OfHealth connection={connection}>{(health) => <HealthInWords health={health} />}</OfHealth>
      ),
    },
    {
      key: 'lastRequest',
      title: t('lastRequest'),
      minWidth: '7rem',
      cell: number(({ lastRequestAt }) => (lastRequestAt === undefined ? t('never') : <When at={lastRequestAt} />)),
    },
    { key: 'users', title: t('users'), cell: number(({ users }) => users) },
    { key: 'groups', title: t('groups'), cell: number(({ groups }) => groups) },
    {
      key: 'failures',
      title: t('failures'),
      minWidth: '7rem',
      cell: number(({ failures24h: failures, requests24h: requests }) =>
        failures === 0 ? 0 : <span style={{ color: 'var(--bad)' }}>{t('failuresOf', { failures, requests })}</span>,
      ),
    },
  ]
}

/** State, and the worst reason in words. */
function HealthInWords({ health: { state, reasons } }: { readonly health: ConnectionHealth }) {
  const inWords = useHealthReason()
  return (
    <>
      <HealthMark state={state} />
      {reasons[0] === undefined ? null : (
        <Text size="sm" c="var(--quiet)">
          {inWords(reasons[0]).text}
        </Text>
      )}
    </>
  )
}

/** The cells of a row share one answer; rows are there before it. */
function OfHealth({
  connection: { id },
  children,
}: {
  readonly connection: Connection
  readonly children: (health: ConnectionHealth) => ReactNode
}) {
  const { data } = useRead('GET /accounts/{accountId}/connections/{connectionId}/health', {
    params: { connectionId: id },
  })
  return data === undefined ? <Skeleton height={14} my={4} width="60%" /> : children(data)
}
