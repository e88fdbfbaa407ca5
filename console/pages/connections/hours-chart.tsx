import { Button, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConnectionHealth } from '../../api/schema.js'

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
      {asTable ? <HoursTable hours={hours} /> : <Bars hours={hours} />}
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
          <rect
            x={place * step + 1}
            y={HEIGHT - tall(requests)}
            width={step - 2}
            height={tall(requests)}
            fill="var(--mantine-color-petrol-4)"
          />
          <rect
            x={place * step + 1}
            y={HEIGHT - tall(failures)}
            width={step - 2}
            height={tall(failures)}
            fill="var(--bad)"
          />
        </g>
      ))}
    </svg>
  )
}

function HoursTable({ hours }: { readonly hours: Hours }) {
  const { t, i18n } = useTranslation('connections')
  const format = new Intl.DateTimeFormat(i18n.language, { weekday: 'short', hour: 'numeric', minute: '2-digit' })
  return (
    <Table horizontalSpacing="xs" verticalSpacing={2} maw="26rem" className="number">
      <caption className="unseen">{t('health.chart')}</caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('health.hour')}</Table.Th>
          <Table.Th scope="col">{t('health.requests')}</Table.Th>
          <Table.Th scope="col">{t('health.failed')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {hours
          .filter(({ requests }) => requests > 0)
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
  )
}
