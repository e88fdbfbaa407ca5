import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type CallInput, call, tracedCall } from './client.js'
import { type Reading, refresh, type WriteInput, type Writing } from './queries.js'
import type { Job } from './schema.js'
import { useMay, useSession } from './session.js'

/** Write something whose consequences follow in the background; resolves to the id of the job that brings them. */
export function useFollowedWrite<Call extends Writing>(name: Call, makesStale: readonly Reading[] = []) {
  const { account } = useSession()
  const mayLog = useMay()('logs.view')
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: WriteInput<Call>) => tracedChange(account.id, mayLog, name, input),
    onSuccess: () => refresh(client, makesStale),
  })
}

/**
 * Write, and find the job that follows: the event of the call names it, so who may not read the log (`mayLog`) is not
 * told. Throws ApiError where the write is refused.
 */
export async function tracedChange<Call extends Writing>(
  accountId: string,
  mayLog: boolean,
  name: Call,
  input: WriteInput<Call>,
): Promise<string | undefined> {
  const { requestId } = await tracedCall(accountId, name, input as CallInput<Call>)
  return requestId === null || !mayLog ? undefined : jobOf(accountId, requestId)
}

/** What changed nothing left no event, and has no job. */
async function jobOf(accountId: string, requestId: string): Promise<string | undefined> {
  try {
    const params = { eventId: requestId }
    const { effects } = await call(accountId, 'GET /accounts/{accountId}/events/{eventId}', { params })
    return effects.find(({ kind }) => kind === 'job')?.jobId as string | undefined
  } catch {
    // The change itself is saved; only where it stands cannot be told.
    return undefined
  }
}

const POLL_MS = 1_000

/** A job, read again until it is through. */
export function useJob(jobId: string) {
  const { account } = useSession()
  return useQuery({
    queryKey: ['GET /accounts/{accountId}/jobs/{jobId}', jobId],
    queryFn: ({ signal }) =>
      call(account.id, 'GET /accounts/{accountId}/jobs/{jobId}', { params: { jobId }, signal }) as Promise<Job>,
    refetchInterval: ({ state }) => (state.data?.state === 'open' ? POLL_MS : false),
  })
}
