import { Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Event } from '../../api/schema.js'
import { HeadRow } from '../../parts/head-row.js'
import { ScrollRegion } from '../../parts/scroll-region.js'
import { Part } from './part.js'
import { Value } from './value.js'

const MASK = '•••'

/** What was before and after, attribute by attribute, with the words for it: no colour has to be seen (PRODUCT 6.4). */
export function Changes({ event: { changes } }: { readonly event: Event }) {
  const { t } = useTranslation(['log', 'events'])
  if (changes.length === 0) return null
  const masked = changes.some(({ before, after }) => before === MASK || after === MASK)
  return (
    <Part title={t('changes.title')}>
      <Scrolled label={t('changes.title')}>
        <HeadRow heads={(['attribute', 'kind', 'before', 'after'] as const).map((column) => t(`changes.${column}`))} />
        <Table.Tbody>
          {changes.map(({ attribute, before, after }) => (
            <Table.Tr key={attribute}>
              <Table.Th scope="row" fw={400}>
                <code className="mono">{attribute}</code>
              </Table.Th>
              <Table.Td>{t(`events:change.${kindOf(before, after)}`)}</Table.Td>
              <Table.Td>
                <Value value={before} />
              </Table.Td>
              <Table.Td>
                <Value value={after} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Scrolled>
      {masked ? (
        <Text size="sm" c="var(--quiet)">
          {t('changes.masked')}
        </Text>
      ) : null}
    </Part>
  )
}

function kindOf(before: unknown, after: unknown): 'added' | 'removed' | 'changed' {
  if (before === null || before === undefined) return 'added'
  return after === null || after === undefined ? 'removed' : 'changed'
}

/** A table of the panel, as the phone has it too. */
export function Scrolled({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <ScrollRegion label={label} style={{ border: '1px solid var(--line)', borderRadius: 6 }}>
      <Table verticalSpacing={6} horizontalSpacing="sm" fz="sm" style={{ minWidth: '30rem' }}>
        {children}
      </Table>
    </ScrollRegion>
  )
}
