import { useTranslation } from 'react-i18next'
import type { ConnectionHealth } from '../api/schema.js'
import { useCode } from './problem-note.js'
import { absolute, useUtc } from './when.js'

export type HealthReason = ConnectionHealth['reasons'][number]

const INSTANT = /^\d{4}-\d\d-\d\dT/
/** What a reason counts: decides its plural. */
const COUNTS = ['daysLeft', 'waiting', 'hours', 'failures', 'count'] as const

/** A reason of a connection's health in words: what is so, and what to do (PRODUCT 3.4). */
export function useHealthReason(): (reason: HealthReason) => { readonly text: string; readonly next: string } {
  const { t, i18n } = useTranslation('health')
  const [utc] = useUtc()
  const textOf = useCode()
  return ({ code, params }) => {
    const words = Object.entries(params).map(([name, value]): [string, string | number | boolean | null] => {
      if (typeof value === 'string' && INSTANT.test(value)) return [name, absolute(value, i18n.language, utc)]
      return [name, name === 'code' && typeof value === 'string' ? textOf(value).title : value]
    })
    const count = COUNTS.map((name) => params[name]).find((value) => typeof value === 'number')
    const known: Record<string, string | number | boolean | null> = Object.fromEntries(words)
    const said = { ...known, count: Math.max(1, Number(count ?? 1)), context: contextOf(params) ?? '' }
    return { text: t(`${code}.text`, said), next: t(`${code}.next`) }
  }
}

/** Which wording fits what is known. */
function contextOf({ received, current, userName, code }: HealthReason['params']): string | undefined {
  if (typeof received === 'string') return typeof current === 'string' ? 'known' : 'unknown'
  if (typeof userName === 'string') return 'named'
  return typeof code === 'string' ? 'code' : undefined
}
