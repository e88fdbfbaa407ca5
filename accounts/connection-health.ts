import {
  type NewestOfFacet,
  newestOfConnection,
  openMatches,
  sizeOfConnection,
  waitingByConnection,
} from '../db/connection-health.js'
import type { Queries } from '../db/database.js'
import { findFederation } from '../db/federations.js'
import { productsOf } from '../db/products.js'
import { latestReads } from '../db/read-log.js'
import { type CountOfSlot, lastCount, requestsSince, slotOf } from '../db/request-counts.js'
import { findSamlRefresh } from '../db/saml-refresh.js'
import { findSamlSettings } from '../db/saml-settings.js'
import { type TokenRow, tokensOf } from '../db/tokens.js'
import type { Connection } from './connection.js'
import { getConnection } from './connections.js'
import type { Deps } from './deps.js'
import { latestProblems } from './health-problems.js'
import { daysUntil, type HealthReason, type HealthState, healthOf } from './health-reasons.js'
import { timeOfId } from './id-at.js'
import type { SamlSettings } from './saml-settings.js'

/** How a connection is, for the overview and its own page (PRODUCT 3.3 and 3.4). */
export interface ConnectionHealth {
  readonly connectionId: string
  readonly name: string
  readonly idpKind: Connection['idpKind']
  readonly mode: Connection['mode']
  readonly state: HealthState
  readonly reasons: readonly HealthReason[]
  readonly lastRequestAt?: Date
  readonly lastSuccessAt?: Date
  readonly lastChangeAt?: Date
  readonly users: number
  readonly groups: number
  readonly requests24h: number
  readonly failures24h: number
  /** The last 24 hours, oldest first; the last one is under way. */
  readonly failuresByHour: readonly { readonly hour: Date; readonly requests: number; readonly failures: number }[]
  readonly token?: { readonly id: string; readonly last4: string; readonly expiresAt: Date; readonly daysLeft: number }
  readonly certificate?: { readonly sha256: string; readonly notAfter: Date; readonly daysLeft: number }
}

const HOUR_MS = 3_600_000
const RECENT_MS = 15 * 60_000
/** So many of those who wait for a seat are looked at, to say from which connection they come. */
const MAX_WAITING = 500

/** What concerns all connections of an account and is read once for them. */
export interface HealthSurroundings {
  readonly openMatches: ReadonlyMap<string, number>
  /** Of products for which somebody waits: how many, by connection. */
  readonly waiting: readonly {
    readonly product: string
    readonly name: string
    readonly byConnection: ReadonlyMap<string, number>
  }[]
}

export async function healthSurroundings(q: Queries, accountId: string): Promise<HealthSurroundings> {
  const waiting = []
  for (const { id, key, name, waiting: count } of await productsOf(q, accountId)) {
    if (count === 0) continue
    waiting.push({ product: key, name, byConnection: await waitingByConnection(q, accountId, id, MAX_WAITING) })
  }
  return { openMatches: await openMatches(q, accountId), waiting }
}

/** Refuses: connection_not_found. `seesPeople`: may people be named in reasons? */
export async function getHealth(
  deps: Deps,
  accountId: string,
  connectionId: string,
  seesPeople: boolean,
): Promise<ConnectionHealth> {
  const connection = await getConnection(deps.db, accountId, connectionId)
  return healthOfConnection(deps, connection, await healthSurroundings(deps.db, accountId), seesPeople)
}

/** Bounded reads of indexes, however long the log is. */
export async function healthOfConnection(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  connection: Connection,
  surroundings: HealthSurroundings,
  seesPeople: boolean,
): Promise<ConnectionHealth> {
  const { accountId, id, name, idpKind, mode } = connection
  const instant = now().getTime()
  const facets = await newestOfConnection(db, accountId, id)
  const firstHour = Math.floor(instant / HOUR_MS) * HOUR_MS - 23 * HOUR_MS
  const slots = await requestsSince(db, accountId, id, firstHour)
  const times = await timesOf(db, connection, facets)
  const problems = await latestProblems(db, accountId, facets, instant)
  const credentials = await credentialsOf(db, connection, instant)
  const saml = await samlOf(db, connection)
  const { state, reasons } = healthOf({
    ...{ mode, idpKind, now: instant, ...times },
    recent: { ...recentOf(slots, instant), ...problems.mostFrequent },
    failingPeople: problems.people.map((one) => (seesPeople ? one : { ...one, userName: null })),
    ...{ ...credentials, refusal: problems.refusal, ...saml },
    waiting: surroundings.waiting.flatMap(({ product, name: title, byConnection }) => {
      const count = byConnection.get(id) ?? 0
      return count === 0 ? [] : [{ product, name: title, waiting: count }]
    }),
    openMatchRequests: surroundings.openMatches.get(id) ?? 0,
    warnings: problems.warnings,
  })
  const { token, certificate } = { ...credentials, ...saml }
  return {
    ...{ connectionId: id, name, idpKind, mode, state, reasons },
    ...datesOf(times),
    ...(await sizeOfConnection(db, accountId, id)),
    ...countsOf(slots, firstHour),
    ...(token !== undefined && {
      token: { ...token, expiresAt: new Date(token.expiresAt), daysLeft: daysUntil(token.expiresAt, instant) },
    }),
    ...(certificate !== undefined && {
      certificate: {
        sha256: certificate.sha256,
        notAfter: new Date(certificate.notAfter),
        daysLeft: daysUntil(certificate.notAfter, instant),
      },
    }),
  }
}

