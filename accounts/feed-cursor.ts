import { hash } from 'node:crypto'
import { AccountError } from './errors.js'

/** A place in the feed as it travels: opaque, and bound to its account, so that a mix-up is noticed. */
export function feedCursor(accountId: string, seq: number): string {
  return Buffer.from(`${seq}.${markOf(accountId)}`).toString('base64url')
}

/** The number behind which a cursor points. Throws AccountError cursor_invalid. */
export function parseFeedCursor(accountId: string, cursor: string): number {
  const [, digits, mark] = /^(\d{1,15})\.(\w+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (digits === undefined || mark !== markOf(accountId))
    throw new AccountError('cursor_invalid', 'This cursor is none of this feed. Take it from an answer as it is.')
  return Number(digits)
}

function markOf(accountId: string): string {
  return hash('sha256', `feed ${accountId}`, 'hex').slice(0, 8)
}
