import { Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Certificate } from '../../api/schema.js'
import { HeadRow } from '../../parts/head-row.js'
import { Section } from '../../parts/page.js'
import { ScrollRegion } from '../../parts/scroll-region.js'
import { When } from '../../parts/when.js'
import { daysLeft } from './days-left.js'

const SOON_DAYS = 60

/** Current and next, with their ends. The one that ends first is the one in use while another waits beside it. */
export function Certificates({ certificates }: { readonly certificates: readonly Certificate[] }) {
  const { t } = useTranslation('sso')
  const sorted = [...certificates].sort((a, b) => a.notAfter.localeCompare(b.notAfter))
  const current = sorted.find(({ notAfter }) => daysLeft(notAfter) >= 0) ?? sorted.at(-1)
  const wordOf = (one: Certificate) => {
    if (daysLeft(one.notAfter) < 0) return t('ended')
    return t(one === current ? 'certificates.current' : 'certificates.next')
  }
  return (
    <Section title={t('certificates.title')} lead={t('certificates.lead')}>
      <ScrollRegion label={t('certificates.list')}>
        <Table miw="46rem">
          <HeadRow
            heads={[
              t('certificates.subject'),
              t('certificates.use'),
              t('certificates.ends'),
              t('certificates.fingerprint'),
            ]}
          />
          <Table.Tbody>
            {sorted.map((one) => (
              <Table.Tr key={one.sha256}>
                <Table.Td>
                  <bdi>{one.subject}</bdi>
                </Table.Td>
                <Table.Td style={{ whiteSpace: 'nowrap' }}>{wordOf(one)}</Table.Td>
                <Table.Td>
                  <When at={one.notAfter} full />
                  <br />
                  <Left notAfter={one.notAfter} />
                </Table.Td>
                <Table.Td className="mono">{one.sha256}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollRegion>
    </Section>
  )
}

function Left({ notAfter }: { readonly notAfter: string }) {
  const { t } = useTranslation('sso')
  const days = daysLeft(notAfter)
  return (
    <span style={{ color: days <= SOON_DAYS ? 'var(--warn)' : 'var(--quiet)', fontSize: '0.875rem' }}>
      {days < 0 ? t('ended') : t('days', { count: days })}
    </span>
  )
}