interface Times {
  readonly lastRequestAt: number | undefined
  readonly lastSuccessAt: number | undefined
  readonly lastChangeAt: number | undefined
}

/** From the log, the reads, and the counts, which are kept longer than reads but know five minutes only. */
async function timesOf(q: Queries, { accountId, id }: Connection, facets: readonly NewestOfFacet[]): Promise<Times> {
  const [read] = await latestReads(q, accountId, id, 1)
  const counted = await lastCount(q, accountId, id)
  const newest = (fits: (facet: NewestOfFacet) => boolean): number | undefined =>
    latest(facets.filter((facet) => facet.source === 'scim' && fits(facet)).map(timeOf))
  const wentWell = ({ outcome, child }: NewestOfFacet) => child === 0 && outcome !== 'failure'
  const answered = counted !== undefined && counted.requests > counted.failures ? counted.slot : undefined
  const lastSuccessAt = latest([newest(wentWell), read?.occurred_at, answered])
  return {
    lastRequestAt: latest([newest(({ child }) => child === 0), counted?.slot, lastSuccessAt]),
    lastSuccessAt,
    lastChangeAt: newest(
      ({ action, outcome }) => /^(user|group)\./.test(action) && outcome !== 'failure' && outcome !== 'no_change',
    ),
  }
}

function timeOf({ newest }: NewestOfFacet): number | undefined {
  return newest === null ? undefined : timeOfId(newest)
}

function latest(instants: readonly (number | undefined)[]): number | undefined {
  const known = instants.filter((instant) => instant !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}

function datesOf(times: Times): Partial<Record<keyof Times, Date>> {
  const known = Object.entries(times).filter(([, instant]) => instant !== undefined)
  return Object.fromEntries(known.map(([name, instant]) => [name, new Date(instant)]))
}

/** Requests of the last fifteen minutes, as exactly as five minutes can tell. */
function recentOf(slots: readonly CountOfSlot[], now: number): { requests: number; failures: number } {
  const recent = slots.filter(({ slot }) => slot > slotOf(now - RECENT_MS))
  return { requests: sum(recent, 'requests'), failures: sum(recent, 'failures') }
}

function sum(slots: readonly CountOfSlot[], name: 'requests' | 'failures' | 'refused'): number {
  return slots.reduce((total, slot) => total + slot[name], 0)
}

/** Whoever is turned away because of a token has made a request, which failed. */
function countsOf(slots: readonly CountOfSlot[], firstHour: number) {
  const failuresByHour = Array.from({ length: 24 }, (_, index) => {
    const hour = firstHour + index * HOUR_MS
    const own = slots.filter(({ slot }) => slot >= hour && slot < hour + HOUR_MS)
    const refused = sum(own, 'refused')
    return { hour: new Date(hour), requests: sum(own, 'requests') + refused, failures: sum(own, 'failures') + refused }
  })
  const total = (name: 'requests' | 'failures') => failuresByHour.reduce((all, hour) => all + hour[name], 0)
  return { requests24h: total('requests'), failures24h: total('failures'), failuresByHour }
}

/** The token that was used last among those that live, else the one that lasts, or lasted, longest. */
async function credentialsOf(q: Queries, { accountId, id }: Connection, now: number) {
  const tokens = (await tokensOf(q, 'scim_tokens', accountId, id)).filter(({ revoked_at }) => revoked_at === null)
  const live = tokens.filter(({ expires_at }) => expires_at > now)
  const by = (value: (row: TokenRow) => number) => (a: TokenRow, b: TokenRow) => value(b) - value(a)
  const [used] = live.filter(({ last_used_at }) => last_used_at !== null).sort(by((row) => row.last_used_at ?? 0))
  const [longest] = tokens.sort(by((row) => row.expires_at))
  const row = used ?? longest
  const secrets = await tokensOf(q, 'client_secrets', accountId, id)
  const hasSecret = secrets.some(({ revoked_at, expires_at }) => revoked_at === null && expires_at > now)
  const token = row === undefined ? undefined : { id: row.id, last4: row.last4, expiresAt: row.expires_at }
  return { token, hasClient: hasSecret || (await findFederation(q, accountId, id)) !== undefined }
}

/** Of several certificates the one that lasts longest: identity providers publish the next one beside the current. */
async function samlOf(q: Queries, { accountId, id }: Connection) {
  const row = await findSamlSettings(q, accountId, id)
  if (row === undefined) return { certificate: undefined, metadataFailures: 0, samlChangePending: false }
  const { idp } = JSON.parse(row.settings) as Pick<SamlSettings, 'idp'>
  const ends = idp.certificates.map(({ sha256, notAfter }) => ({ sha256, notAfter: new Date(notAfter).getTime() }))
  const [certificate] = ends.sort((a, b) => b.notAfter - a.notAfter)
  const refresh = await findSamlRefresh(q, accountId, id)
  return {
    certificate,
    metadataFailures: refresh?.failures ?? 0,
    samlChangePending: refresh !== undefined && refresh.pending !== null,
  }
}
