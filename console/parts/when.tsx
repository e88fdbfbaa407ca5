import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'

const UTC = 'usher-utc'
const listeners = new Set<() => void>()

/** Whether instants are shown in UTC; remembered in this browser. */
export function useUtc(): readonly [boolean, (utc: boolean) => void] {
  const utc = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => localStorage.getItem(UTC) === 'true',
  )
  const choose = (next: boolean) => {
    localStorage.setItem(UTC, String(next))
    for (const listener of listeners) listener()
  }
  return [utc, choose]
}

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
]

/** "3 hours ago", "in 12 days". */
export function relative(at: string | Date, language: string, now: number = Date.now()): string {
  const seconds = Math.round((new Date(at).getTime() - now) / 1_000)
  const [unit, length] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? (['second', 1] as const)
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(Math.trunc(seconds / length), unit)
}

/** Date and time in full, in this browser's zone or UTC. */
export function absolute(at: string | Date, language: string, utc: boolean): string {
  const format = new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    ...(utc ? { timeZone: 'UTC' } : {}),
  })
  return `${format.format(new Date(at))}${utc ? ' UTC' : ''}`
}

/** An instant: relative in lists, with the whole of it in its title; `full` for detail. */
export function When({ at, full = false }: { readonly at: string; readonly full?: boolean }) {
  const { i18n } = useTranslation()
  const [utc] = useUtc()
  const whole = absolute(at, i18n.language, utc)
  return (
    <time dateTime={at} title={whole} className="number">
      {full ? whole : relative(at, i18n.language)}
    </time>
  )
}
