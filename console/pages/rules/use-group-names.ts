import { useList } from '../../api/queries.js'
import { attributeOf } from './attributes.js'
import { builtFromFilter } from './condition.js'

/** Names of groups to propose: those that the rules of this connection name already. */
export function useGroupNames(connectionId: string): readonly string[] {
  const params = { connectionId }
  const { rows = [] } = useList('GET /accounts/{accountId}/connections/{connectionId}/rules', { params })
  const named = rows.flatMap(({ condition }) => builtFromFilter(condition)?.clauses ?? [])
  const groups = named.filter(({ path }) => attributeOf(path)?.type === 'group')
  return [...new Set(groups.map(({ value }) => String(value)))].filter((name) => name !== '').sort()
}
