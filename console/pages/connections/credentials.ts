import { useList, useWrite } from '../../api/queries.js'
import type { ScimToken } from '../../api/schema.js'

/** What a directory signs in with: tokens for SCIM itself, secrets for the token endpoint. */
export type CredentialKind = 'token' | 'secret'

const PATHS = {
  token: '/accounts/{accountId}/connections/{connectionId}/tokens',
  secret: '/accounts/{accountId}/connections/{connectionId}/secrets',
} as const

export const MAX_LIVE = 2

export interface Credentials {
  readonly list: ReturnType<typeof useCredentialList>
  /** Those that work, the older one first. */
  readonly live: readonly ScimToken[]
  readonly create: (days: number) => Promise<FreshCredential>
  readonly revoke: (id: string) => Promise<unknown>
}

/** A credential that was just made: its secret is here and nowhere else. */
export interface FreshCredential {
  readonly id: string
  readonly last4: string
  readonly secret: string
}

const DAY_MS = 86_400_000

function useCredentialList(kind: CredentialKind, connectionId: string, refetchInterval: number | false) {
  return useList(`GET ${PATHS[kind]}`, { params: { connectionId } }, { refetchInterval })
}

/** `refetchInterval` in milliseconds, where somebody waits for a credential to be used. */
export function useCredentials(
  kind: CredentialKind,
  connectionId: string,
  refetchInterval: number | false = false,
): Credentials {
  const list = useCredentialList(kind, connectionId, refetchInterval)
  const stale = [`GET ${PATHS[kind]}`, 'GET /accounts/{accountId}/connections/{connectionId}/health'] as const
  const create = useWrite(`POST ${PATHS[kind]}`, stale)
  const revoke = useWrite(`DELETE ${REVOKE_PATHS[kind]}`, stale)
  return {
    list,
    live: (list.rows ?? []).filter(({ state }) => state === 'active'),
    create: async (days) => {
      const expiresAt = new Date(Date.now() + days * DAY_MS).toISOString()
      const made = await create.mutateAsync({ params: { connectionId }, body: { expiresAt } })
      return { id: made.id, last4: made.last4, secret: 'token' in made ? made.token : made.clientSecret }
    },
    // Each path has one of the two names.
    revoke: (id) => revoke.mutateAsync({ params: { connectionId, tokenId: id, secretId: id } }),
  }
}

const REVOKE_PATHS = {
  token: `${PATHS.token}/{tokenId}`,
  secret: `${PATHS.secret}/{secretId}`,
} as const
