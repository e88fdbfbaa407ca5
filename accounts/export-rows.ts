import type { LogEvent } from './events-read.js'
import type { UserSummary } from './users-read.js'

/** The columns of a file: an attribute of the row as it is, or a name and what stands under it. */
type Columns<Row> = readonly ((keyof Row & string) | readonly [name: string, cell: (row: Row) => unknown])[]

/** The columns of a file of events. Values of changes are as the log shows them to whoever asked. */
export const EVENT_COLUMNS: Columns<LogEvent> = [
  'time',
  'source',
  'action',
  'outcome',
  'code',
  'message',
  ['actor', ({ actor }) => actor.label],
  ['subjectType', ({ subject }) => subject?.type],
  ['subject', ({ subject }) => subject?.displayName ?? subject?.userName],
  ['userName', ({ subject }) => subject?.userName],
  ['email', ({ subject }) => subject?.email],
  'userId',
  'connectionId',
  ['method', ({ http }) => http?.method],
  ['path', ({ http }) => http?.path],
  ['status', ({ http }) => http?.status],
  ['durationMs', ({ http }) => http?.durationMs],
  ['address', ({ http }) => http?.address],
  ['changes', ({ changes }) => (changes.length === 0 ? undefined : changes)],
  ['effects', ({ effects }) => (effects.length === 0 ? undefined : effects)],
  'correlationId',
  'id',
]

export const USER_COLUMNS: Columns<UserSummary> = [
  'displayName',
  'givenName',
  'familyName',
  'email',
  'status',
  'statusReason',
  ['flags', ({ flags }) => flags.join(' ')],
  ['role', ({ role }) => role.key],
  ['roleSource', ({ role }) => role.source],
  ['licenses', ({ licenses }) => licenses.map(({ product, state }) => `${product}:${state}`).join(' ')],
  'origin',
  'connectionId',
  'lastSignInAt',
  'createdAt',
  'id',
]

/** What a cell shows: instants in ISO 8601 UTC, structured values as JSON, nothing for what is not there. */
export function cellText(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

export function cellsOf<Row>(columns: Columns<Row>, row: Row): string[] {
  return columns.map((column) => cellText(typeof column === 'string' ? row[column] : column[1](row)))
}

export function namesOf<Row>(columns: Columns<Row>): string[] {
  return columns.map((column) => (typeof column === 'string' ? column : column[0]))
}
