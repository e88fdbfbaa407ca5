import { createHash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import express, { type Request, type RequestHandler, type Response } from 'express'
import type { Deps } from '../../accounts/deps.js'
import { AccountError } from '../../accounts/errors.js'
import {
  afterPassword,
  type Candidates,
  type EnrolDraft,
  enterWithCode,
  enterWithNewFactor,
  findCandidates,
  type RefusedPassword,
  type StepDraft,
  whosePassword,
  writeRefusedPassword,
} from '../../accounts/password-sign-in.js'
import { hashSecret } from '../../accounts/sessions.js'
import { SignInError } from '../../accounts/sign-in-errors.js'
import { countWrongCode, type OpenStep, readStep } from '../../accounts/sign-in-steps.js'
import type { Login } from '../../db/passwords.js'
import { fold } from '../../filter/fold.js'
import type { Counted, RateLimit } from '../rate-limit.js'
import { meaningOf, type RefusalCode } from './codes.js'
import { type Entering, enteringOf, fieldOf, keepStep, letIn, problemOf } from './entering.js'
import { languageOf, say } from './language.js'
import { targetFrom } from './login.js'
import { sendPage } from './page.js'
import { refusalPage, signInPage } from './pages.js'
import { codePage, factorPage, passwordPage, recoveryPage } from './password-pages.js'
import type { SignInOptions } from './router.js'
import { checkOrigin } from './session-routes.js'

const MAX_BYTES = 10_240
const SLOW_MS = 1_000
const OWN_FORMS = { formAction: "'self'" }

/** Signing in by password: the password, then a code, or for an administrator without one her second factor. */
export function passwordRouter(deps: Deps, options: SignInOptions): express.Router {
  const router = express.Router()
  const form = express.urlencoded({ extended: false, limit: MAX_BYTES })
  const on = (handler: (place: Place) => Promise<void>) => inPlace(deps, options, handler)
  router.post('/sign-in/password', form, on(password))
  router.get('/sign-in/code', on(showCode))
  router.post('/sign-in/code', form, on(code))
  router.get('/sign-in/second-factor', on(showFactor))
  router.post('/sign-in/second-factor', form, on(factor))
  return router
}

/** One request of a sign-in by password. */
export interface Place {
  readonly deps: Deps
  readonly options: SignInOptions
  readonly request: Request
  readonly response: Response
  readonly entering: Entering
}

function inPlace(deps: Deps, options: SignInOptions, handler: (place: Place) => Promise<void>): RequestHandler {
  return async (request, response) => {
    checkOrigin(request, options.publicUrl)
    await handler({ deps, options, request, response, entering: enteringOf(deps, options, request, response) })
  }
}

/** Under what a wrong password counts: a browser that is known answers for itself, so nobody else can close it out. */
function countedFor({ options, request, entering }: Place, known: Login | undefined): [RateLimit, Counted] {
  if (known === undefined) return [options.limits.passwords, { address: request.ip ?? '' }]
  const of = { accountId: known.account_id, id: known.user_id }
  return [options.limits.knownPasswords, { address: hashSecret(entering.device ?? ''), of }]
}

async function password(place: Place): Promise<void> {
  const { deps, options, request, response, entering } = place
  const [email, target] = [fieldOf(request, 'email'), targetFrom(fieldOf(request, 'target', 2_048))]
  const language = languageOf(request)
  const candidates = await findCandidates(deps, email, entering.device)
  const [limit, counted] = countedFor(place, candidates.known)
  const slow = { address: createHash('sha256').update(fold(email.trim())).digest('base64url') }
  const limited = () => {
    response.set('Retry-After', '60').set('X-Usher-Code', 'rate_limited')
    sendPage(
      response,
      429,
      passwordPage(language, email, target, { text: say(language, 'sign_in_limited') }),
      OWN_FORMS,
    )
  }
  if (await limit.isReached(counted)) return limited()
  // Whoever guesses from many addresses waits, and so does she herself in a browser that is new: for this long at most.
  if (candidates.known === undefined && (await options.limits.slowPasswords.isReached(slow))) await setTimeout(SLOW_MS)
  const login = await whosePassword(deps, candidates, fieldOf(request, 'password')).catch((error: unknown) => {
    if (error instanceof AccountError && error.code === 'too_busy') return 'too_busy' as const
    throw error
  })
  if (login === 'too_busy') return limited()
  if (login === undefined) {
    await tellWrong(place, candidates, [
      [limit, counted],
      [options.limits.slowPasswords, slow],
    ])
    response.set('X-Usher-Code', 'password_wrong')
    const problem = problemOf(language, 'password_wrong', 'password')
    return sendPage(response, 403, passwordPage(language, email, target, problem), OWN_FORMS)
  }
  entering.attempt.passed('password')
  await goOn(place, login, { target, isKnownDevice: candidates.known === login })
}

/** One transaction, whether somebody was meant or nobody: the time that it takes says nothing. */
async function tellWrong(
  { deps, entering }: Place,
  { logins }: Candidates,
  counts: readonly (readonly [RateLimit, Counted])[],
): Promise<void> {
  entering.attempt.failed('password')
  const request = entering.request(403)
  const refused = { code: 'password_wrong', message: 'The password was wrong.' }
  await deps.db.transaction(async (tx) => {
    for (const [limit, counted] of counts) await limit.addIn(tx, counted)
    await writeRefusedPassword(deps, tx, logins, refused, request)
  })
}

/** After a right password: in, or on to the code. */
export async function goOn(place: Place, login: Login, draft: StepDraft): Promise<void> {
  const { deps, options, response, entering } = place
  const entered = entering.request(303)
  try {
    const next = await afterPassword(deps, login, draft, entered)
    if (next.kind === 'entered') {
      letIn(deps, options, response, next.session, entered)
      response.redirect(303, draft.target)
    } else {
      keepStep(options, response, next.secret)
      response.redirect(303, next.kind === 'code' ? '/sign-in/code' : '/sign-in/second-factor')
    }
  } catch (error) {
    if (!(error instanceof SignInError)) throw error
    await tellRefused(place, [login], error)
    answerRefused(place, error.code)
  }
}

async function tellRefused(
  { deps, entering }: Place,
  people: readonly Pick<Login, 'account_id' | 'user_id'>[],
  { code, message }: RefusedPassword & { readonly code: RefusalCode },
): Promise<void> {
  entering.attempt.failed(meaningOf(code).check)
  const request = entering.request(403)
  await deps.db.transaction((tx) => writeRefusedPassword(deps, tx, people, { code, message }, request))
}

function answerRefused({ request, response, entering, options }: Place, code: RefusalCode): void {
  options.cookies.clear(response, 'step')
  response.set('X-Usher-Code', code)
  sendPage(response, 403, refusalPage(languageOf(request), code, entering.attempt.id.replaceAll('-', '')))
}

/** Without a step that is open one begins at the address again. */
function again({ request, response, options }: Place, isLate: boolean): void {
  const language = languageOf(request)
  options.cookies.clear(response, 'step')
  if (isLate) sendPage(response, 403, signInPage(language, '', '/', 'step_again'), OWN_FORMS)
  else response.redirect(303, '/sign-in')
}

async function showCode(place: Place): Promise<void> {
  const step = await readStep<StepDraft>(place.deps, place.deps.db, 'code', place.entering.step)
  if (step === undefined) return again(place, false)
  sendPage(place.response, 200, codePage(languageOf(place.request)), OWN_FORMS)
}

async function code(place: Place): Promise<void> {
  const { deps, options, request, response, entering } = place
  const step = await readStep<StepDraft>(deps, deps.db, 'code', entering.step)
  if (step === undefined) return again(place, true)
  const entered = entering.request(303)
  entering.attempt.passed('password')
  try {
    entering.attempt.passed('second_factor')
    const session = await enterWithCode(deps, step, fieldOf(request, 'code', 64), entered)
    letIn(deps, options, response, session, entered)
    response.redirect(303, step.draft.target)
  } catch (error) {
    if (!(error instanceof SignInError)) throw error
    await tellRefused(place, peopleOf(step), error)
    if (!error.code.startsWith('code_')) return answerRefused(place, error.code)
    if (await countWrongCode(deps, step)) return again(place, true)
    response.set('X-Usher-Code', error.code)
    const language = languageOf(request)
    sendPage(response, 403, codePage(language, problemOf(language, error.code, 'code')), OWN_FORMS)
  }
}

function peopleOf({ row }: OpenStep<unknown>) {
  return [{ account_id: row.account_id, user_id: row.user_id ?? '' }]
}

const FACTOR_FORM = { action: '/sign-in/second-factor' }

async function showFactor(place: Place): Promise<void> {
  const step = await readStep<EnrolDraft>(place.deps, place.deps.db, 'enrol', place.entering.step)
  if (step === undefined) return again(place, false)
  sendPage(place.response, 200, factorPage(languageOf(place.request), step.draft, FACTOR_FORM), OWN_FORMS)
}

async function factor(place: Place): Promise<void> {
  const { deps, options, request, response, entering } = place
  const step = await readStep<EnrolDraft>(deps, deps.db, 'enrol', entering.step)
  if (step === undefined) return again(place, true)
  const language = languageOf(request)
  const entered = entering.request(200)
  entering.attempt.passed('password')
  try {
    entering.attempt.passed('second_factor')
    const { session, recoveryCodes } = await enterWithNewFactor(deps, step, fieldOf(request, 'code', 32), entered)
    letIn(deps, options, response, session, entered)
    sendPage(response, 200, recoveryPage(language, recoveryCodes, step.draft.target))
  } catch (error) {
    if (error instanceof SignInError) {
      await tellRefused(place, peopleOf(step), error)
      return answerRefused(place, error.code)
    }
    if (!(error instanceof AccountError) || error.code !== 'code_wrong') throw error
    if (await countWrongCode(deps, step)) return again(place, true)
    const problem = problemOf(language, 'code_wrong', 'code')
    const rest = { ...FACTOR_FORM, ...(problem !== undefined && { problem }) }
    sendPage(response, 403, factorPage(language, step.draft, rest), OWN_FORMS)
  }
}
