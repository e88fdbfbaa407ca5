import type { Request } from 'express'
import type { SignInFacts } from '../../accounts/events.js'
import type { SignInRequest } from '../../accounts/sign-in.js'

/** One request of a sign-in: what the log will say of it, whatever becomes of it. */
export interface SignInAttempt {
  readonly id: string
  /** The secret that binds the browser to what it began. */
  readonly browser: string | undefined
  /** Add to what is known. */
  learn(facts: Partial<SignInFacts>): void
  request(status: number): Omit<SignInRequest, 'sessionHours'>
}

export function attemptOf(request: Request, id: string, browser: string | undefined): SignInAttempt {
  const startedAt = performance.now()
  let facts: SignInFacts = { flow: 'sp' }
  const userAgent = request.headers['user-agent']?.slice(0, 500)
  return {
    id,
    browser,
    learn(more) {
      facts = { ...facts, ...more }
    },
    request: (status) => ({
      id,
      facts,
      http: {
        method: request.method,
        path: `${request.baseUrl}${request.path}`,
        status,
        durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
        address: request.ip ?? '',
        ...(userAgent !== undefined && { userAgent }),
      },
    }),
  }
}
