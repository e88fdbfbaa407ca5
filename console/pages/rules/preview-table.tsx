import { Table, Text } from '@mantine/core'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rule, RulePreview } from '../../api/schema.js'
import { HeadRow } from '../../parts/head-row.js'
import { ScrollRegion } from '../../parts/scroll-region.js'
import { useNames } from './use-words.js'

type Item = RulePreview['items'][number]

interface PreviewTableProps {
  readonly preview: RulePreview
  readonly rules: readonly Rule[]
  /** The rule in the form; undefined for a new one, which decides as `draft`. */
  readonly ruleId: string | undefined
}

/** Person × field × now × after × deciding rule. */
export function PreviewTable({ preview: { items, complete }, rules, ruleId }: PreviewTableProps) {
  const { t } = useTranslation('rules')
  const { roleName, productName } = useNames()
  if (items.length === 0) return null
  const value = (item: Item, cell: Item['now'], seat: string | null | undefined) => {
    if (cell === null) return t('shell:none')
    if (typeof cell === 'string') return roleName(cell)
    const features = Object.entries(cell).map(([name, on]) => t(on ? 'featureOn' : 'featureOff', { name }))
    return [seat == null ? t('shell:yes') : t(`seat.${seat}`), ...(item.change === 'change' ? features : [])].join(', ')
  }
  const decides = (id: string | undefined) => {
    if (id === undefined) return t('noRuleDecides')
    if (id === 'draft' || id === ruleId) return t('thisRule')
    const rule = rules.find((one) => one.id === id)
    return rule === undefined ? t('anotherRule') : t('ruleN', { priority: rule.priority })
  }
  return (
    <div>
      <Region caption={t('preview.caption')} heads={[t('person'), t('field'), t('now'), t('after'), t('decidedBy')]}>
        {items.map((item) => (
          <Table.Tr key={`${item.userId} ${item.field} ${item.product ?? ''}`}>
            <Table.Th scope="row" fw={400} style={{ minWidth: '10rem' }}>
              <bdi>{item.displayName}</bdi>
              {item.displayName === item.userName ? null : (
                <Text size="xs" c="var(--quiet)">
                  <bdi>{item.userName}</bdi>
                </Text>
              )}
            </Table.Th>
            <Table.Td>{item.field === 'role' ? t('role') : <bdi>{productName(item.product ?? '')}</bdi>}</Table.Td>
            <Table.Td>{value(item, item.now, item.seat?.now)}</Table.Td>
            <Table.Td fw={550}>{value(item, item.after, item.seat?.after)}</Table.Td>
            <Table.Td>{decides(item.ruleId)}</Table.Td>
          </Table.Tr>
        ))}
      </Region>
      {complete ? null : (
        <Text size="sm" c="var(--quiet)" mt={4}>
          {t('preview.cut', { count: items.length })}
        </Text>
      )}
    </div>
  )
}

/** Seats that would move: taken and waiting, now and after. */
export function PreviewPools({ pools }: { readonly pools: RulePreview['pools'] }) {
  const { t } = useTranslation('rules')
  const { productName } = useNames()
  if (pools.length === 0) return null
  const heads = [t('product'), t('seats'), t('takenNow'), t('takenAfter'), t('waitingNow'), t('waitingAfter')]
  return (
    <Region caption={t('preview.pools')} heads={heads}>
      {pools.map(({ product, seats, now, after }) => (
        <Table.Tr key={product}>
          <Table.Th scope="row" fw={400}>
            <bdi>{productName(product)}</bdi>
          </Table.Th>
          {[seats, now.used, after.used, now.waiting].map((number, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other name
            <Table.Td key={place} className="number">
              {number}
            </Table.Td>
          ))}
          <Table.Td className="number" c={after.waiting > now.waiting ? 'var(--warn)' : 'inherit'} fw={550}>
            {after.waiting}
          </Table.Td>
        </Table.Tr>
      ))}
    </Region>
  )
}

/** A table in a region of its own, which scrolls and is reached by keyboard. */
function Region({ caption, heads, children }: { caption: string; heads: readonly string[]; children: ReactNode }) {
  const id = useId()
  return (
    <ScrollRegion
      labelledBy={id}
      style={{ overflow: 'auto', maxHeight: '26rem', border: '1px solid var(--line)', borderRadius: 8 }}
    >
      <Table verticalSpacing={6} stickyHeader style={{ minWidth: '36rem' }}>
        <caption id={id} className="unseen">
          {caption}
        </caption>
        <HeadRow heads={heads} />
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </ScrollRegion>
  )
}
