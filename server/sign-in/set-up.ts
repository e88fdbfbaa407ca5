import express, { type Request, type RequestHandler, type Response } from 'express'
import type { Deps } from '../../accounts/deps.js'
import { AccountError } from '../../accounts/errors.js'
import {
  beginSetUp,
  finishSetUp,
  getSetUp,
  type SetUp,
  type SetUpDraft,
  type SetUpInput,
} from '../../accounts/set-up.js'
import { countWrongCode, type OpenStep, readStep } from '../../accounts/sign-in-steps.js'
import { type Entering, enteringOf, fieldOf, keepStep, letIn, problemOf } from './entering.js'
import type { FormProblem } from './form.js'
import { keepLanguage, languageOf, say } from './language.js'
import { refuseLink } from './links.js'
import { sendPage } from './page.js'
import { factorPage, recoveryPage } from './password-pages.js'
import type { SignInOptions } from './router.js'
import { checkOrigin } from './session-routes.js'
import { setUpPage } from './set-up-pages.js'

const MAX_BYTES = 10_240
const OWN_FORMS = { formAction: "'self'" }

/** The pages behind a set-up link: who becomes the owner, her second factor, her recovery codes. */
export function setUpRouter(deps: Deps, options: SignInOptions): express.Router {
  const router = express.Router()
  const form = express.urlencoded({ extended: false, limit: MAX_BYTES })
  router.get('/setup/:token', inSetUp(deps, options, show))
  router.post('/setup/:token', form, inSetUp(deps, options, follow))
  return router
}

/** One request of a set-up that may go on. */
interface Place {
  readonly deps: Deps
  readonly options: SignInOptions
  readonly setUp: SetUp
  readonly request: Request
  readonly response: Response
  readonly entering: Entering
  /** What was done on the page before, for this link. */
  readonly step: OpenStep<SetUpDraft> | undefined
}

/** Links are too long to be guessed; who tries all the same is told to wait like everybody who fails often. */
function inSetUp(deps: Deps, options: SignInOptions, work: (place: Place) => Promise<void>): RequestHandler {
  return async (request, response) => {
    checkOrigin(request, options.publicUrl)
    keepLanguage(request, response)
    const entering = enteringOf(deps, options, request, response)
    const counted = { address: request.ip ?? '' }
    try {
      await options.limits.passwords.check(counted)
      const setUp = await getSetUp(deps, String(request.params.token))
      const found = await readStep<SetUpDraft>(deps, deps.db, 'setup', entering.step)
      const step = found?.draft.linkHash === setUp.link.id_hash ? found : undefined
      await work({ deps, options, setUp, request, response, entering, step })
    } catch (error) {
      if (error instanceof AccountError && error.code === 'link_unknown') await options.limits.passwords.add(counted)
      refuseLink(request, response, error, 'link_set_up_hint')
    }
  }
}

const NOTHING_TYPED = { accountName: '', givenName: '', familyName: '', email: '' }

async function show(place: Place): Promise<void> {
  if (place.step !== undefined) return showFactor(place, 200)
  showDetails(place, 200, NOTHING_TYPED)
}

function showDetails(
  { request, response, setUp }: Place,
  status: number,
  typed: Omit<SetUpInput, 'password'>,
  problem?: FormProblem,
): void {
  const html = setUpPage(languageOf(request), request.path, setUp.accountName, typed, problem)
  sendPage(response, status, html, OWN_FORMS)
}

function showFactor({ request, response, step }: Place, status: number, problem?: FormProblem): void {
  const rest = { action: request.path, hidden: { page: 'factor' }, ...(problem !== undefined && { problem }) }
  sendPage(response, status, factorPage(languageOf(request), step!.draft, rest), OWN_FORMS)
}

async function follow(place: Place): Promise<void> {
  if (fieldOf(place.request, 'page') === 'factor' && place.step !== undefined) return confirm(place, place.step)
  await describe(place)
}

async function describe(place: Place): Promise<void> {
  const { deps, options, setUp, request, response } = place
  const field = (name: keyof SetUpInput) => fieldOf(request, name)
  const typed = {
    accountName: field('accountName'),
    givenName: field('givenName'),
    familyName: field('familyName'),
    email: field('email'),
  }
  try {
    keepStep(options, response, await beginSetUp(deps, setUp, { ...typed, password: field('password') }))
  } catch (error) {
    if (!(error instanceof AccountError)) throw error
    const problem = problemOf(languageOf(request), error.code, fieldNamed(error))
    if (problem === undefined) throw error
    return showDetails(place, 422, typed, problem)
  }
  response.redirect(303, request.path)
}

/** `password_…` is about the password; other refusals name their field. */
function fieldNamed({ code, details }: AccountError): string {
  return code.startsWith('password_') ? 'password' : String(details.attribute ?? 'email')
}

async function confirm(place: Place, step: OpenStep<SetUpDraft>): Promise<void> {
  const { deps, options, request, response, entering } = place
  const entered = entering.request(200)
  entering.attempt.passed('password')
  try {
    entering.attempt.passed('second_factor')
    const { session, recoveryCodes } = await finishSetUp(deps, step, fieldOf(request, 'code', 32), entered)
    letIn(deps, options, response, session, entered)
    sendPage(response, 200, recoveryPage(languageOf(request), recoveryCodes, '/'))
  } catch (error) {
    if (!(error instanceof AccountError)) throw error
    const language = languageOf(request)
    if (error.code === 'owner_must_be_local')
      return showDetails(place, 409, step.draft, problemOf(language, error.code, 'email'))
    if (error.code !== 'code_wrong') throw error
    if (!(await countWrongCode(deps, step))) return showFactor(place, 403, problemOf(language, 'code_wrong', 'code'))
    showDetails(place, 403, step.draft, { text: say(language, 'factor_again'), field: 'password' })
  }
}
