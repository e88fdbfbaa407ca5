import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

export interface InvitationRow {
  readonly account_id: string
  readonly id: string
  readonly user_id: string
  readonly kind: 'new'
  readonly state: 'pending' | 'accepted' | 'revoked'
  /** `sso`: the link leads to the sign-in, for there is no password. */
  readonly channel: 'email' | 'sso'
  /** SHA-256 of the secret in its address, base64url. */
  readonly token_hash: string
  readonly sent_count: number
  readonly last_sent_at: number | null
  readonly expires_at: number
  readonly created_at: number
  readonly updated_at: number
}

const INSERT = statement(
  `INSERT INTO invitations (account_id, id, user_id, kind, state, channel, token_hash, sent_count, last_sent_at, expires_at,
     created_at, updated_at)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
)
const FIND = statement(`SELECT * FROM invitations WHERE token_hash = ?`)
const SINCE = statement(
  (d) => `SELECT COUNT(*) AS sent, MAX(created_at) AS newest FROM invitations${d.indexed('invitations_user')}
    WHERE account_id = ? AND user_id = ? AND created_at > ?`,
)
const SET = statement(
  `UPDATE invitations SET state = ?, updated_at = ? WHERE account_id = ? AND id = ? AND state = 'pending' AND expires_at > ?`,
)
const ACCEPT_ALL = statement(
  (d) => `UPDATE invitations${d.indexed('invitations_user')} SET state = 'accepted', updated_at = ?
    WHERE account_id = ? AND user_id = ? AND state = 'pending'`,
)

export async function insertInvitation(tx: Tx, row: InvitationRow): Promise<void> {
  const who = [row.account_id, row.id, row.user_id, row.kind, row.state, row.channel, row.token_hash, row.sent_count]
  await tx.run(INSERT, [...who, row.last_sent_at, row.expires_at, row.created_at, row.updated_at])
}

/** Door: by the hash of its secret alone, whatever became of it. */
export function findInvitation(q: Queries, tokenHash: string): Promise<InvitationRow | undefined> {
  return q.get(FIND, [tokenHash])
}

/** How many invitations a person was sent since an instant, and when the last of them. */
export async function invitationsSince(
  q: Queries,
  accountId: string,
  userId: string,
  since: number,
): Promise<{ readonly sent: number; readonly newest: number }> {
  const row = await q.get<{ sent: number; newest: number | null }>(SINCE, [accountId, userId, since])
  return { sent: Number(row?.sent ?? 0), newest: Number(row?.newest ?? 0) }
}

/** Accept it while it is pending. Of two at once one is told true. */
export async function acceptInvitation(
  tx: Tx,
  { account_id, id }: Pick<InvitationRow, 'account_id' | 'id'>,
  now: number,
): Promise<boolean> {
  return (await tx.run(SET, ['accepted', now, account_id, id, now])) > 0
}

/** Whoever has entered another way needs her invitations no more. */
export async function acceptInvitationsOf(tx: Tx, accountId: string, userId: string, now: number): Promise<void> {
  await tx.run(ACCEPT_ALL, [now, accountId, userId])
}
