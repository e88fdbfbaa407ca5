import type { Tx } from '../db/database.js'
import { insertLink, type LinkRow, voidLinks } from '../db/one-time-links.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import { hashSecret, newSecret } from './sessions.js'

/** A link that works once, shown this once: the database has its hash. */
export interface OneTimeLink {
  readonly url: string
  readonly expiresAt: Date
}

/** A new link of this kind; those before it that nobody used are void. */
export async function renewLink(
  deps: Pick<Deps, 'now' | 'publicUrl'>,
  tx: Tx,
  link: Pick<LinkRow, 'account_id' | 'kind' | 'user_id'>,
  lifetimeMs: number,
): Promise<OneTimeLink> {
  const secret = newSecret()
  const now = deps.now().getTime()
  await voidLinks(tx, link)
  await insertLink(tx, { ...link, id_hash: hashSecret(secret), created_at: now, expires_at: now + lifetimeMs })
  return { url: `${deps.publicUrl}/${link.kind}/${secret}`, expiresAt: new Date(now + lifetimeMs) }
}

/** Of whatever link: somebody followed it already. */
export function linkUsed(): AccountError {
  return new AccountError('link_used', 'This link was used.')
}
