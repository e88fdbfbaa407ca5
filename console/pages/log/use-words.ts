import { useTranslation } from 'react-i18next'
import type { Event } from '../../api/schema.js'
import { countsOf } from './counts.js'
import type { Names } from './use-names.js'

/** Words for an event, in the language of the reader. */
export interface Words {
  /** "Deactivated". */
  readonly label: (event: Event) => string
  /** One sentence; `places` stand for who did it and whom it was about. */
  readonly sentence: (event: Event, places: Readonly<Record<string, string>>) => string
  readonly actor: (event: Event) => string
  readonly subject: (event: Event) => string
  /** "2 seats freed", "3 sessions ended": what followed, most important first; status and role can be left out. */
  readonly followed: (event: Event, withState?: boolean) => string[]
}

export function useWords(names: Names): Words {
  const { t, i18n } = useTranslation(['events', 'actions', 'shell'])
  const text = (event: Event, part: 'label' | 'sentence', places: Readonly<Record<string, string>> = {}) => {
    const key = `actions:${event.action}.${part}`
    // A server that is newer than this page knows more.
    if (!i18n.exists(key)) return event.message ?? event.action
    return t(key, { ...places, ...contextOf(event) })
  }
  return {
    label: (event) => (event.outcome === 'no_change' ? t('label_no_change') : text(event, 'label')),
    sentence: (event, places) =>
      event.outcome === 'no_change' ? t('no_change', places) : text(event, 'sentence', places),
    actor: (event) => actorOf(event, names, (key) => t(`actor.${key}`)),
    subject: (event) => subjectOf(event) ?? t('subject.unknown'),
    followed: (event, withState = true) =>
      countsOf(event)
        .filter(({ kind }) => withState || (kind !== 'status' && kind !== 'role'))
        .map(({ kind, count, after = '' }) =>
          t(`short.${kind}`, { count, after: wordOf(after, kind, names, (key) => t(key)) }),
        ),
  }
}

function wordOf(after: string, kind: string, names: Names, say: (key: string) => string): string {
  if (kind === 'role') return names.role(after)
  return kind === 'status' ? say(`shell:status.${after}`) : after
}

/** A refused request reads by what it wanted; what people do themselves reads otherwise than what is done to them. */
function contextOf({ action, source, http }: Event): { context?: string } {
  if (action === 'request.refused' && http !== undefined) return { context: http.method.toLowerCase() }
  return source === 'self' ? { context: 'self' } : {}
}

/** A directory is called by its connection, the operator and the server by a word of ours, people by their names. */
function actorOf({ actor, connectionId, http }: Event, names: Names, say: (key: string) => string): string {
  if (actor.type === 'operator' || actor.type === 'system') return say(actor.type)
  if (actor.type === 'token') return names.connection(connectionId) ?? say('directory')
  if (actor.type === 'unknown' && /^somebody\b/.test(actor.label)) return http?.address ?? say('unknown')
  return actor.label || say('unknown')
}

const NAMES_OF_SUBJECTS = ['displayName', 'userName', 'email', 'externalId', 'scimId', 'id'] as const

/** What the log called whom it was about, at that time. */
export function subjectOf({ subject }: Pick<Event, 'subject'>): string | undefined {
  if (subject === null) return undefined
  const found = NAMES_OF_SUBJECTS.map((name) => subject[name]).find(
    (value) => typeof value === 'string' && value !== '',
  )
  const name = typeof found === 'string' ? found : undefined
  // The log calls them "token ····ab12 of Okta" and "Rule 10 of Okta"; the sentence says the rest itself.
  if (subject.type === 'token' || subject.type === 'secret') return /····\S+/.exec(name ?? '')?.[0] ?? name
  if (subject.type === 'rule') return /^Rule (\d+) of /.exec(name ?? '')?.[1] ?? name
  return name
}
