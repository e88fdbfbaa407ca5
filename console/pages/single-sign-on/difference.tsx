import { Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Certificate, IdpDifference } from '../../api/schema.js'
import { HeadRow } from '../../parts/head-row.js'
import { ScrollRegion } from '../../parts/scroll-region.js'
import { absolute, useUtc } from '../../parts/when.js'

/** What changes when one description of an identity provider takes the place of another: in words, not in colours. */
export function Difference({ difference: { changes, certificates } }: { readonly difference: IdpDifference }) {
  const { t } = useTranslation('sso')
  const { added, removed, kept } = certificates
  if (changes.length + added.length + removed.length === 0) return <Text size="sm">{t('import.same')}</Text>
  return (
    <ScrollRegion label={t('difference.title')}>
      <Table miw="30rem">
        <HeadRow heads={[t('difference.field'), t('difference.before'), t('difference.after')]} />
        <Table.Tbody>
          {changes.map(({ attribute, before, after }) => (
            <Table.Tr key={attribute}>
              <Table.Th scope="row">{t(`idp.${attribute}`)}</Table.Th>
              <Table.Td>
                <Value value={before} />
              </Table.Td>
              <Table.Td>
                <Value value={after} />
              </Table.Td>
            </Table.Tr>
          ))}
          <Rows name={t('difference.added')} list={added} comes />
          <Rows name={t('difference.removed')} list={removed} was />
          <Rows name={t('difference.kept')} list={kept} was comes />
        </Table.Tbody>
      </Table>
    </ScrollRegion>
  )
}

function Value({ value }: { readonly value: unknown }) {
  const { t } = useTranslation(['sso', 'shell'])
  if (value === null || value === undefined) return <Nothing />
  if (typeof value === 'boolean') return t(value ? 'shell:yes' : 'shell:no')
  return <bdi>{typeof value === 'string' ? value : JSON.stringify(value)}</bdi>
}

function Nothing() {
  const { t } = useTranslation('sso')
  return (
    <Text span inherit c="var(--quiet)">
      {t('difference.empty')}
    </Text>
  )
}

interface RowsProps {
  readonly name: string
  readonly list: readonly Certificate[]
  readonly was?: boolean
  readonly comes?: boolean
}

function Rows({ name, list, was = false, comes = false }: RowsProps) {
  return list.map((one) => (
    <Table.Tr key={one.sha256}>
      <Table.Th scope="row">{name}</Table.Th>
      <Table.Td>{was ? <One certificate={one} /> : <Nothing />}</Table.Td>
      <Table.Td>{comes ? <One certificate={one} /> : <Nothing />}</Table.Td>
    </Table.Tr>
  ))
}

function One({ certificate: { subject, sha256, notAfter } }: { readonly certificate: Certificate }) {
  const { t, i18n } = useTranslation('sso')
  const [utc] = useUtc()
  return (
    <>
      <bdi>{subject}</bdi>
      <Text size="xs" className="mono">
        {sha256.slice(0, 16)}…
      </Text>
      <Text size="xs" c="var(--quiet)">
        {t('difference.until', { at: absolute(notAfter, i18n.language, utc) })}
      </Text>
    </>
  )
}
