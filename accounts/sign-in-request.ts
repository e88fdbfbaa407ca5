import type { Tx } from '../db/database.js'
import {
  findArrival,
  findSamlRequest,
  insertArrival,
  insertSamlRequest,
  type SamlRequestRow,
  takeArrival,
  takeSamlRequest,
} from '../db/saml-messages.js'
import type { Connection } from './connection.js'
import type { Deps } from './deps.js'
import { hashSecret, newSecret } from './sessions.js'
import { SignInError } from './sign-in-errors.js'

/** A sign-in that was begun here. */
export interface PendingSignIn {
  readonly id: string
  readonly createdAt: Date
  /** A path of ours, to go to at the end. */
  readonly target: string
  /** The test that it is a part of. */
  readonly testId: string | undefined
}

const REQUEST_MS = 10 * 60_000
const ARRIVAL_MS = 60_000

/** What the caller writes in the same transaction. */
export type Alongside = (tx: Tx) => Promise<void>

type Place = Pick<Connection, 'accountId' | 'id'>

/** Note that this browser was sent to its identity provider, for ten minutes. */
export function beginSignIn(
  deps: Deps,
  { accountId, id: connectionId }: Place,
  request: { readonly id: string; readonly target: string; readonly browser: string; readonly testId?: string },
  alongside?: Alongside,
): Promise<void> {
  const now = deps.now().getTime()
  return deps.db.transaction(async (tx) => {
    await alongside?.(tx)
    await insertSamlRequest(tx, {
      account_id: accountId,
      connection_id: connectionId,
      id: request.id,
      browser_hash: hashSecret(request.browser),
      target: request.target,
      test_id: request.testId ?? null,
      created_at: now,
      expires_at: now + REQUEST_MS,
    })
  })
}

/** The request that an answer says it is for; nobody is asked whose browser this is. */
export async function findPending(
  { db }: Pick<Deps, 'db'>,
  { accountId, id }: Place,
  requestId: string,
): Promise<PendingSignIn | undefined> {
  const row = await findSamlRequest(db, accountId, id, requestId)
  return row === undefined ? undefined : pendingFrom(row)
}

function pendingFrom({ id, created_at, target, test_id }: SamlRequestRow): PendingSignIn {
  return { id, createdAt: new Date(created_at), target, testId: test_id ?? undefined }
}

/** Keep a posted answer for a minute; the browser comes back for it with its cookies. Resolves to the secret that finds it. */
export async function keepArrival(
  deps: Deps,
  { accountId, id }: Place,
  response: string,
  alongside?: Alongside,
): Promise<string> {
  const secret = newSecret()
  const expiresAt = deps.now().getTime() + ARRIVAL_MS
  const arrival = { accountId, connectionId: id, idHash: hashSecret(secret), response, expiresAt }
  await deps.db.transaction(async (tx) => {
    await alongside?.(tx)
    await insertArrival(tx, arrival)
  })
  return secret
}

/** An answer that was kept, and is good once: `takeAnswer` takes it. Throws SignInError: expired_request. */
export async function findAnswer({ db, now }: Pick<Deps, 'db' | 'now'>, place: Place, secret: string): Promise<string> {
  const arrival = await findArrival(db, place.accountId, place.id, hashSecret(secret))
  if (arrival === undefined || arrival.expires_at < now().getTime()) throw expiredStep()
  return arrival.response
}

/**
 * The request that an answer is for, if this browser made it: `takeAnswer` takes it.
 * Throws SignInError: unknown_request, other_browser, expired_request.
 */
export async function findOwnPending(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  { accountId, id }: Place,
  requestId: string,
  browser: string | undefined,
): Promise<PendingSignIn> {
  const row = await findSamlRequest(db, accountId, id, requestId)
  if (row === undefined) throw unknownRequest()
  if (browser === undefined || row.browser_hash !== hashSecret(browser))
    throw new SignInError('other_browser', 'The answer belongs to a sign-in that another browser began.')
  if (row.expires_at < now().getTime())
    throw new SignInError('expired_request', 'More than ten minutes have passed since the sign-in was begun.')
  return pendingFrom(row)
}

/**
 * Take an answer and the request that it is for, each once: of two who come with one, or with two answers to one request,
 * one is let through. Throws SignInError: expired_request, unknown_request.
 */
export async function takeAnswer(
  tx: Tx,
  place: Place,
  secret: string,
  pending: Pick<PendingSignIn, 'id'> | undefined,
): Promise<void> {
  if (!(await takeArrival(tx, place.accountId, place.id, hashSecret(secret)))) throw expiredStep()
  if (pending !== undefined) await takePending(tx, place, pending)
}

/** Take a request, once. Throws SignInError: unknown_request. */
export async function takePending(tx: Tx, { accountId, id }: Place, pending: Pick<PendingSignIn, 'id'>): Promise<void> {
  if (!(await takeSamlRequest(tx, accountId, id, pending.id))) throw unknownRequest()
}

function expiredStep(): SignInError {
  return new SignInError('expired_request', 'This step of the sign-in was done already, or took too long. Start again.')
}

export function unknownRequest(): SignInError {
  return new SignInError(
    'unknown_request',
    'The answer belongs to no sign-in that was begun here, or to one that is done.',
  )
}
