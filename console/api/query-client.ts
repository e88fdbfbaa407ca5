import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiError } from './client.js'
import { SESSION_KEY } from './session.js'

/** Worth another try by itself: what never arrived, and what the server could not do just now. */
function isPassing(error: unknown): boolean {
  return error instanceof ApiError && (error.problem.status === 0 || error.problem.status >= 500)
}

/** Whoever is signed out, or lost a right, learns it at once: the session is asked for anew. */
function noticeLoss(error: unknown): void {
  if (!(error instanceof ApiError)) return
  const { status, code } = error.problem
  if (status === 401 || code === 'forbidden') void queryClient.invalidateQueries({ queryKey: SESSION_KEY })
}

/** Everything that was read of the server. */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      if (query.queryKey[0] !== SESSION_KEY[0]) noticeLoss(error)
    },
  }),
  mutationCache: new MutationCache({ onError: noticeLoss }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => failures < 2 && isPassing(error),
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
})
