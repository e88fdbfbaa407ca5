import { Anchor, Card, SimpleGrid, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useRead } from '../../api/queries.js'
import type { Overview } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { Page, Section } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { ScrollRegion } from '../../parts/scroll-region.js'
import { ConnectionLine } from './connection-line.js'

const REFRESH_MS = 30_000

/** What needs attention (PRODUCT 3.3): connections with their health, seats, and people about whom somebody has to decide. */
export function OverviewPage() {
  const { t } = useTranslation('overview')
  const may = useMay()
  const enabled = may('users.view')
  const { data, error, refetch } = useRead(
    'GET /accounts/{accountId}/overview',
    {},
    { enabled, refetchInterval: REFRESH_MS },
  )
  return (
    <Page title={t('title')}>
      {!enabled ? (
        <Text>{t('notAllowed')}</Text>
      ) : error !== null && data === undefined ? (
        <ProblemNote error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton height={420} />
      ) : (
        <Stack gap="lg">
          {data.connections.length === 0 && may('connections.view') ? <Start /> : null}
          {data.connections.length === 0 ? null : (
            <Section title={t('connections')}>
              <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
                {data.connections.map((health) => (
                  <ConnectionLine key={health.connectionId} health={health} />
                ))}
              </ul>
            </Section>
          )}
          <Numbers overview={data} />
          {data.seats.length === 0 ? null : <Seats seats={data.seats} />}
        </Stack>
      )}
    </Page>
  )
}

const STARTS = [
  { key: 'connect', to: '/connections/new', needs: 'connections.manage' },
  { key: 'people', to: '/users', needs: 'users.create' },
  { key: 'products', to: '/products', needs: 'licenses.manage' },
] as const

/** Nothing is here yet: where one may begin. */
function Start() {
  const { t } = useTranslation('overview')
  const may = useMay()
  return (
    <SimpleGrid cols={{ base: 1, md: 3 }}>
      {STARTS.filter(({ needs }) => may(needs)).map(({ key, to }) => (
        <Card key={key} withBorder radius="md" bg="var(--paper)">
          <Title order={2} size="h5">
            {t(`start.${key}.title`)}
          </Title>
          <Text size="sm" c="var(--quiet)" my="xs" style={{ flex: 1 }}>
            {t(`start.${key}.text`)}
          </Text>
          <Anchor renderRoot={(props) => <Link to={to as string} {...props} />} fw={550}>
            {t(`start.${key}.go`)}
          </Anchor>
        </Card>
      ))}
    </SimpleGrid>
  )
}

/** People by status, and those who wait for somebody to look at them. */
function Numbers({ overview }: { readonly overview: Overview }) {
  const { t } = useTranslation('overview')
  const { users, invitationsOlderThan7Days, overrides, openMatchRequests } = overview
  const figures: readonly (readonly [key: string, count: number, to: string, search: object, asks: boolean])[] = [
    ['active', users.active, '/users', { status: 'active' }, false],
    ['invited', users.invited, '/users', { status: 'invited' }, false],
    ['suspended', users.suspended, '/users', { status: 'suspended' }, false],
    ['oldInvitations', invitationsOlderThan7Days, '/users', { status: 'invited', sort: 'created' }, true],
    ['overrides', overrides, '/users', { flag: 'override' }, false],
    ['matchRequests', openMatchRequests, '/match-requests', {}, true],
  ]
  return (
    <Section title={t('people')}>
      <SimpleGrid cols={{ base: 2, xs: 3, md: 6 }} component="dl" m={0}>
        {figures.map(([key, count, to, search, asks]) => (
          <Figure key={key} name={t(`figure.${key}`)} asks={asks && count > 0}>
            <Anchor
              renderRoot={(props) => <Link to={to} search={search as never} {...props} />}
              inherit
              c="inherit"
              aria-label={t('figureLink', { name: t(`figure.${key}`), count })}
            >
              {count}
            </Anchor>
          </Figure>
        ))}
      </SimpleGrid>
    </Section>
  )
}

function Figure({ name, asks, children }: { name: string; asks: boolean; children: ReactNode }) {
  return (
    <div style={{ display: 'flex', flexDirection: 'column-reverse', justifyContent: 'flex-end' }}>
      <Text component="dt" size="sm" c="var(--quiet)">
        {name}
      </Text>
      <Text component="dd" m={0} fz="1.5rem" fw={600} className="number" c={asks ? 'var(--warn)' : 'inherit'}>
        {children}
      </Text>
    </div>
  )
}

function Seats({ seats }: { readonly seats: Overview['seats'] }) {
  const { t } = useTranslation('overview')
  const numbers = ['seats', 'assigned', 'reserved', 'waiting'] as const
  return (
    <Section title={t('seatsTitle')}>
      <ScrollRegion label={t('seatsTitle')}>
        <Table verticalSpacing={6} style={{ minWidth: '30rem' }}>
          <caption className="unseen">{t('seatsTitle')}</caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('product')}</Table.Th>
              {numbers.map((name) => (
                <Table.Th key={name} scope="col" ta="end">
                  {t(name)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {seats.map((pool) => (
              <Table.Tr key={pool.productId}>
                <Table.Th scope="row" fw={400}>
                  <bdi>{pool.name}</bdi>
                </Table.Th>
                {numbers.map((name) => (
                  <Table.Td key={name} ta="end" className="number">
                    {name === 'waiting' && pool.waiting > 0 ? (
                      <Anchor
                        renderRoot={(props) => <Link to={`/products/${pool.productId}/waiting`} {...props} />}
                        inherit
                        c="var(--warn)"
                        fw={600}
                        aria-label={t('waitingLink', { count: pool.waiting, name: pool.name })}
                      >
                        {pool.waiting}
                      </Anchor>
                    ) : (
                      pool[name]
                    )}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollRegion>
    </Section>
  )
}
