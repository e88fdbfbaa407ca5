import type { UserRow } from '../db/users.js'

/** May this person sign in with a browser at all (PBX-20)? Where nobody has said, whoever has an address may. */
export function mayUseWebLogin({ email, web_login }: Pick<UserRow, 'email' | 'web_login'>): boolean {
  return web_login === null ? email !== null : web_login === 1
}
