import { v7 } from 'uuid'
import type { Deps } from '../../accounts/deps.js'
import { hashSecret, newSecret } from '../../accounts/sessions.js'
import { statement } from '../../db/statement.js'
import { aUser, type Body, type TestAccount, type TestConnection } from './app.js'

/** A domain of its own that the account has proved. */
export async function aVerifiedDomain(account: TestAccount): Promise<string> {
  const name = `d${v7().slice(-12)}.example`
  await account.admin('post', '/domains', { name, verified: true }).expect(201)
  return name
}

export interface LinkedPerson {
  /** As SCIM answered. */
  readonly resource: Body
  /** Id of the account user. */
  readonly userId: string
}

/** Somebody who accepted long ago and is now linked to the connection: status `active`. */
export async function anActivePerson(connection: TestConnection, local: object = {}): Promise<LinkedPerson> {
  const { account } = connection
  const email = `ada@${await aVerifiedDomain(account)}`
  const { id } = await account.aLocalUser({ email, status: 'active', ...local })
  return { resource: await connection.provision(aUser({ userName: email })), userId: id }
}

const INSERT_SESSION = statement(
  `INSERT INTO sessions (account_id, id_hash, id, user_id, connection_id, method, created_at, expires_at)
   VALUES (?, ?, ?, ?, NULL, 'password', ?, ?)`,
)
const INSERT_INVITATION = statement(
  `INSERT INTO invitations (account_id, id, user_id, kind, state, channel, token_hash, sent_count, expires_at, created_at, updated_at)
   VALUES (?, ?, ?, 'new', 'pending', 'email', ?, 1, ?, ?, ?)`,
)
const SESSIONS = statement(
  `SELECT end_reason FROM sessions WHERE account_id = ? AND user_id = ? AND ended_at IS NOT NULL`,
)
const INVITATIONS = statement(`SELECT state FROM invitations WHERE account_id = ? AND user_id = ?`)

const HOUR_MS = 3_600_000

export interface TestSession {
  readonly id: string
  /** `name=value`, as a browser sends it. */
  readonly cookie: string
}

/** A session as sign-in makes it. */
export function signIn({ app, id }: TestAccount, userId: string, lastsMs = HOUR_MS): Promise<TestSession> {
  return aSession(app.server.deps, id, userId, lastsMs)
}

/** The same, where there is no server. */
export async function aSession(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  accountId: string,
  userId: string,
  lastsMs = HOUR_MS,
): Promise<TestSession> {
  const at = now().getTime()
  const [secret, sessionId] = [newSecret(), v7()]
  const values = [accountId, hashSecret(secret), sessionId, userId, at, at + lastsMs]
  await db.transaction((tx) => tx.run(INSERT_SESSION, values))
  return { id: sessionId, cookie: `usher-session=${secret}` }
}

/** A pending invitation as a mail would carry it. */
export async function invite({ app, id }: TestAccount, userId: string): Promise<void> {
  const { db, now } = app.server.deps
  const at = now().getTime()
  await db.transaction((tx) => tx.run(INSERT_INVITATION, [id, v7(), userId, v7(), at + HOUR_MS, at, at]))
}

const SET_OWNER = statement(`UPDATE accounts SET owner_user_id = ? WHERE account_id = ?`)

/** Nothing names an owner yet: this does. */
export async function makeOwner({ app, id }: TestAccount, userId: string): Promise<void> {
  await app.server.deps.db.transaction((tx) => tx.run(SET_OWNER, [userId, id]))
}

/** Why each session of a person that is over has ended. */
export async function endedSessions({ app, id }: TestAccount, userId: string): Promise<string[]> {
  const rows = await app.server.deps.db.all<{ end_reason: string }>(SESSIONS, [id, userId])
  return rows.map((row) => row.end_reason)
}

/** The states of a person's invitations. */
export async function invitationStates({ app, id }: TestAccount, userId: string): Promise<string[]> {
  const rows = await app.server.deps.db.all<{ state: string }>(INVITATIONS, [id, userId])
  return rows.map((row) => row.state)
}
