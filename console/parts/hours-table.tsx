import { Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ConnectionHealth } from '../api/schema.js'
import { HeadRow } from './head-row.js'

interface HoursTableProps {
  readonly hours: ConnectionHealth['failuresByHour']
  /** For screen readers: what stands around the table says it to everybody else. */
  readonly caption: string
  readonly heads: readonly [hour: string, requests: string, failures: string]
}

/** Requests and failures hour by hour, without the hours in which nothing came. */
export function HoursTable({ hours, caption, heads }: HoursTableProps) {
  const { i18n } = useTranslation()
  const format = new Intl.DateTimeFormat(i18n.language, { weekday: 'short', hour: 'numeric', minute: '2-digit' })
  return (
    <Table verticalSpacing={2} maw="26rem" className="number">
      <caption className="unseen">{caption}</caption>
      <HeadRow heads={heads} />
      <Table.Tbody>
        {hours
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
  )
}
