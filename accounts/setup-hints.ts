import type { SetupParams } from './setup-checks.js'
import type { SetupFacts } from './setup-facts.js'

/** What goes wrong most while a connection is set up (PRODUCT 4.7), in the order in which it is looked at. */
export const SETUP_HINTS = [
  'nothing_arrived',
  'wrong_path',
  'token_missing',
  'token_mismatch',
  'connection_draft',
  'no_user_sent',
  'groups_without_members',
  'match_requests_open',
  'sign_in_unknown_person',
] as const
export type SetupHintCode = (typeof SETUP_HINTS)[number]

export interface SetupHint {
  readonly code: SetupHintCode
  readonly params: SetupParams
}

const PATIENCE_MS = 5 * 60_000
const MAX_PATHS = 5

/** `scimBaseUrl` is what the address should begin with; `seesPeople`: may somebody be named? */
export function hintsOf(facts: SetupFacts, scimBaseUrl: string, seesPeople: boolean): SetupHint[] {
  return [
    ...nothingArrived(facts),
    ...wrongPaths(facts, scimBaseUrl),
    ...tokenHints(facts),
    ...whatWasSent(facts),
    ...unknownPerson(facts, seesPeople),
  ]
}

function nothingArrived({ requests, acceptedAt, strays, createdAt, now }: SetupFacts): SetupHint[] {
  const waited = now - createdAt
  if (requests.length + strays.length > 0 || acceptedAt !== undefined || waited < PATIENCE_MS) return []
  return [{ code: 'nothing_arrived', params: { minutes: Math.floor(waited / 60_000) } }]
}

/** The endpoint stands twice in the address where the base URL was given with it. */
const TWICE =
  /\/(Users|Groups|Schemas|ResourceTypes|ServiceProviderConfig)\/(Users|Groups|Schemas|ServiceProviderConfig)\b/

function wrongPaths({ requests, strays }: SetupFacts, scimBaseUrl: string): SetupHint[] {
  const seen = new Map<string, SetupHint>()
  const add = (method: string, path: string, at: number, attempts: number): void => {
    const params = { method, path, at: new Date(at).toISOString(), attempts, address: scimBaseUrl }
    if (!seen.has(path) && seen.size < MAX_PATHS) seen.set(path, { code: 'wrong_path', params })
  }
  for (const { method, path, minute, attempts } of strays) add(method, path, minute, attempts)
  for (const { method, path, status, time } of requests)
    if (status >= 400 && TWICE.test(path)) add(method, path, time, 1)
  return [...seen.values()]
}

function tokenHints({ refusal, acceptedAt, tokenEnds, connection }: SetupFacts): SetupHint[] {
  if (refusal === undefined || refusal.at <= (acceptedAt ?? 0)) return []
  const at = new Date(refusal.at).toISOString()
  if (refusal.code === 'token_missing') return [{ code: 'token_missing', params: { at } }]
  if (connection.mode === 'draft' && refusal.code === 'connection_disabled')
    return [{ code: 'connection_draft', params: { at } }]
  return [{ code: 'token_mismatch', params: { at, received: refusal.received, current: tokenEnds } }]
}

function whatWasSent(facts: SetupFacts): SetupHint[] {
  const { connection, acceptedAt, seen, now, emptyGroups, openMatchRequests } = facts
  const hasUser = ['user.created', 'user.linked', 'user.restored'].some((action) => seen.has(action))
  const silent = acceptedAt !== undefined && !hasUser && openMatchRequests === 0 && now - acceptedAt >= PATIENCE_MS
  const { idpKind } = connection
  return [
    ...(silent
      ? [{ code: 'no_user_sent', params: { idpKind, since: new Date(acceptedAt).toISOString() } } as const]
      : []),
    ...(hasUser && emptyGroups.length > 0
      ? [{ code: 'groups_without_members', params: { idpKind, groups: emptyGroups } } as const]
      : []),
    ...(openMatchRequests > 0 ? [{ code: 'match_requests_open', params: { count: openMatchRequests } } as const] : []),
  ]
}

/** Provisioning knows people whom sign-in does not find: most often the NameID is another one than the userName. */
function unknownPerson({ signInFailed, signedIn, seen }: SetupFacts, seesPeople: boolean): SetupHint[] {
  const { code, at = 0, nameId = null } = signInFailed ?? {}
  if (code !== 'not_invited' || at <= (signedIn?.at ?? 0) || !seen.has('user.created')) return []
  return [{ code: 'sign_in_unknown_person', params: { nameId: seesPeople ? nameId : null } }]
}
