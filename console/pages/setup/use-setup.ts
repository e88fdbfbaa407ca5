import { useRead } from '../../api/queries.js'
import type { Connection } from '../../api/schema.js'
import { useSaml } from '../single-sign-on/use-saml.js'
import type { Step } from './steps.js'

const WATCH_MS = 2_000

/** What the server has seen of a connection, read again while somebody watches. */
export function useSetup({ id: connectionId }: Connection) {
  const { data: health } = useRead(
    'GET /accounts/{accountId}/connections/{connectionId}/health',
    { params: { connectionId } },
    { refetchInterval: WATCH_MS },
  )
  const { saml } = useSaml(connectionId)
  const seen: Readonly<Record<string, boolean>> = {
    token_accepted: health?.lastSuccessAt !== undefined,
    first_user: (health?.users ?? 0) > 0,
    first_group: (health?.groups ?? 0) > 0,
    metadata: saml !== undefined,
  }
  return { health, isSeen: ({ check }: Step) => check !== undefined && seen[check] === true }
}
