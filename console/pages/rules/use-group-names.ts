import { useDebouncedValue } from '@mantine/hooks'
import { useRead } from '../../api/queries.js'

const PAUSE_MS = 250
/** Fewer characters search nothing (PRODUCT GTA-13); without any the first groups are proposed. */
const MIN_CHARACTERS = 2

/** Groups of a directory whose names begin so. */
export function useGroups(connectionId: string, words: string) {
  const [asked] = useDebouncedValue(words.trim(), PAUSE_MS)
  const query = { limit: 20, ...(asked.length < MIN_CHARACTERS ? {} : { q: asked }) }
  const { data } = useRead('GET /accounts/{accountId}/connections/{connectionId}/groups', {
    params: { connectionId },
    query,
  })
  return data?.items ?? []
}

/** Names of groups to propose. */
export function useGroupNames(connectionId: string, words: string): readonly string[] {
  return [...new Set(useGroups(connectionId, words).map(({ displayName }) => displayName))]
}
