import { Anchor, Badge, Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ConnectionHealth } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { useHealthReason } from '../../parts/health-reason.js'
import { HoursTable } from '../../parts/hours-table.js'
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
  const { t } = useTranslation('overview')
  return (
    <details>
      <summary style={{ cursor: 'pointer', fontSize: '0.8125rem', color: 'var(--quiet)', minHeight: 24 }}>
        {t('hours.open')}
      </summary>
      <HoursTable
        hours={health.failuresByHour}
        caption={t('hours.caption', { name: health.name })}
        heads={[t('hours.from'), t('hours.requests'), t('hours.failures')]}
      />
    </details>
  )
}
