import type { Request, Response } from 'express'
import type { Connection } from '../../accounts/connection.js'
import type { Deps } from '../../accounts/deps.js'
import { getEvent } from '../../accounts/events-read.js'
import { SignInError } from '../../accounts/sign-in-errors.js'
import { recordRefusedSignIn, type SignInRefusal } from '../../accounts/sign-in-log.js'
import { recordFailedTest } from '../../accounts/sign-in-test.js'
import { SamlError } from '../../saml/errors.js'
import { RequestError } from '../problem.js'
import { RefusedByMode } from './acs.js'
import type { SignInAttempt } from './attempt.js'
import { meaningOf, publicCode, type RefusalCode } from './codes.js'
import { languageOf } from './language.js'
import type { SignInLimits } from './limits.js'
import { sendPage } from './page.js'
import { refusalPage, testPage } from './pages.js'

/** A step of a sign-in that was refused, and where. */
export interface RefusedStep {
  readonly deps: Deps
  readonly connection: Connection
  readonly attempt: SignInAttempt
  readonly limits: SignInLimits
  readonly request: Request
  readonly response: Response
}

interface Refused extends Omit<SignInRefusal, 'code'> {
  readonly code: RefusalCode
}

/**
 * Answer a refusal with a page that has a code and an id, and log the reason. More than thirty a minute of one address at
 * one connection are limited and no longer logged, unless they answer requests of ours. What is no refusal is thrown on.
 */
export async function refuse(step: RefusedStep, error: unknown): Promise<void> {
  const { deps, connection, attempt, limits } = step
  const refused = refusalFrom(error)
  if (refused === undefined) throw error
  const { address } = attempt
  const counted = { address, of: connection }
  await (attempt.begins ? limits.starts : limits.posts).add({ address })
  const beyond = attempt.belongs ? 0 : await limits.failures.add(counted)
  if (beyond === 0) {
    if (error instanceof SamlError) attempt.learn(error.comparison)
    await record(deps, connection, attempt, refused)
    return answer(step, refused.code, attempt.testId !== undefined)
  }
  // Who begins is told the reason however often: nothing of it can be guessed.
  if (attempt.begins) return answer(step, refused.code, false)
  const message = `More than 30 sign-ins from ${attempt.address} were refused within a minute.`
  if (beyond === 1) await record(deps, connection, attempt, { code: 'rate_limited', message, userId: undefined })
  sendLimited(step.request, step.response, limits.failures.reached(), attempt.id)
}

function refusalFrom(error: unknown): Refused | undefined {
  if (error instanceof SamlError && error.code !== 'bad_metadata')
    return { code: error.code, message: error.message, userId: undefined }
  if (error instanceof SignInError) return { code: error.code, message: error.message, userId: error.userId }
  if (error instanceof RefusedByMode) return { code: error.code, message: error.message, userId: undefined }
  return undefined
}

/** A test is told to whoever asked for it. */
function record(deps: Deps, connection: Connection, attempt: SignInAttempt, refused: Refused): Promise<void> {
  attempt.failed(meaningOf(refused.code).check)
  const request = attempt.request(refused.code === 'rate_limited' ? 429 : 403)
  if (attempt.testId === undefined) return recordRefusedSignIn(deps, connection, refused, request)
  return recordFailedTest(deps, connection, attempt.testId, refused, request)
}

async function answer(
  { deps, connection, attempt, request, response }: RefusedStep,
  code: RefusalCode,
  tested: boolean,
): Promise<void> {
  const shown = publicCode(code)
  const language = languageOf(request)
  response.set('X-Usher-Code', shown)
  if (!tested) return sendPage(response, 403, refusalPage(language, shown, attempt.id.replaceAll('-', '')))
  const event = await getEvent(deps, connection.accountId, attempt.id, false)
  sendPage(response, 403, testPage(language, event))
}

/** The page of whoever comes too often. */
export function sendLimited(request: Request, response: Response, error: unknown, id: string): void {
  const seconds = error instanceof RequestError ? (error.details.retryAfterSeconds ?? 60) : 60
  response.set('Retry-After', String(seconds)).set('X-Usher-Code', 'rate_limited')
  sendPage(response, 429, refusalPage(languageOf(request), 'rate_limited', id.replaceAll('-', '')))
}

/** Is this the refusal of who came too often? */
export function isLimited(error: unknown): boolean {
  return error instanceof RequestError && error.code === 'rate_limited'
}
