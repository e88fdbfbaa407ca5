import type { TokenTable } from '../db/tokens.js'

/** What an administrator makes for a directory: a token for SCIM itself, or a secret for the token endpoint. */
export type TokenKind = 'token' | 'secret'

/** Where each is stored, and how it begins, so that people and secret scanners know what they have before them. */
export const TOKEN_KINDS = {
  token: { table: 'scim_tokens', prefix: 'scim_' },
  secret: { table: 'client_secrets', prefix: 'secret_' },
} as const satisfies Record<TokenKind, { table: TokenTable; prefix: string }>

/** How access tokens begin, which the token endpoint gives. No token that an administrator made begins so. */
export const ACCESS_TOKEN_PREFIX = 'access_'

/** How the token of a self-test begins. */
export const SELF_TEST_PREFIX = 'selftest_'

/** What a request of a directory can come with: an access token counts as what it was given for. */
export type CredentialKind = TokenKind | 'federation' | 'self_test'

/** How the log calls one: `token ····ab12 of Okta`. */
export function labelOf(kind: CredentialKind, last4: string, connectionName: string): string {
  return `${kind}${last4 === '' ? '' : ` ····${last4}`} of ${connectionName}`
}
