import type { Calls } from './schema.js'

/** A refusal as RFC 9457 has it: act on `code`, show its text. */
export interface Problem {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly requestId?: string
  readonly errors?: readonly { readonly path: string; readonly message: string }[]
  readonly retryAfterSeconds?: number
  /** Whom the refusal is about, such as whoever has the address already. */
  readonly userId?: string
}

/** A call that was refused, or that never arrived (`code` is then `unreachable`, status 0). */
export class ApiError extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.detail)
    this.name = 'ApiError'
    this.problem = problem
  }
}

type Names<Path> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never
type PathOf<Call> = Call extends `${string} ${infer Path}` ? Path : never

/** What a call is given besides its account, which is the one of the session. */
export type Params<Call extends keyof Calls> = Readonly<Record<Exclude<Names<PathOf<Call>>, 'accountId'>, string>>
export type Query<Call extends keyof Calls> = Calls[Call]['query']
export type Body<Call extends keyof Calls> = Calls[Call]['body']
export type Answer<Call extends keyof Calls> = Calls[Call]['answer']

export interface CallInput<Call extends keyof Calls> {
  readonly params?: Params<Call>
  readonly query?: Query<Call>
  readonly body?: Body<Call>
  readonly signal?: AbortSignal
}

/** Below /api/v1, with the names in braces filled in and the query behind. */
export function addressOf(path: string, params: Readonly<Record<string, string>>, query: object = {}): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const words = new URLSearchParams()
  for (const [name, value] of Object.entries(query) as [string, unknown][]) {
    const text = Array.isArray(value) ? value.join(',') : value
    if (text !== undefined && text !== null && text !== '') words.set(name, String(text))
  }
  return `/api/v1${filled}${words.size === 0 ? '' : `?${words}`}`
}

/** Make a call of the admin API in one account. Throws ApiError. */
export async function call<Call extends keyof Calls>(
  accountId: string,
  name: Call,
  input: CallInput<Call> = {},
): Promise<Answer<Call>> {
  return (await tracedCall(accountId, name, input)).answer
}

/** Make a call, and keep the id under which the log has what it did. Throws ApiError. */
export async function tracedCall<Call extends keyof Calls>(
  accountId: string,
  name: Call,
  { params, query, body, signal }: CallInput<Call> = {},
): Promise<{ readonly answer: Answer<Call>; readonly requestId: string | null }> {
  const [method, path] = name.split(' ') as [string, string]
  const address = addressOf(path, { ...params, accountId }, query as object | undefined)
  const exchanged = await exchange(method, address, body, signal)
  return { answer: exchanged.body as Answer<Call>, requestId: exchanged.requestId }
}

/** Any request of ours: JSON there, JSON or nothing back. Throws ApiError. */
export async function request(method: string, address: string, body?: unknown, signal?: AbortSignal): Promise<unknown> {
  return (await exchange(method, address, body, signal)).body
}

async function exchange(method: string, address: string, body?: unknown, signal?: AbortSignal) {
  const response = await fetch(address, {
    method,
    headers: { Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted === true) throw error
    throw new ApiError({ status: 0, code: 'unreachable', detail: 'The server did not answer.' })
  })
  if (!response.ok) throw new ApiError(await problemOf(response))
  const answer: unknown = response.status === 204 ? undefined : await response.json()
  return { body: answer, requestId: response.headers.get('X-Request-Id') }
}

/** What stands between us and the server may answer in its own words. */
async function problemOf(response: Response): Promise<Problem> {
  const retryAfter = Number(response.headers.get('Retry-After') ?? Number.NaN)
  const retry = Number.isFinite(retryAfter) ? { retryAfterSeconds: retryAfter } : {}
  const requestId = response.headers.get('X-Request-Id')
  const known = { status: response.status, ...retry, ...(requestId === null ? {} : { requestId }) }
  // No JSON is what a proxy says: its status is all that there is to go by.
  const body: unknown = await response.json().catch(() => undefined)
  if (typeof body === 'object' && body !== null && 'code' in body) return { ...(body as Problem), ...known }
  return { ...known, code: response.status >= 500 ? 'internal' : 'unexpected', detail: response.statusText }
}
