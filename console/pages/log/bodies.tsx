import { Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { EventDetail } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { JsonBlock } from '../../parts/json-block.js'
import { useUtc } from '../../parts/when.js'
import { KEPT_DAYS } from './kept-days.js'
import { Part } from './part.js'

const DAY_MS = 86_400_000

/** What was sent and answered, without secrets, and until when it is kept; for readers with logs.payload. */
export function Bodies({ event }: { readonly event: EventDetail }) {
  const { t } = useTranslation('log')
  const may = useMay()
  const { payload, http, source } = event
  if (http === undefined || source === 'admin') return null
  return (
    <Part title={t('bodies.title')}>
      {may('logs.payload') ? (
        payload === null || payload === undefined ? (
          <Text size="sm" c="var(--quiet)">
            {t('bodies.gone')}
          </Text>
        ) : (
          <Stack gap="xs">
            <Kept event={event} />
            {payload.request === null ? null : (
              <JsonBlock label={t(source === 'sso' ? 'bodies.answer' : 'bodies.request')} text={payload.request} />
            )}
            {payload.response === null ? null : <JsonBlock label={t('bodies.response')} text={payload.response} />}
          </Stack>
        )
      ) : (
        <Text size="sm" c="var(--quiet)">
          {t('bodies.denied')}
        </Text>
      )}
    </Part>
  )
}

function Kept({ event: { time, source } }: { readonly event: EventDetail }) {
  const { t, i18n } = useTranslation('log')
  const [utc] = useUtc()
  const until = new Date(new Date(time).getTime() + KEPT_DAYS[source === 'sso' ? 'answers' : 'payloads'] * DAY_MS)
  const format = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'long', ...(utc ? { timeZone: 'UTC' } : {}) })
  return (
    <Text size="sm" c="var(--quiet)">
      {t('bodies.redacted')} {t('bodies.until', { date: format.format(until) })}
    </Text>
  )
}
