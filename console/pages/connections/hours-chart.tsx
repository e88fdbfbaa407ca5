import { Button, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConnectionHealth } from '../../api/schema.js'
import { HoursTable } from '../../parts/hours-table.js'

type Hours = ConnectionHealth['failuresByHour']

const HEIGHT = 64
const WIDTH = 480

/** Requests and failures of 24 hours, as bars and as a table (PRODUCT 6.4). */
export function HoursChart({ hours }: { readonly hours: Hours }) {
  const { t } = useTranslation('connections')
  const [asTable, setAsTable] = useState(false)
  if (hours.every(({ requests }) => requests === 0))
    return (
      <Text size="sm" c="var(--quiet)">
        {t('health.noRequests')}
      </Text>
    )
  return (
    <div>
      {asTable ? (
        <HoursTable
          hours={hours}
          caption={t('health.chart')}
          heads={[t('health.hour'), t('health.requests'), t('health.failed')]}
        />
      ) : (
        <Bars hours={hours} />
      )}
      <Button variant="subtle" size="compact-sm" mt={4} mx={-8} onClick={() => setAsTable(!asTable)}>
        {t(asTable ? 'health.asChart' : 'health.asTable')}
      </Button>
    </div>
  )
}

function Bars({ hours }: { readonly hours: Hours }) {
  const { t } = useTranslation('connections')
  const most = Math.max(...hours.map(({ requests }) => requests))
  const step = WIDTH / hours.length
  const tall = (count: number) => (count === 0 ? 0 : Math.max(2, (count / most) * HEIGHT))
  const bar = (place: number, count: number, fill: string) => (
    <rect x={place * step + 1} y={HEIGHT - tall(count)} width={step - 2} height={tall(count)} fill={fill} />
  )
  return (
    <svg
      role="img"
      aria-label={t('health.chart')}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      style={{ width: '100%', height: HEIGHT, borderBottom: '1px solid var(--line)', display: 'block' }}
    >
      {hours.map(({ hour, requests, failures }, place) => (
        <g key={hour}>
          {bar(place, requests, 'var(--mantine-color-petrol-4)')}
          {bar(place, failures, 'var(--bad)')}
        </g>
      ))}
    </svg>
  )
}
