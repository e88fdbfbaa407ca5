import { useRead } from '../../api/queries.js'
import type { Connection, ConnectionSetup } from '../../api/schema.js'
import { useSaml } from '../single-sign-on/use-saml.js'
import type { Step } from './steps.js'

const WATCH_MS = 2_000

export type SetupCheck = ConnectionSetup['checks'][number]

/** What the server has seen of a connection, read again while somebody looks. */
export function useSetup({ id: connectionId }: Connection) {
  const { data: setup, error } = useRead(
    'GET /accounts/{accountId}/connections/{connectionId}/setup',
    { params: { connectionId } },
    { refetchInterval: WATCH_MS },
  )
  const { saml } = useSaml(connectionId)
  const isDone = (name: SetupCheck['check']): boolean =>
    setup?.checks.some(({ check, state }) => check === name && state === 'done') ?? false
  return {
    setup,
    error,
    isDone,
    isSeen: ({ check }: Step): boolean =>
      check === 'metadata' ? saml !== undefined : check !== undefined && isDone(check),
  }
}
