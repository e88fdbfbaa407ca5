import { type NewestOfFacet, newestOfConnection } from '../db/connection-health.js'
import type { Queries } from '../db/database.js'
import { findLink } from '../db/directory-users.js'
import { type EventView, newestOfFacets, readEvents } from '../db/event-search.js'
import { emptyGroups } from '../db/group-list.js'
import { latestReads } from '../db/read-log.js'
import { findSamlSettings } from '../db/saml-settings.js'
import { type StrayRow, straysFrom, straysOfConnection } from '../db/stray-requests.js'
import { tokensOf } from '../db/tokens.js'
import { receivedEnd } from './authenticate-token.js'
import type { Connection } from './connection.js'
import type { HttpFacts, Subject } from './events.js'
import { timeOfId } from './id-at.js'
import type { ReadEntry } from './read-log.js'

/** A request as the wizard lists it. */
export interface SetupRequest {
  readonly id: string
  /** In milliseconds. */
  readonly time: number
  readonly method: string
  readonly path: string
  readonly status: number
  readonly code: string | undefined
  readonly userAgent: string | undefined
  readonly address: string
}

/** What an event tells of one person. */
export interface SetupPerson {
  readonly externalId: string | undefined
}

/** The newest sign-in of a kind. */
export interface SetupSignIn {
  readonly at: number
  readonly code: string | undefined
  readonly nameId: string | undefined
  readonly userId: string | undefined
}

/** What the server has seen of a connection that is being set up; instants in milliseconds. */
export interface SetupFacts {
  readonly connection: Pick<Connection, 'id' | 'idpKind' | 'mode'>
  readonly createdAt: number
  readonly now: number
  /** The latest first. */
  readonly requests: readonly SetupRequest[]
  /** When each kind of event of a directory was last written and went well. */
  readonly seen: ReadonlyMap<string, number>
  readonly acceptedAt: number | undefined
  /** The newest request without a valid token. */
  readonly refusal: { readonly at: number; readonly code: string; readonly received: string | null } | undefined
  /** Last characters of the tokens that live. */
  readonly tokenEnds: readonly string[]
  /** The newest person that came. */
  readonly person: SetupPerson | undefined
  readonly emptyGroups: readonly string[]
  readonly openMatchRequests: number
  readonly strays: readonly StrayRow[]
  readonly samlSetUp: boolean
  readonly signedIn: SetupSignIn | undefined
  readonly signInFailed: SetupSignIn | undefined
  /** Is who signed in last somebody of this directory? */
  readonly samePerson: boolean
}

const HOUR_MS = 3_600_000
const MAX_REQUESTS = 20
const MAX_BATCHES = 5
const MAX_STRAYS = 100

export async function setupFacts(
  q: Queries,
  connection: Connection,
  openMatchRequests: number,
  now: number,
): Promise<SetupFacts> {
  const { accountId, id } = connection
  const facets = await newestOfConnection(q, accountId, id)
  const requests = await latestRequests(q, connection, facets)
  const wentWell = facets.filter(({ source, outcome }) => source === 'scim' && outcome !== 'failure')
  const seen = new Map<string, number>()
  for (const { action, newest } of wentWell)
    if (newest !== null) seen.set(action, Math.max(seen.get(action) ?? 0, timeOfId(newest)))
  const tokens = await tokensOf(q, 'scim_tokens', accountId, id)
  const live = tokens.filter(({ revoked_at, expires_at }) => revoked_at === null && expires_at > now)
  const signedIn = await newestSignIn(q, accountId, facets, ['signin.succeeded', 'signin.tested'], false)
  const link = signedIn?.userId === undefined ? undefined : await findLink(q, accountId, signedIn.userId)
  return {
    ...{ connection, now, requests, seen, openMatchRequests, signedIn },
    createdAt: connection.createdAt.getTime(),
    acceptedAt: latest([...seen.values(), ...requests.filter(isAccepted).map(({ time }) => time)]),
    refusal: await newestRefusal(q, accountId, facets),
    tokenEnds: live.map(({ last4 }) => last4),
    person: await newestPerson(q, accountId, wentWell),
    emptyGroups: await emptyGroups(q, accountId, id),
    strays: await straysAbout(q, connection, requests, now),
    samlSetUp: (await findSamlSettings(q, accountId, id)) !== undefined,
    signInFailed: await newestSignIn(q, accountId, facets, ['signin.failed', 'signin.tested'], true),
    samePerson: link?.connection_id === id,
  }
}

