import { type ConnectionRow, connectionsOf, insertConnection, lockConnection } from '../db/connections.js'
import type { Tx } from '../db/database.js'
import { deleteTrial } from '../db/self-tests.js'
import { insertToken } from '../db/tokens.js'
import { insertSystemRoles } from './accounts.js'
import { type Administrator, adminEvent } from './administrator.js'
import { DEFAULT_SETTINGS } from './connection.js'
import { lockedConnection } from './connections.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import { writeEvents } from './events.js'
import { SELF_TEST_PREFIX } from './token-kind.js'
import { hashToken, newToken } from './tokens.js'

/** How long the token of a self-test lives, and how long another one has to wait for a test that was broken off. */
export const SELF_TEST_MS = 60_000

/** A connection that is being tested. */
export interface SelfTest {
  readonly accountId: string
  readonly connectionId: string
  /** The name of the connection. */
  readonly name: string
  /** Good at the address of the connection, for the trial. */
  readonly token: string
}

/**
 * Make what a self-test needs: a trial, which is a live connection in an account that nobody has and whose id is that
 * of the connection, with a token. What is done with that token is done to the trial, so that no person, seat, mail,
 * webhook or line of the log of the real account is touched (docs/decisions/self-test.md).
 * Refuses: connection_not_found, self_test_running.
 */
export function beginSelfTest(deps: Deps, accountId: string, connectionId: string): Promise<SelfTest> {
  const token = newToken(SELF_TEST_PREFIX)
  return deps.db.transaction(async (tx) => {
    const row = await lockedConnection(tx, accountId, connectionId)
    const now = deps.now().getTime()
    const others = await connectionsOf(tx, connectionId)
    if (others.some(({ created_at }) => created_at > now - SELF_TEST_MS))
      throw new AccountError('self_test_running', 'A self-test of this connection is running. Wait for its end.')
    await removeTrial(tx, connectionId)
    await insertTrial(deps, tx, row, token, now)
    return { accountId, connectionId, name: row.name, token }
  })
}

async function insertTrial(
  deps: Deps,
  tx: Tx,
  { id, name, idp_kind, extension }: ConnectionRow,
  token: string,
  now: number,
): Promise<void> {
  const trial: ConnectionRow = {
    ...{ account_id: id, id: deps.newId(), name, idp_kind, extension, mode: 'live' },
    ...{ on_disable: null, disabled_at: null, settings: JSON.stringify(DEFAULT_SETTINGS) },
    ...{ rules_version: 1, version: 1, created_at: now, updated_at: now },
  }
  await insertConnection(tx, trial)
  await insertSystemRoles(deps, tx, id, now)
  await insertToken(tx, 'scim_tokens', {
    ...{ account_id: id, connection_id: trial.id, id: deps.newId() },
    ...{ hash: hashToken(token), last4: token.slice(-4), created_at: now, expires_at: now + SELF_TEST_MS },
    ...{ revoked_at: null, last_used_at: null, last_used_ip: null, notice_at: null },
  })
}

/** Remove all that a self-test left, its token first of all: what is still under way is waited for, or refused. */
export function removeSelfTest(deps: Deps, { connectionId }: Pick<SelfTest, 'connectionId'>): Promise<void> {
  return deps.db.transaction((tx) => removeTrial(tx, connectionId))
}

/** `id` is the account of the trial. */
export async function removeTrial(tx: Tx, id: string): Promise<void> {
  for (const trial of await connectionsOf(tx, id)) await lockConnection(tx, id, trial.id)
  await deleteTrial(tx, id)
}

/** Tell the log how a self-test ended; `problem` is the first thing that went wrong, as a sentence. */
export function recordSelfTest(
  deps: Deps,
  administrator: Administrator,
  { accountId, connectionId, name }: SelfTest,
  problem: string | undefined,
): Promise<void> {
  const failed = { outcome: 'failure', code: 'self_test_failed', message: problem ?? '' } as const
  const event = adminEvent(deps, administrator, {
    ...(problem === undefined ? {} : failed),
    action: 'connection.self_tested',
    subject: { type: 'connection', id: connectionId, displayName: name },
    connectionId,
  })
  return deps.db.transaction((tx) => writeEvents(deps, tx, accountId, [event]))
}
