import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { CircleCheck, CircleDashed, Clock3, Hourglass, type LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { KnownRule } from '../api/catalogue.js'
import type { License } from '../api/schema.js'
import { LongText } from './long-text.js'
import { Mark } from './marks.js'

const STATES: Readonly<Record<License['state'], readonly ['good' | 'warn' | 'quiet', LucideIcon]>> = {
  assigned: ['good', CircleCheck],
  reserved: ['good', Clock3],
  pending: ['quiet', CircleDashed],
  waiting: ['warn', Hourglass],
}

/** State of a license (PRODUCT 2.5). */
export function LicenseMark({ state }: { readonly state: License['state'] }) {
  const { t } = useTranslation('people')
  const [tone, icon] = STATES[state]
  return (
    <Mark tone={tone} icon={icon}>
      {t(`license.${state}`)}
    </Mark>
  )
}

const ORDER: readonly License['state'][] = ['assigned', 'reserved', 'pending', 'waiting']

interface LicenseLinesProps {
  readonly licenses: readonly License[]
  readonly nameOf: (product: string) => string
}

/** Licenses in a list: a line for each state, with the products that are in it. */
export function LicenseLines({ licenses, nameOf }: LicenseLinesProps) {
  const { t } = useTranslation('people')
  return ORDER.map((state) => {
    const names = licenses.filter((license) => license.state === state).map(({ product }) => nameOf(product))
    if (names.length === 0) return null
    const [tone, Icon] = STATES[state]
    return (
      <div key={state} style={{ display: 'flex', gap: 6 }}>
        <Icon size={15} aria-hidden style={{ flex: 'none', marginTop: 4, color: `var(--${tone})` }} />
        <span style={{ minWidth: 0 }}>
          <span style={{ color: `var(--${tone})` }}>{t(`license.${state}`)}</span> <LongText text={names.join(', ')} />
        </span>
      </div>
    )
  })
}

/** Where a rule is looked at. */
export function ruleAddress(connectionId: string, ruleId: string): string {
  return `/rules/${connectionId}/${ruleId}`
}

/** The rule that decided, by its place and note; undefined where it was removed, or may not be seen. */
export function RuleLink({
  rule,
}: {
  readonly rule: Pick<KnownRule, 'id' | 'connectionId' | 'priority' | 'note'> | undefined
}) {
  const { t } = useTranslation('people')
  if (rule === undefined) return <>{t('rule.unknown')}</>
  return (
    <Anchor component={Link} to={ruleAddress(rule.connectionId, rule.id)} size="sm">
      {t('rule.place', { priority: rule.priority })}
      {rule.note === null ? null : (
        <>
          {' · '}
          <bdi>{rule.note}</bdi>
        </>
      )}
    </Anchor>
  )
}
