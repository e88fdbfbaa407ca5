import { createHash, randomBytes } from 'node:crypto'
import { type EndedSession, endSession, findSessionHolder, type SessionHolder } from '../db/sessions.js'
import type { Deps } from './deps.js'
import type { Permission } from './permissions.js'

/** Who a browser is, as of now: a session carries no rights, role and status are read on every request (DESIGN 4, Actors). */
export interface SignedIn {
  readonly account: { readonly id: string; readonly name: string }
  readonly user: { readonly id: string; readonly email: string | null; readonly displayName: string }
  readonly role: { readonly key: string; readonly permissions: readonly Permission[] }
  readonly expiresAt: Date
}

/** How a secret of a browser is stored and looked up: SHA-256, base64url. Its 256 random bits need no slower hash. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** Only an active user has a session that counts. */
export async function findSignedIn({ db, now }: Deps, secret: string): Promise<SignedIn | undefined> {
  const holder = await findSessionHolder(db, hashSecret(secret), now().getTime())
  return holder?.status === 'active' ? signedInFrom(holder) : undefined
}

function signedInFrom(row: SessionHolder): SignedIn {
  return {
    account: { id: row.account_id, name: row.account_name },
    user: { id: row.user_id, email: row.email, displayName: row.display_name },
    role: { key: row.role_key, permissions: JSON.parse(row.permissions) as Permission[] },
    expiresAt: new Date(row.expires_at),
  }
}

/** Sign out. Resolves to the session that ended, undefined where there was none: asking twice is fine. */
export function signOut({ db, now }: Deps, secret: string): Promise<EndedSession | undefined> {
  return db.transaction((tx) => endSession(tx, hashSecret(secret), now().getTime(), 'signed_out'))
}
