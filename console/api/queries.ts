import {
  keepPreviousData,
  type QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { type Answer, ApiError, type Body, type CallInput, call, type Params, type Query } from './client.js'
import type { Calls } from './schema.js'
import { useSession } from './session.js'

export type Reading = Extract<keyof Calls, `GET ${string}`>
export type Writing = Exclude<keyof Calls, Reading>
type ListCall = { [Call in Reading]: Answer<Call> extends { items: unknown[] } ? Call : never }[Reading]

export interface ReadOptions {
  readonly enabled?: boolean
  /** Read again every so many milliseconds while the page is looked at. */
  readonly refetchInterval?: number | false
  readonly staleTime?: number
}

/** Read one thing. The key is the call itself, so that `useWrite` can name what it makes stale. */
export function useRead<Call extends Reading>(
  name: Call,
  input: Omit<CallInput<Call>, 'body' | 'signal'> = {},
  options: ReadOptions = {},
) {
  const { account } = useSession()
  return useQuery({
    queryKey: [name, input.params ?? {}, input.query ?? {}],
    queryFn: ({ signal }) => call(account.id, name, { ...input, signal }),
    placeholderData: keepPreviousData,
    ...options,
  })
}

/**
 * Read what may not be there: `data` is null where the API refuses with this code. A refusal that is no failure must not
 * stand as an error, because whoever looks next would ask again.
 */
export function useMaybe<Call extends Reading>(
  name: Call,
  input: Omit<CallInput<Call>, 'body' | 'signal'>,
  missingCode: string,
) {
  const { account } = useSession()
  return useQuery({
    queryKey: [name, input.params ?? {}, input.query ?? {}],
    queryFn: async ({ signal }): Promise<Answer<Call> | null> => {
      try {
        return await call(account.id, name, { ...input, signal })
      } catch (error) {
        if (error instanceof ApiError && error.problem.code === missingCode) return null
        throw error
      }
    },
  })
}

/** Read a list page by page; `rows` are all that were read so far. */
export function useList<Call extends ListCall>(
  name: Call,
  input: Omit<CallInput<Call>, 'body' | 'signal'> = {},
  options: ReadOptions = {},
) {
  const { account } = useSession()
  const query = useInfiniteQuery({
    queryKey: [name, input.params ?? {}, input.query ?? {}, 'pages'],
    queryFn: ({ signal, pageParam }) =>
      call(account.id, name, {
        ...input,
        query: { ...(input.query as object | undefined), cursor: pageParam || undefined } as Query<Call>,
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => (page as { nextCursor?: string }).nextCursor,
    placeholderData: keepPreviousData,
    ...options,
  })
  type Item = Answer<Call> extends { items: (infer One)[] } ? One : never
  const rows = query.data?.pages.flatMap((page) => (page as { items: Item[] }).items)
  return { ...query, rows }
}

export type ListResult = ReturnType<typeof useList<ListCall>>

export interface WriteInput<Call extends keyof Calls> {
  readonly params?: Params<Call>
  readonly body?: Body<Call>
}

/** Write; when it is done, what was read by the named calls is read again. An error stays in `error` for the form. */
export function useWrite<Call extends Writing>(name: Call, makesStale: readonly Reading[] = []) {
  const { account } = useSession()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: WriteInput<Call>) => call(account.id, name, input as CallInput<Call>),
    onSuccess: () => refresh(client, makesStale),
  })
}

export async function refresh(client: QueryClient, calls: readonly Reading[]): Promise<void> {
  await Promise.all(calls.map((name) => client.invalidateQueries({ queryKey: [name] })))
}

/** The problem behind an error of a query or a mutation. */
export function problemOf(error: unknown): ApiError['problem'] {
  if (error instanceof ApiError) return error.problem
  return { status: 0, code: 'unexpected', detail: error instanceof Error ? error.message : String(error) }
}
