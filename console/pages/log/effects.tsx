import { Button, Table } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Event, EventDetail } from '../../api/schema.js'
import { HeadRow } from '../../parts/head-row.js'
import { shortened } from '../../parts/sentence.js'
import { When } from '../../parts/when.js'
import { RuleLink } from './cells.js'
import { Scrolled } from './changes.js'
import { Part } from './part.js'
import { type Names, namedRule } from './use-names.js'

const SHOWN = 12

type Effect = Event['effects'][number]
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const number = (value: unknown): number => (typeof value === 'number' ? value : 0)

interface EffectsProps {
  readonly event: Event
  readonly names: Names
  /** The rules that effects name, where they are known. */
  readonly rules: EventDetail['rules']
}

/** What followed, and which rule decided it (PRODUCT 3.1 (3)). */
export function Effects({ event: { effects }, names, rules }: EffectsProps) {
  const { t } = useTranslation('log')
  const [all, setAll] = useState(false)
  if (effects.length === 0) return null
  const shown = all ? effects : effects.slice(0, SHOWN)
  return (
    <Part title={t('effects.title')}>
      <Scrolled label={t('effects.title')}>
        <HeadRow heads={[t('effects.what'), t('changes.before'), t('changes.after'), t('effects.why')]} />
        <Table.Tbody>
          {shown.map((effect, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: effects of one event have no other name
            <EffectRow key={place} effect={effect} names={names} rules={rules} />
          ))}
        </Table.Tbody>
      </Scrolled>
      {effects.length > shown.length ? (
        <Button variant="subtle" size="compact-sm" mt={4} onClick={() => setAll(true)}>
          {t('effects.more', { count: effects.length - shown.length })}
        </Button>
      ) : null}
    </Part>
  )
}

function EffectRow({ effect, names, rules }: { effect: Effect; names: Names; rules: EventDetail['rules'] }) {
  const { t } = useTranslation('events')
  const [before, after] = useEnds(effect, names)
  const name =
    text(effect.displayName) || names.product(text(effect.product)) || (effect.of ? t(`of.${text(effect.of)}`) : '')
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        <bdi>{t(`effect.${effect.kind}`, { name: shortened(name, 80) })}</bdi>
      </Table.Th>
      <Table.Td>{before}</Table.Td>
      <Table.Td>{after}</Table.Td>
      <Table.Td>
        <Why effect={effect} names={names} rules={rules} />
      </Table.Td>
    </Table.Tr>
  )
}

/** What was and what is, in words. */
function useEnds(effect: Effect, names: Names): readonly [ReactNode, ReactNode] {
  const { t } = useTranslation(['events', 'shell', 'log'])
  const { kind, before, after } = effect
  const word = (above: string, value: unknown) => (text(value) === '' ? '–' : t(`${above}.${text(value)}`))
  const count = (key: string, value: unknown) => t(`short.${key}`, { count: number(value) })
  switch (kind) {
    case 'status':
      return [word('shell:status', before), word('shell:status', after)]
    case 'role':
      return [text(before) ? names.role(text(before)) : '–', names.role(text(after))]
    case 'license':
      return [word('license', before), word('license', after)]
    case 'members':
      return ['', [count('membersAdded', effect.added), count('membersRemoved', effect.removed)].join(', ')]
    case 'session':
      return ['', count('sessions', effect.ended)]
    case 'invitation':
      return ['', count('invitations', effect.revoked)]
    case 'job':
      return ['', effect.people === null ? t('short.job') : count('people', effect.people)]
    case 'expiry':
      return ['', <When key="at" at={text(effect.at)} full />]
    case 'rule':
      return ['', word('rule', effect.state)]
    default:
      return ['', word('change', effect.change)]
  }
}

/** The rule that decided an effect, or whatever else did. */
function Why({ effect, names, rules }: { effect: Effect; names: Names; rules: EventDetail['rules'] }) {
  const { t } = useTranslation('events')
  const { ruleId, source, reason } = effect
  const known = rules.find(({ id }) => id === ruleId)
  if (known?.deleted === true) {
    return (
      <bdi>
        {t('decided.rule')}: {shortened(known.note ?? known.condition ?? String(known.priority ?? ''), 60)} (
        {t('change.removed')})
      </bdi>
    )
  }
  const fresh = known?.connectionId
    ? namedRule({ ...known, priority: known.priority ?? 0 }, known.connectionId)
    : undefined
  const rule = fresh ?? (typeof ruleId === 'string' ? names.rule(ruleId) : undefined)
  if (rule !== undefined) return <RuleLink rule={rule} />
  if (typeof source === 'string') return t(`decided.${source}`)
  return typeof reason === 'string' ? t(`reason.${reason}`) : ''
}
