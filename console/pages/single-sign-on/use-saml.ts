import { useMaybe } from '../../api/queries.js'
import type { Saml } from '../../api/schema.js'

export const SAML = '/accounts/{accountId}/connections/{connectionId}/saml'

export interface SamlState {
  /** Undefined where sign-in is not set up, or nothing is known yet. */
  readonly saml: Saml | undefined
  readonly isPending: boolean
  readonly error: unknown
  readonly refetch: () => unknown
}

/** Sign-in of a connection; that it is not set up is an answer, no failure. */
export function useSaml(connectionId: string): SamlState {
  const { data, error, isPending, refetch } = useMaybe(`GET ${SAML}`, { params: { connectionId } }, 'saml_not_set_up')
  return { saml: data ?? undefined, isPending, error, refetch }
}
