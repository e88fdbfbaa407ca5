import type { Database } from '../../db/database.js'
import { composed } from '../../db/statement.js'
import { violations } from '../../test/harness/invariants.js'
import type { Connection } from '../usher.js'
import { type Ledger, type Pending, type Person, settle, type Worker } from './ledger.js'

export interface Findings {
  /** What was acknowledged and is not there. */
  readonly lost: readonly string[]
  /** What is there by half: tables that disagree, or rows that no request explains. */
  readonly half: readonly string[]
  /** Requests without an answer that turned out to have happened. */
  readonly unanswered: number
}

interface Stored {
  readonly id: string
  readonly userName: string
  readonly title: string
  readonly active: boolean
  readonly version: number
  readonly groups: Set<string>
}

/** Compare what is in the database, row by row, with what the client was told. Adopts what happened without an answer. */
export async function compare(db: Database, { accountId, id }: Connection, ledger: Ledger): Promise<Findings> {
  const stored = await readPeople(db, accountId, id)
  const events = await readEvents(db, accountId)
  const unanswered = ledger.workers.filter((worker) => adopt(worker, stored)).length
  const known = new Set(ledger.workers.flatMap(({ people }) => people.map((person) => person.id)))
  const lost = [
    ...ledger.workers.flatMap(({ people }) => people.flatMap((person) => lostOf(person, stored.get(person.id)))),
    ...[...ledger.acknowledged]
      .filter(([requestId, subject]) => events.get(requestId)?.subject !== subject)
      .map(([requestId, subject]) => `request ${requestId} about ${subject} is not in the log`),
  ]
  const half = [
    ...[...stored.values()].filter((one) => !known.has(one.id)).map((one) => `nobody created ${one.userName}`),
    ...versionsWithoutEvent(stored, events),
    ...(await violations(db, new Date(), accountId)),
  ]
  if (lost.length > 0) forget(ledger, stored, events)
  return { lost, half, unanswered }
}

/** From here on the ledger says what is stored, so that each loss is found once. */
function forget(ledger: Ledger, stored: ReadonlyMap<string, Stored>, events: ReadonlyMap<string, Logged>): void {
  for (const { people } of ledger.workers) {
    for (const person of people) {
      const { title, active, groups } = stored.get(person.id) ?? { title: '', active: false, groups: new Set<string>() }
      Object.assign(person, { title, active, groups, deleted: !stored.has(person.id) })
    }
  }
  for (const requestId of ledger.acknowledged.keys()) {
    if (!events.has(requestId)) ledger.acknowledged.delete(requestId)
  }
}

/** Did the request that was not answered happen? Then the ledger takes it over. */
function adopt(worker: Worker, stored: ReadonlyMap<string, Stored>): boolean {
  const { pending } = worker
  worker.pending = undefined
  if (pending === undefined) return false
  if (pending.kind === 'create') {
    const found = [...stored.values()].find(({ userName }) => userName === pending.userName)
    if (found !== undefined) settle(worker, pending, found.id)
    return found !== undefined
  }
  const happened = hasHappened(pending, stored.get(pending.person.id))
  if (happened) settle(worker, pending, pending.person.id)
  return happened
}

function hasHappened(pending: Exclude<Pending, { kind: 'create' }>, stored: Stored | undefined): boolean {
  if (pending.kind === 'delete') return stored === undefined
  if (stored === undefined) return false
  if (pending.kind === 'title') return stored.title === pending.title
  if (pending.kind === 'active') return stored.active === pending.active
  return stored.groups.has(pending.group) === (pending.kind === 'join')
}

function lostOf(person: Person, stored: Stored | undefined): string[] {
  if (person.deleted) return stored === undefined ? [] : [`${person.userName} was deleted and is there`]
  if (stored === undefined) return [`${person.userName} is not there`]
  const wrong = []
  if (stored.title !== person.title) wrong.push(`title is ${stored.title}, not ${person.title}`)
  if (stored.active !== person.active) wrong.push(`active is ${stored.active}, not ${person.active}`)
  const differing = [...stored.groups, ...person.groups].filter((id) => stored.groups.has(id) !== person.groups.has(id))
  if (differing.length > 0) wrong.push(`membership differs in ${differing.join(', ')}`)
  return wrong.map((text) => `${person.userName}: ${text}`)
}

/** A person's version counts her changes, and each of them wrote one event. */
function versionsWithoutEvent(stored: ReadonlyMap<string, Stored>, events: ReadonlyMap<string, Logged>): string[] {
  const counts = new Map<string, number>()
  for (const { subject, changed } of events.values()) {
    if (changed) counts.set(subject, (counts.get(subject) ?? 0) + 1)
  }
  return [...stored.values()]
    .filter(({ id, version }) => counts.get(id) !== version)
    .map(({ id, userName, version }) => `${userName} has version ${version} and ${counts.get(id) ?? 0} events`)
}

async function readPeople(db: Database, accountId: string, connectionId: string): Promise<Map<string, Stored>> {
  const scope = [accountId, connectionId]
  const rows = await db.all<{ id: string; document: string; version: number }>(
    composed('SELECT id, document, version FROM directory_users WHERE account_id = ? AND connection_id = ?'),
    scope,
  )
  const people = new Map(
    rows.map(({ id, document, version }): [string, Stored] => {
      const { userName, title, active } = JSON.parse(document)
      return [id, { id, userName, title, active, version, groups: new Set() }]
    }),
  )
  const members = await db.all<{ group_id: string; directory_user_id: string }>(
    composed('SELECT group_id, directory_user_id FROM directory_members WHERE account_id = ? AND connection_id = ?'),
    scope,
  )
  for (const { group_id, directory_user_id } of members) people.get(directory_user_id)?.groups.add(group_id)
  return people
}

interface Logged {
  /** SCIM id of whom or what the event is about. */
  readonly subject: string
  /** Whether it moved the version of a person. */
  readonly changed: boolean
}

async function readEvents(db: Database, accountId: string): Promise<Map<string, Logged>> {
  const rows = await db.all<{ id: string; action: string; outcome: string; detail: string }>(
    composed(`SELECT e.id, f.action, f.outcome, e.detail FROM events e
      JOIN event_facets f ON f.account_id = e.account_id AND f.id = e.facet_id
      WHERE e.account_id = ? AND e.parent_id IS NULL`),
    [accountId],
  )
  return new Map(
    rows.map(({ id, action, outcome, detail }) => {
      const { subject } = JSON.parse(detail) as { subject?: { id: string; scimId?: string } }
      const changed = /^user\.(created|updated|deactivated|reactivated)$/.test(action) && outcome !== 'no_change'
      return [id, { subject: subject?.scimId ?? subject?.id ?? '', changed }]
    }),
  )
}