/** A request with a valid token, however it ended. */
export function isAccepted({ status }: SetupRequest): boolean {
  return status !== 401 && status !== 429
}

function latest(instants: readonly number[]): number | undefined {
  return instants.length === 0 ? undefined : Math.max(...instants)
}

/** Writes and refusals from the log, reads from theirs. */
async function latestRequests(
  q: Queries,
  { accountId, id }: Connection,
  facets: readonly NewestOfFacet[],
): Promise<SetupRequest[]> {
  const own = facets.filter(({ source, child }) => source === 'scim' && child === 0).map((facet) => facet.id)
  const found = await newestOfFacets(q, accountId, own, { above: '', below: '~' }, MAX_REQUESTS)
  const views = found.ids.length === 0 ? [] : await readEvents(q, accountId, found.ids)
  const writes = views.flatMap((view): SetupRequest[] => {
    const { http } = JSON.parse(view.detail) as { http?: HttpFacts }
    if (http === undefined) return []
    const { method, path, status, userAgent, address } = http
    const code = view.code ?? undefined
    return [{ id: view.id, time: timeOfId(view.id), method, path, status, code, userAgent, address }]
  })
  const batches = await latestReads(q, accountId, id, MAX_BATCHES)
  const reads = batches.flatMap(({ reads: text }) =>
    (JSON.parse(text) as ReadEntry[]).slice(-MAX_REQUESTS).map((read): SetupRequest => {
      const { method, path, status, userAgent, address, occurredAt } = read
      return { id: read.id, time: occurredAt, method, path, status, code: undefined, userAgent, address }
    }),
  )
  return [...writes, ...reads].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, MAX_REQUESTS)
}

/** The newest event of these kinds; `failed` or not. */
async function newestEvent(
  q: Queries,
  accountId: string,
  facets: readonly NewestOfFacet[],
  actions: readonly string[],
  failed: boolean,
): Promise<EventView | undefined> {
  const fitting = facets.filter(({ action, outcome }) => actions.includes(action) && (outcome === 'failure') === failed)
  const [id] = fitting
    .flatMap(({ newest }) => newest ?? [])
    .sort()
    .reverse()
  return id === undefined ? undefined : (await readEvents(q, accountId, [id]))[0]
}

async function newestRefusal(
  q: Queries,
  accountId: string,
  facets: readonly NewestOfFacet[],
): Promise<SetupFacts['refusal']> {
  const view = await newestEvent(q, accountId, facets, ['token.refused'], true)
  if (view === undefined) return undefined
  const { message = '' } = JSON.parse(view.detail) as { message?: string }
  return { at: timeOfId(view.id), code: view.code ?? '', received: receivedEnd(message) }
}

async function newestPerson(
  q: Queries,
  accountId: string,
  facets: readonly NewestOfFacet[],
): Promise<SetupPerson | undefined> {
  const view = await newestEvent(q, accountId, facets, ['user.created', 'user.linked', 'user.restored'], false)
  if (view === undefined) return undefined
  const { subject } = JSON.parse(view.detail) as { subject?: Subject }
  return { externalId: subject?.externalId }
}

async function newestSignIn(
  q: Queries,
  accountId: string,
  facets: readonly NewestOfFacet[],
  actions: readonly string[],
  failed: boolean,
): Promise<SetupSignIn | undefined> {
  const view = await newestEvent(q, accountId, facets, actions, failed)
  if (view === undefined) return undefined
  const { signIn } = JSON.parse(view.detail) as { signIn?: { nameId?: string } }
  const { code, user_id: userId } = view
  return { at: timeOfId(view.id), code: code ?? undefined, nameId: signIn?.nameId, userId: userId ?? undefined }
}

/** Requests to wrong addresses that name this connection, or that name none and come from where it is spoken to from. */
async function straysAbout(
  q: Queries,
  { accountId, id }: Connection,
  requests: readonly SetupRequest[],
  now: number,
): Promise<StrayRow[]> {
  const named = await straysOfConnection(q, accountId, id, MAX_STRAYS)
  const since = now - HOUR_MS
  const recent = requests.filter(({ time }) => time >= since)
  const addresses = [...new Set(recent.map(({ address }) => address))]
  const unnamed = addresses.length === 0 ? [] : await straysFrom(q, addresses, since, MAX_STRAYS)
  return [...named, ...unnamed].sort((a, b) => b.minute - a.minute)
}
