import type { Request } from 'express'
import { durationOf } from '../../accounts/directory-request.js'
import type { SignInFacts } from '../../accounts/events.js'
import type { CheckResult, SignInCheck, SignInTrace } from '../../accounts/sign-in-checks.js'
import type { SignInRequest } from '../../accounts/sign-in-log.js'
import { redactedResponse } from '../../saml/redact-response.js'
import { userAgentOf } from '../user-agent.js'

/** One request of a sign-in: what the log will say of it, whatever becomes of it. */
export interface SignInAttempt extends SignInTrace {
  readonly id: string
  /** The secret that binds the browser to what it began. */
  readonly browser: string | undefined
  /** Where the request comes from, as the limits count it. */
  readonly address: string
  /** The test that it is a part of. */
  readonly testId: string | undefined
  readonly facts: SignInFacts
  isTest(id: string): void
  /** It ended at this check. */
  failed(check: SignInCheck): void
  /** Keep the answer of the identity provider, as XML, with the event: without its secrets. */
  keep(answer: string): void
  /** It is the beginning of a sign-in. */
  readonly begins: boolean
  /** The answer is for a request of ours. */
  readonly belongs: boolean
  belongsHere(): void
  request(status: number): SignInRequest
}

export function attemptOf(request: Request, id: string, browser: string | undefined): SignInAttempt {
  const startedAt = performance.now()
  const checks = new Map<SignInCheck, CheckResult>()
  const userAgent = userAgentOf(request)
  const address = request.ip ?? ''
  let learned: SignInFacts = { flow: 'sp' }
  let testId: string | undefined
  let answer: string | undefined
  let belongs = false
  const facts = (): SignInFacts => ({ ...learned, checks: [...checks.values()] })
  return {
    id,
    browser,
    address,
    get testId() {
      return testId
    },
    get facts() {
      return facts()
    },
    begins: request.path.endsWith('/login'),
    get belongs() {
      return belongs
    },
    belongsHere() {
      belongs = true
    },
    isTest(id) {
      testId = id
    },
    keep(xml) {
      answer = xml
    },
    passed: (check) => void checks.set(check, { check, passed: true }),
    failed: (check) => {
      checks.delete(check)
      checks.set(check, { check, passed: false })
    },
    learn(more) {
      learned = { ...learned, ...more }
    },
    request(status) {
      return {
        id,
        get facts() {
          return facts()
        },
        trace: this,
        answer: answer && redactedResponse(answer),
        http: {
          method: request.method,
          path: `${request.baseUrl}${request.path}`,
          status,
          durationMs: durationOf({ startedAt }),
          address,
          ...(userAgent !== undefined && { userAgent }),
        },
      }
    },
  }
}
