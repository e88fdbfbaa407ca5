import { Anchor, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Event } from '../../api/schema.js'
import { useCode } from '../../parts/problem-note.js'
import { shortened } from '../../parts/sentence.js'
import { type NamedRule, type Names, rulesIn } from './use-names.js'
import type { Words } from './use-words.js'

const SHOWN = 2

/** What changed, two things at most and how many more there are (PRODUCT 3.2). */
export function Changed({ event, words }: { readonly event: Event; readonly words: Words }) {
  const { t } = useTranslation('log')
  const attributes = event.changes.map(({ attribute }) => ({ text: attribute, code: true }))
  const followed = words.followed(event, !isNew(event)).map((text) => ({ text, code: false }))
  // What followed says more than the list of all that a new person came with.
  const all = isNew(event) ? [...followed, ...attributes] : [...attributes, ...followed]
  const shown = all.slice(0, SHOWN)
  return (
    <>
      {shown.map(({ text, code }) => (
        <div key={text}>
          {code ? (
            <code className="mono" title={text}>
              {shortened(nameOf(text), 60)}
            </code>
          ) : (
            text
          )}
        </div>
      ))}
      {all.length > shown.length ? (
        <Text size="sm" c="var(--quiet)" className="number">
          {t('plus', { count: all.length - shown.length })}
        </Text>
      ) : null}
    </>
  )
}

const isNew = ({ action }: Event): boolean => action.endsWith('.created')

/** An attribute of an extension without the URN in front of it. */
const nameOf = (attribute: string): string => attribute.replace(/^urn:.*:(?=[^:]+$)/i, '')

/** Why: what a code means, or which rule decided it. */
export function Reason({ event, names }: { readonly event: Event; readonly names: Names }) {
  const textOf = useCode()
  if (event.code !== undefined) return textOf(event.code).title
  const [first, ...others] = rulesIn(event).flatMap((id) => names.rule(id) ?? [])
  if (first === undefined) return ''
  return <RuleLink rule={first} others={others.length} />
}

/** A rule by its name, and the way to it. */
export function RuleLink({ rule, others = 0 }: { readonly rule: NamedRule; readonly others?: number }) {
  const { t } = useTranslation('log')
  return (
    <>
      <Anchor
        inherit
        className="above"
        renderRoot={(props) => <Link to={`/rules/${rule.connectionId}/${rule.id}` as string} {...props} />}
      >
        <bdi>{shortened(rule.name, 60)}</bdi>
      </Anchor>
      {others > 0 ? (
        <Text span size="sm" c="var(--quiet)">
          {' '}
          {t('plus', { count: others })}
        </Text>
      ) : null}
    </>
  )
}

const SECOND_MS = 1_000

/** A span of time: milliseconds while they are few, else seconds. */
export function Duration({ ms }: { readonly ms: number }) {
  const { t, i18n } = useTranslation('log')
  const number = new Intl.NumberFormat(i18n.language, { maximumSignificantDigits: 3 })
  return (
    <span className="number">
      {ms < SECOND_MS
        ? t('ms', { value: number.format(Math.round(ms)) })
        : t('seconds', { value: number.format(ms / SECOND_MS) })}
    </span>
  )
}
