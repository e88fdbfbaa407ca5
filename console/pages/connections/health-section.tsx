import { Skeleton, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useRead } from '../../api/queries.js'
import type { Connection, ConnectionHealth } from '../../api/schema.js'
import { type HealthReason, useHealthReason } from '../../parts/health-reason.js'
import { HealthMark } from '../../parts/marks.js'
import { Section } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { TextLink } from '../../parts/text-link.js'
import { absolute, useUtc, When } from '../../parts/when.js'
import { Facts } from './facts.js'
import { HoursChart } from './hours-chart.js'

const REFRESH_MS = 15_000

/** How the connection is, with every reason spelled out (PRODUCT 3.4). */
export function HealthSection({ connection }: { readonly connection: Connection }) {
  const { t } = useTranslation('connections')
  const { data, error, refetch } = useRead(
    'GET /accounts/{accountId}/connections/{connectionId}/health',
    { params: { connectionId: connection.id } },
    { refetchInterval: REFRESH_MS },
  )
  if (data === undefined)
    return error === null ? <Skeleton height="16rem" /> : <ProblemNote error={error} onRetry={() => void refetch()} />
  return (
    <>
      <Section title={t('health.title')}>
        <Stack gap="md">
          <HealthMark state={data.state} />
          <Reasons connection={connection} health={data} />
        </Stack>
      </Section>
      <Section title={t('health.chart')}>
        <HoursChart hours={data.failuresByHour} />
        <HealthFacts health={data} />
      </Section>
    </>
  )
}

function Reasons({ connection, health: { reasons, state } }: { connection: Connection; health: ConnectionHealth }) {
  const { t, i18n } = useTranslation(['connections', 'health'])
  const [utc] = useUtc()
  const inWords = useHealthReason()
  if (state === 'draft') return <Text size="sm">{t('health.draft')}</Text>
  if (state === 'disabled') {
    const at = absolute(connection.disabledAt ?? connection.updatedAt, i18n.language, utc)
    return <Text size="sm">{t('health.disabled', { at })}</Text>
  }
  if (reasons.length === 0) return <Text size="sm">{t('health:all')}</Text>
  return (
    <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
      {reasons.map((reason) => {
        const { text, next } = inWords(reason)
        return (
          <li key={`${reason.code} ${text}`} style={{ borderInlineStart: '3px solid var(--line)', paddingLeft: 12 }}>
            <Text fw={550}>{text}</Text>
            <Text size="sm" c="var(--quiet)">
              {next} <Fix code={reason.code} connectionId={connection.id} />
            </Text>
          </li>
        )
      })}
    </Stack>
  )
}

/** Where a reason is put right. */
function Fix({ code, connectionId }: { readonly code: HealthReason['code']; readonly connectionId: string }) {
  const { t } = useTranslation('connections')
  const params = { connectionId }
  if (code.includes('token'))
    return (
      <TextLink to="/connections/$connectionId" params={params} search={{ tab: 'tokens' }}>
        {t('health.fix.tokens')}
      </TextLink>
    )
  if (/^(certificate|metadata|saml)_/.test(code))
    return (
      <TextLink to="/connections/$connectionId/sign-in" params={params}>
        {t('health.fix.singleSignOn')}
      </TextLink>
    )
  if (code === 'match_requests_open') return <TextLink to="/match-requests">{t('health.fix.matchRequests')}</TextLink>
  if (code === 'seats_waiting') return <TextLink to="/products">{t('health.fix.products')}</TextLink>
  if (code === 'never_used')
    return (
      <TextLink to="/connections/$connectionId/setup" params={params}>
        {t('health.fix.setup')}
      </TextLink>
    )
  return null
}

function HealthFacts({ health }: { readonly health: ConnectionHealth }) {
  const { t } = useTranslation('connections')
  const when = (at: string | undefined) => (at === undefined ? t('never') : <When at={at} />)
  const left = (days: number) => (days < 0 ? t('health.ended') : t('health.days', { count: days }))
  const { token, certificate } = health
  return (
    <Facts
      facts={[
        [t('lastRequest'), when(health.lastRequestAt)],
        [t('lastSuccess'), when(health.lastSuccessAt)],
        [t('lastChange'), when(health.lastChangeAt)],
        [t('users'), health.users],
        [t('groups'), health.groups],
        [
          t('health.token'),
          token === undefined ? null : `${t('health.tokenOf', { last4: token.last4 })} · ${left(token.daysLeft)}`,
        ],
        [t('health.certificate'), certificate === undefined ? null : left(certificate.daysLeft)],
      ]}
    />
  )
}
