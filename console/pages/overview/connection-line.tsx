import { Anchor, Badge, Group, Table, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ConnectionHealth } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { useHealthReason } from '../../parts/health-reason.js'
import { HealthMark } from '../../parts/marks.js'
import { When } from '../../parts/when.js'
import { Sparkline } from './sparkline.js'

/** A connection in one line: how it is and why, what came last, and what failed in a day. */
export function ConnectionLine({ health }: { readonly health: ConnectionHealth }) {
  const { t } = useTranslation('overview')
  const reasonWords = useHealthReason()
  const [reason] = health.reasons
  const { connectionId, name, mode, state, users, groups, lastRequestAt } = health
  return (
    <li style={{ borderTop: '1px solid var(--line)', padding: '0.75rem 0' }}>
      <Group align="flex-start" gap="lg">
        <div style={{ flex: '3 1 18rem', minWidth: 0 }}>
          <Group gap="sm">
            <Anchor renderRoot={(props) => <Link to={`/connections/${connectionId}`} {...props} />} fw={600}>
              <bdi>{name}</bdi>
            </Anchor>
            <Badge variant="outline" color="gray" c="inherit" tt="none" fw={500} radius="sm">
              {t(`mode.${mode}`)}
            </Badge>
            <HealthMark state={state} />
          </Group>
          {reason === undefined ? null : <Text size="sm">{reasonWords(reason).text}</Text>}
          <Text size="sm" c="var(--quiet)">
            {t('managed', { people: t('peopleCount', { count: users }), groups: t('groupCount', { count: groups }) })}
            {' · '}
            {lastRequestAt === undefined ? t('noRequest') : t('lastRequest')}{' '}
            {lastRequestAt === undefined ? null : <When at={lastRequestAt} />}
          </Text>
        </div>
        <Failures health={health} />
      </Group>
    </li>
  )
}

/** Failures of 24 hours: a line to see, a table to read, and the way to the log of them. */
function Failures({ health }: { readonly health: ConnectionHealth }) {
  const { t } = useTranslation('overview')
  const may = useMay()
  const { connectionId, failures24h, requests24h, failuresByHour } = health
  const words = t('failures', { count: failures24h, requests: requests24h })
  return (
    <div style={{ flex: '2 1 14rem', minWidth: 0 }}>
      <Sparkline hours={failuresByHour} />
      {failures24h > 0 && may('logs.view') ? (
        <Anchor
          size="sm"
          renderRoot={(props) => (
            <Link to={'/log' as string} search={{ connectionId, outcome: 'failure' } as never} {...props} />
          )}
        >
          {words}
        </Anchor>
      ) : (
        <Text size="sm" c="var(--quiet)">
          {words}
        </Text>
      )}
      {requests24h === 0 ? null : <Hours health={health} />}
    </div>
  )
}

function Hours({ health }: { readonly health: ConnectionHealth }) {
  const { t, i18n } = useTranslation('overview')
  const format = new Intl.DateTimeFormat(i18n.language, { weekday: 'short', hour: 'numeric', minute: '2-digit' })
  return (
    <details>
      <summary style={{ cursor: 'pointer', fontSize: '0.8125rem', color: 'var(--quiet)', minHeight: 24 }}>
        {t('hours.open')}
      </summary>
      <Table verticalSpacing={2} className="number">
        <caption className="unseen">{t('hours.caption', { name: health.name })}</caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('hours.from')}</Table.Th>
            <Table.Th scope="col">{t('hours.requests')}</Table.Th>
            <Table.Th scope="col">{t('hours.failures')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {health.failuresByHour
            .filter(({ requests, failures }) => requests > 0 || failures > 0)
            .map(({ hour, requests, failures }) => (
              <Table.Tr key={hour}>
                <Table.Th scope="row" fw={400}>
                  {format.format(new Date(hour))}
                </Table.Th>
                <Table.Td>{requests}</Table.Td>
                <Table.Td>{failures}</Table.Td>
              </Table.Tr>
            ))}
        </Table.Tbody>
      </Table>
    </details>
  )
}
