import { useRead } from '../../api/queries.js'
import { useMay } from '../../api/session.js'
import { ATTRIBUTES, type ConditionAttribute, type FindAttribute, findAmong, ownAttribute } from './attributes.js'

/** What conditions of this account may ask about: the known attributes and its own. */
export function useAttributes(): {
  readonly attributes: readonly ConditionAttribute[]
  readonly find: FindAttribute
  /** Whether those of the account are known by now. */
  readonly isReady: boolean
} {
  const enabled = useMay()('users.view')
  const { data, isPending } = useRead('GET /accounts/{accountId}/attributes', {}, { enabled, staleTime: 60_000 })
  const own = (data?.items ?? []).flatMap((one) => ownAttribute(one) ?? [])
  return { attributes: [...ATTRIBUTES, ...own], find: findAmong(own), isReady: !enabled || !isPending }
}
