import type { Request, Response } from 'express'
import type { Deps } from '../../accounts/deps.js'
import type { AccountErrorCode } from '../../accounts/errors.js'
import type { EnteringRequest } from '../../accounts/password-session.js'
import { newSecret } from '../../accounts/sessions.js'
import type { StartedSession } from '../../accounts/sign-in.js'
import { STEP_SECONDS } from '../../accounts/sign-in-steps.js'
import { attemptOf, type SignInAttempt } from './attempt.js'
import { isRefusalCode, type RefusalCode } from './codes.js'
import type { FormProblem } from './form.js'
import { type Language, say, sayCode } from './language.js'
import type { SignInOptions } from './router.js'
import { EN, type TextKey } from './texts/en.js'

const DEVICE_SECONDS = 31_536_000

/** A browser on its way in, by password or by a link. */
export interface Entering {
  readonly attempt: SignInAttempt
  /** What it did on the page before. */
  readonly step: string | undefined
  readonly device: string | undefined
  /** The request as its event tells of it, answered with this status. */
  request(status: number): EnteringRequest
}

export function enteringOf(deps: Deps, { cookies }: SignInOptions, request: Request, response: Response): Entering {
  const attempt = attemptOf(request, deps.newId(), undefined)
  attempt.learn({ flow: 'password' })
  response.set('X-Request-Id', attempt.id)
  const device = cookies.read(request, 'device')
  // One secret however often it is asked for: what is remembered is what the browser is given.
  const remembered = device ?? newSecret()
  return {
    attempt,
    device,
    step: cookies.read(request, 'step'),
    request(status) {
      const { id, http } = attempt.request(status)
      return {
        id,
        http,
        device: remembered,
        get facts() {
          return attempt.facts
        },
      }
    },
  }
}

/** The browser is in: it gets its session, is known from now on, and what it did between pages is done. */
export function letIn(
  deps: Deps,
  { cookies }: SignInOptions,
  response: Response,
  session: StartedSession,
  { device }: EnteringRequest,
): void {
  const seconds = Math.floor((session.expiresAt.getTime() - deps.now().getTime()) / 1_000)
  cookies.set(response, 'session', session.secret, Math.max(seconds, 0))
  cookies.set(response, 'device', device, DEVICE_SECONDS)
  cookies.clear(response, 'step')
}

export function keepStep({ cookies }: SignInOptions, response: Response, secret: string): void {
  cookies.set(response, 'step', secret, STEP_SECONDS)
}

/** Texts of a form as they came; whatever is no text is empty. */
export function fieldOf({ body }: Request, name: string, most = 1_024): string {
  const value: unknown = ((body ?? {}) as Record<string, unknown>)[name]
  return typeof value === 'string' ? value.slice(0, most) : ''
}

/** What a form says of a refusal; undefined where no form has words for it. */
export function problemOf(
  language: Language,
  code: AccountErrorCode | RefusalCode,
  field?: string,
): FormProblem | undefined {
  const key = `problem_${code}`
  const text = Object.hasOwn(EN, key)
    ? say(language, key as TextKey)
    : isRefusalCode(code)
      ? sayCode(language, code)
      : undefined
  return text === undefined ? undefined : { text, ...(field !== undefined && { field }) }
}
