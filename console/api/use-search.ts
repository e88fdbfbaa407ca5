import { useNavigate, useSearch } from '@tanstack/react-router'
import type { Search } from '../routes.js'

/**
 * The state of a list, which lives in the address. `change` sets some of it and keeps the rest; an empty value leaves the
 * address. A change of filters replaces the entry of the history, so that Back leaves the page.
 */
export function useAddress(): readonly [Search, (changes: Search) => void] {
  const search = useSearch({ strict: false }) as Search
  const navigate = useNavigate()
  const change = (changes: Search) =>
    void navigate({ to: '.', search: { ...search, ...changes } as never, replace: true, resetScroll: false })
  return [search, change]
}
