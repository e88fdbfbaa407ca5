import { Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ConnectionSetup } from '../../api/schema.js'
import { HeadRow } from '../../parts/head-row.js'
import { ScrollRegion } from '../../parts/scroll-region.js'
import { When } from '../../parts/when.js'

/** The latest requests of a directory, raw, as they arrive. */
export function SetupRequests({ requests }: { readonly requests: ConnectionSetup['requests'] }) {
  const { t } = useTranslation('setup')
  if (requests.length === 0)
    return (
      <Text size="sm" c="var(--quiet)">
        {t('watch.noRequests')}
      </Text>
    )
  return (
    <ScrollRegion label={t('watch.requests')}>
      <Table miw="34rem" verticalSpacing={4} fz="sm">
        <caption className="unseen">{t('watch.requests')}</caption>
        <HeadRow heads={[t('watch.time'), t('watch.request'), t('watch.answer'), t('watch.client')]} />
        <Table.Tbody>
          {requests.map(({ id, time, method, path, status, code, userAgent }) => (
            <Table.Tr key={id}>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>
                <When at={time} />
              </Table.Td>
              <Table.Td className="mono">
                {method} <bdi>{path}</bdi>
              </Table.Td>
              <Table.Td className="number" style={status >= 400 ? { color: 'var(--bad)' } : undefined}>
                {status}
                {code === undefined ? null : (
                  <Text size="xs" style={{ whiteSpace: 'nowrap' }}>
                    {code}
                  </Text>
                )}
              </Table.Td>
              <Table.Td style={{ maxWidth: '12rem' }}>
                <Text size="xs" lineClamp={2} title={userAgent}>
                  <bdi>{userAgent}</bdi>
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollRegion>
  )
}
