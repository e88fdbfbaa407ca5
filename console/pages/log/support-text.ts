import type { EventDetail } from '../../api/schema.js'

/** Enough to tell two addresses apart, and not enough to write to either. */
const veiled = (text: string): string =>
  text.replaceAll(/([^\s@"'<>(]{1,64})@/g, (_, name: string) => `${[...name][0] ?? ''}…@`)

/**
 * An event for whoever helps: facts by the names of the API, in English, without bodies, values or whole addresses.
 * `address` is that of this page.
 */
export function supportText(event: Omit<EventDetail, 'steps' | 'rules'>, address: string): string {
  const { id, time, source, action, outcome, code, message, correlationId, connectionId, http, changes, effects } =
    event
  const lines: [string, string | undefined][] = [
    ['request id', correlationId],
    ['event', id === correlationId ? undefined : id],
    ['time', time],
    ['action', `${action} (${source})`],
    ['outcome', code === undefined ? outcome : `${outcome}, ${code}`],
    ['message', message && veiled(message)],
    ['connection', connectionId],
    ['subject', event.subject === null ? undefined : `${event.subject.type} ${event.subject.id ?? 'unknown'}`],
    ['request', http && `${http.method} ${http.path} -> ${http.status} in ${Math.round(http.durationMs)} ms`],
    ['user agent', typeof http?.userAgent === 'string' ? http.userAgent : undefined],
    ['changed', changes.map(({ attribute }) => attribute).join(', ')],
    ['followed', [...new Set(effects.map(({ kind }) => kind))].join(', ')],
    ['check', event.signIn?.checks?.find(({ passed }) => !passed)?.check],
    ['page', address],
  ]
  return lines.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [`${name}: ${value}`])).join('\n')
}
