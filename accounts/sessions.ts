import { createHash, randomBytes } from 'node:crypto'
import type { Queries } from '../db/database.js'
import { findSessionHolder, type SessionHolder, type SessionRow, sessionsOf } from '../db/sessions.js'
import type { Deps } from './deps.js'
import type { Permission } from './permissions.js'

/** Who a browser is, as of now: a session carries no rights, role and status are read on every request (DESIGN 4, Actors). */
export interface SignedIn {
  /** The name of the session, which is no secret. */
  readonly sessionId: string
  readonly account: { readonly id: string; readonly name: string }
  readonly user: SignedInUser
  readonly role: { readonly key: string; readonly permissions: readonly Permission[] }
  readonly signedInWith: SessionRow['method']
  /** Has she a second factor, for signing in by password? */
  readonly secondFactor: boolean
  readonly expiresAt: Date
}

export interface SignedInUser {
  readonly id: string
  readonly email: string | null
  readonly displayName: string
  /** Null until she chose one. */
  readonly language: string | null
  /** The account is hers. */
  readonly owner: boolean
}

/** A live session as its person and administrators see it. */
export interface Session {
  readonly id: string
  readonly method: SessionRow['method']
  readonly connectionId: string | null
  readonly createdAt: Date
  readonly expiresAt: Date
  /** Where it began. */
  readonly address: string | null
  readonly userAgent: string | null
}

/** How a secret of a browser is stored and looked up: SHA-256, base64url. Its 256 random bits need no slower hash. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/**
 * Only an active user has a session that counts. Whoever was switched off with a whole connection is out before the job
 * has come to her.
 */
export async function findSignedIn({ db, now }: Deps, secret: string): Promise<SignedIn | undefined> {
  const holder = await findSessionHolder(db, hashSecret(secret), now().getTime())
  return holder?.status === 'active' && holder.suspended_by_end === 0 ? signedInFrom(holder) : undefined
}

function signedInFrom(row: SessionHolder): SignedIn {
  return {
    sessionId: row.session_id,
    account: { id: row.account_id, name: row.account_name },
    user: {
      id: row.user_id,
      email: row.email,
      displayName: row.display_name,
      language: row.language,
      owner: row.owner_user_id === row.user_id,
    },
    role: { key: row.role_key, permissions: JSON.parse(row.permissions) as Permission[] },
    signedInWith: row.method,
    secondFactor: Number(row.second_factor) > 0,
    expiresAt: new Date(row.expires_at),
  }
}

/** The live sessions of a person, oldest first. */
export async function listSessions(q: Queries, accountId: string, userId: string, now: Date): Promise<Session[]> {
  return (await sessionsOf(q, accountId, userId, now.getTime())).map((row) => ({
    id: row.id,
    method: row.method,
    connectionId: row.connection_id,
    createdAt: new Date(row.created_at),
    expiresAt: new Date(row.expires_at),
    address: row.address,
    userAgent: row.user_agent,
  }))
}
