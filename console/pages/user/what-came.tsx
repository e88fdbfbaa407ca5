import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '../../api/catalogue.js'
import type { Event } from '../../api/schema.js'
import { LongText } from '../../parts/long-text.js'
import { useCode } from '../../parts/problem-note.js'

const MOST = 3

/** What an event changed and what followed from it, up to three of each; the rest is behind the link. */
export function WhatCame({ event }: { readonly event: Event }) {
  const { t } = useTranslation('people')
  const effectText = useEffectText()
  const codeText = useCode()
  const effects = event.effects.map(effectText).filter((text) => text !== undefined)
  const { changes } = event
  const more = Math.max(0, effects.length - MOST) + Math.max(0, changes.length - MOST)
  return (
    <>
      {event.code === undefined ? null : (
        <Text size="sm" c={event.outcome === 'failure' ? 'var(--bad)' : 'var(--warn)'}>
          {codeText(event.code).title}
        </Text>
      )}
      {effects.slice(0, MOST).map((text) => (
        <Text key={text} size="sm" component="div">
          <LongText text={text} />
        </Text>
      ))}
      {changes.slice(0, MOST).map(({ attribute, before, after }) => (
        <Text key={attribute} size="sm" c="var(--quiet)" component="div">
          <span className="mono">{lastWords(attribute)}</span>: <LongText text={`${shown(before)} → ${shown(after)}`} />
        </Text>
      ))}
      {more === 0 ? null : (
        <Text size="sm" c="var(--quiet)">
          {t('happened.more', { count: more })}
        </Text>
      )}
    </>
  )
}

const lastWords = (attribute: string): string => attribute.slice(attribute.lastIndexOf(':') + 1)

function shown(value: unknown): string {
  if (value === null || value === undefined) return '—'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

type Effect = Event['effects'][number]

/** An effect as a sentence without a subject: "Assist: Waiting → Reserved". */
function useEffectText(): (effect: Effect) => string | undefined {
  const { t, i18n } = useTranslation(['people', 'shell'])
  const { productName, roleName } = useCatalogue()
  const license = (state: unknown) => t(`license.${state ?? 'none'}`)
  const status = (state: unknown) => (state === null ? '—' : t(`shell:status.${state}`))
  return (effect) => {
    const text = (name: string) => String(effect[name] ?? '')
    switch (effect.kind) {
      case 'status':
        return `${status(effect.before)} → ${status(effect.after)}`
      case 'role':
        return `${effect.before == null ? '' : `${roleName(text('before'))} → `}${roleName(text('after'))}`
      case 'license':
        return `${productName(text('product'))}: ${license(effect.before)} → ${license(effect.after)}`
      case 'group':
        return t(`happened.group.${text('change')}`, { group: text('displayName') })
      case 'session':
        return t('sessions.ended', { count: Number(effect.ended) })
      default:
        return i18n.exists(`people:happened.effect.${effect.kind}`) ? t(`happened.effect.${effect.kind}`) : undefined
    }
  }
}
