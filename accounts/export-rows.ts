import type { LogEvent } from './events-read.js'
import type { UserSummary } from './users-read.js'

/** A column of a file and what stands in it. */
type Columns<Row> = readonly (readonly [name: string, cell: (row: Row) => unknown])[]

/** The columns of a file of events. Values of changes are as the log shows them to whoever asked. */
export const EVENT_COLUMNS: Columns<LogEvent> = [
  ['time', ({ time }) => time],
  ['source', ({ source }) => source],
  ['action', ({ action }) => action],
  ['outcome', ({ outcome }) => outcome],
  ['code', ({ code }) => code],
  ['message', ({ message }) => message],
  ['actor', ({ actor }) => actor.label],
  ['subjectType', ({ subject }) => subject?.type],
  ['subject', ({ subject }) => subject?.displayName ?? subject?.userName],
  ['userName', ({ subject }) => subject?.userName],
  ['email', ({ subject }) => subject?.email],
  ['userId', ({ userId }) => userId],
  ['connectionId', ({ connectionId }) => connectionId],
  ['method', ({ http }) => http?.method],
  ['path', ({ http }) => http?.path],
  ['status', ({ http }) => http?.status],
  ['durationMs', ({ http }) => http?.durationMs],
  ['address', ({ http }) => http?.address],
  ['changes', ({ changes }) => (changes.length === 0 ? undefined : changes)],
  ['effects', ({ effects }) => (effects.length === 0 ? undefined : effects)],
  ['correlationId', ({ correlationId }) => correlationId],
  ['id', ({ id }) => id],
]

export const USER_COLUMNS: Columns<UserSummary> = [
  ['displayName', ({ displayName }) => displayName],
  ['givenName', ({ givenName }) => givenName],
  ['familyName', ({ familyName }) => familyName],
  ['email', ({ email }) => email],
  ['status', ({ status }) => status],
  ['statusReason', ({ statusReason }) => statusReason],
  ['flags', ({ flags }) => flags.join(' ')],
  ['role', ({ role }) => role.key],
  ['roleSource', ({ role }) => role.source],
  ['licenses', ({ licenses }) => licenses.map(({ product, state }) => `${product}:${state}`).join(' ')],
  ['origin', ({ origin }) => origin],
  ['connectionId', ({ connectionId }) => connectionId],
  ['lastSignInAt', ({ lastSignInAt }) => lastSignInAt],
  ['createdAt', ({ createdAt }) => createdAt],
  ['id', ({ id }) => id],
]

/** What a cell shows: instants in ISO 8601 UTC, structured values as JSON, nothing for what is not there. */
export function cellText(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

export function cellsOf<Row>(columns: Columns<Row>, row: Row): string[] {
  return columns.map(([, cell]) => cellText(cell(row)))
}

export function namesOf<Row>(columns: Columns<Row>): string[] {
  return columns.map(([name]) => name)
}
