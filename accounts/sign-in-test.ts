import type { Tx } from '../db/database.js'
import { findTest, finishTest, insertTest, type SignInTestRow } from '../db/sign-in-tests.js'
import type { Administrator } from './administrator.js'
import { planAssertionGrants } from './assertion-grants.js'
import type { Connection } from './connection.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import type { Actor } from './events.js'
import { getEvent, type LogEvent } from './events-read.js'
import { isId } from './id-at.js'
import { type Assertion, identify } from './identify.js'
import { outcomeOf, type SignInRefusal, type SignInRequest, writeSignIn } from './sign-in-log.js'
import type { Alongside } from './sign-in-request.js'

/** A sign-in that is tried out: everything is looked at, and nobody is let in. */
export interface SignInTest {
  readonly id: string
  readonly connectionId: string
  readonly state: 'open' | 'passed' | 'failed' | 'expired'
  readonly createdAt: Date
  readonly expiresAt: Date
  /** How it ended. */
  readonly event?: LogEvent
}

const TEST_MS = 10 * 60_000

/** Prepare a test of a connection's sign-in, for ten minutes. Refuses: connection_not_found, saml_not_set_up. */
export async function createSignInTest(
  deps: Deps,
  { actor }: Pick<Administrator, 'actor'>,
  accountId: string,
  connectionId: string,
): Promise<SignInTest> {
  const now = deps.now().getTime()
  const row: SignInTestRow = {
    account_id: accountId,
    id: deps.newId(),
    connection_id: connectionId,
    actor: JSON.stringify(actor),
    event_id: null,
    created_at: now,
    expires_at: now + TEST_MS,
  }
  await deps.db.transaction((tx) => insertTest(tx, row))
  return testFrom(row, deps.now(), undefined)
}

/** Refuses: sign_in_test_not_found. */
export async function getSignInTest(
  deps: Deps,
  accountId: string,
  connectionId: string,
  id: string,
): Promise<SignInTest> {
  const row = await findTest(deps.db, accountId, connectionId, id)
  if (row === undefined) throw testNotFound()
  const event = row.event_id === null ? undefined : await getEvent(deps, accountId, row.event_id, false)
  return testFrom(row, deps.now(), event)
}

function testFrom(row: SignInTestRow, now: Date, event: LogEvent | undefined): SignInTest {
  const open = row.expires_at < now.getTime() ? 'expired' : 'open'
  return {
    id: row.id,
    connectionId: row.connection_id,
    state: event === undefined ? open : event.outcome === 'failure' ? 'failed' : 'passed',
    createdAt: new Date(row.created_at),
    expiresAt: new Date(row.expires_at),
    ...(event !== undefined && { event }),
  }
}

function testNotFound(): AccountError {
  return new AccountError('sign_in_test_not_found', 'This connection has no such test.')
}

/** A test that can still be begun; undefined for any other. */
export async function findOpenTest(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  { accountId, id }: Pick<Connection, 'accountId' | 'id'>,
  testId: string,
): Promise<SignInTestRow | undefined> {
  const row = isId(testId) ? await findTest(db, accountId, id, testId) : undefined
  return row !== undefined && row.event_id === null && row.expires_at >= now().getTime() ? row : undefined
}

/**
 * See whether the person whom an assertion names would be let in. The assertion counts as used, what it came with is taken,
 * and the event is written; no session, no user and no seat changes. Throws as `identify` and as `taking`.
 */
export function tryOut(
  deps: Deps,
  connection: Connection,
  testId: string,
  assertion: Assertion,
  request: SignInRequest,
  taking: Alongside,
): Promise<void> {
  return deps.db.transaction(async (tx) => {
    await taking(tx)
    const user = await identify(tx, connection, assertion, request.trace)
    await planAssertionGrants(tx, connection, user, assertion, deps.now().getTime())
    if (assertion.claims !== undefined) request.trace.passed('mapping')
    const actor = await end(tx, connection, testId, request.id)
    const outcome = { action: 'signin.tested', ...outcomeOf(assertion), actor, user } as const
    await writeSignIn(deps, tx, connection, request, outcome)
  })
}

/** Log a test that failed, in its own transaction. */
export function recordFailedTest(
  deps: Deps,
  connection: Connection,
  testId: string,
  refusal: SignInRefusal,
  request: SignInRequest,
): Promise<void> {
  return deps.db.transaction(async (tx) => {
    const actor = await end(tx, connection, testId, request.id)
    const outcome = { action: 'signin.tested', outcome: 'failure', actor, ...refusal } as const
    await writeSignIn(deps, tx, connection, request, outcome)
  })
}

/** Whoever asked for the test is who tested. */
async function end(tx: Tx, { accountId, id }: Connection, testId: string, eventId: string): Promise<Actor> {
  const row = (await finishTest(tx, accountId, id, testId, eventId)) ?? (await findTest(tx, accountId, id, testId))
  return row === undefined ? { type: 'unknown', id: null, label: 'somebody' } : (JSON.parse(row.actor) as Actor)
}
