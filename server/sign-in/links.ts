import express, { type Request, type RequestHandler, type Response } from 'express'
import type { Deps } from '../../accounts/deps.js'
import { AccountError } from '../../accounts/errors.js'
import { followInvitation, getInvitation } from '../../accounts/invitations.js'
import { askForReset, followReset, getReset } from '../../accounts/password-reset.js'
import type { Login } from '../../db/passwords.js'
import { type Entering, enteringOf, fieldOf, problemOf } from './entering.js'
import { type FormProblem, formPage } from './form.js'
import { keepLanguage, languageOf, say } from './language.js'
import { page, paragraph, sendPage } from './page.js'
import { goOn } from './password.js'
import { addressField, passwordField } from './password-pages.js'
import { isLimited } from './refusal.js'
import type { SignInOptions } from './router.js'
import { checkOrigin } from './session-routes.js'
import { brokenLinkPage } from './set-up-pages.js'
import type { TextKey } from './texts/en.js'

const MAX_BYTES = 10_240
const MAX_ADDRESS = 512
const OWN_FORMS = { formAction: "'self'" }

/** Pages behind links that were mailed: an invitation, a new password; and the page that asks for one. */
export function linkRouter(deps: Deps, options: SignInOptions): express.Router {
  const router = express.Router()
  const form = express.urlencoded({ extended: false, limit: MAX_BYTES })
  for (const kind of Object.values(KINDS)) {
    router.get(kind.path, behindLink(deps, options, kind))
    router.post(kind.path, form, behindLink(deps, options, kind))
  }
  router.get('/forgotten', (request, response) => {
    keepLanguage(request, response)
    sendPage(response, 200, forgottenPage(request), OWN_FORMS)
  })
  router.post('/forgotten', form, ask(deps, options))
  return router
}

/** A link by which somebody sets her password. */
interface LinkKind {
  readonly path: string
  readonly title: TextKey
  /** What to do where it does not work. */
  readonly hint: TextKey
  /** Refuses: link_unknown, link_used, link_expired. */
  readonly open: (deps: Deps, secret: string) => Promise<OpenLink>
}

interface OpenLink {
  readonly accountName: string | undefined
  readonly email: string
  readonly follow: (password: string, request: ReturnType<Entering['request']>) => Promise<Login>
}

const KINDS: Readonly<Record<'invitation' | 'reset', LinkKind>> = {
  invitation: {
    path: '/invitation/:token',
    title: 'invitation_title',
    hint: 'link_invitation_hint',
    async open(deps, secret) {
      const invitation = await getInvitation(deps, secret)
      const { accountName, user } = invitation
      const follow: OpenLink['follow'] = (password, request) => followInvitation(deps, invitation, password, request)
      return { accountName, email: user.email ?? '', follow }
    },
  },
  reset: {
    path: '/reset/:token',
    title: 'reset_title',
    hint: 'link_reset_hint',
    async open(deps, secret) {
      const reset = await getReset(deps, secret)
      const follow: OpenLink['follow'] = (password, request) => followReset(deps, reset, password, request)
      return { accountName: undefined, email: reset.user.email ?? '', follow }
    },
  },
}

const LINK_STATUS: Readonly<Record<string, number>> = { link_unknown: 404, link_used: 410, link_expired: 410 }

function behindLink(deps: Deps, options: SignInOptions, kind: LinkKind): RequestHandler {
  return async (request, response) => {
    checkOrigin(request, options.publicUrl)
    keepLanguage(request, response)
    const counted = { address: request.ip ?? '' }
    try {
      await options.limits.passwords.check(counted)
      const link = await kind.open(deps, String(request.params.token))
      if (request.method === 'POST') await setPassword(deps, options, kind, link, request, response)
      else sendPage(response, 200, newPasswordPage(request, kind, link), OWN_FORMS)
    } catch (error) {
      if (error instanceof AccountError && error.code === 'link_unknown') await options.limits.passwords.add(counted)
      refuseLink(request, response, error, kind.hint)
    }
  }
}

/** A link that does not work, in words. Throws on what is something else. */
export function refuseLink(request: Request, response: Response, error: unknown, hint: TextKey): void {
  const language = languageOf(request)
  if (isLimited(error)) {
    response.set('X-Usher-Code', 'rate_limited')
    sendPage(response, 429, brokenLinkPage(language, 'sign_in_limited', undefined))
    return
  }
  const status = error instanceof AccountError ? LINK_STATUS[error.code] : undefined
  if (status === undefined) throw error
  const { code } = error as AccountError
  response.set('X-Usher-Code', code)
  sendPage(response, status, brokenLinkPage(language, `problem_${code}` as TextKey, hint))
}

function newPasswordPage(request: Request, kind: LinkKind, link: OpenLink, problem?: FormProblem): string {
  const language = languageOf(request)
  const { accountName: account } = link
  return formPage(language, {
    title: kind.title,
    ...(account !== undefined && { intro: paragraph(language, 'invitation_intro', { account }) }),
    action: request.path,
    // For password managers: whose password it will be. What comes back of it is not read.
    fields: [addressField(link.email, MAX_ADDRESS, true), passwordField('new')],
    button: 'form_continue',
    problem,
  })
}

async function setPassword(
  deps: Deps,
  options: SignInOptions,
  kind: LinkKind,
  link: OpenLink,
  request: Request,
  response: Response,
): Promise<void> {
  const entering = enteringOf(deps, options, request, response)
  try {
    const login = await link.follow(fieldOf(request, 'password'), entering.request(303))
    // What follows is a sign-in of its own, with an event of its own.
    const next = enteringOf(deps, options, request, response)
    next.attempt.passed('password')
    await goOn({ deps, options, request, response, entering: next }, login, { target: '/', isKnownDevice: false })
  } catch (error) {
    const code = error instanceof AccountError && !(error.code in LINK_STATUS) ? error.code : undefined
    const problem = code && problemOf(languageOf(request), code, 'password')
    if (problem === undefined) throw error
    sendPage(response, 422, newPasswordPage(request, kind, link, problem), OWN_FORMS)
  }
}

function forgottenPage(request: Request, problem?: FormProblem): string {
  const language = languageOf(request)
  return formPage(language, {
    title: 'forgotten_title',
    intro: paragraph(language, 'forgotten_intro'),
    action: '/forgotten',
    fields: [addressField(fieldOf(request, 'email', MAX_ADDRESS), MAX_ADDRESS)],
    button: 'forgotten_button',
    problem,
  })
}

/** One answer, whoever is meant. */
function ask(deps: Deps, options: SignInOptions): RequestHandler {
  return async (request, response) => {
    checkOrigin(request, options.publicUrl)
    const language = languageOf(request)
    const counted = { address: request.ip ?? '' }
    if (await options.limits.resets.isReached(counted)) {
      response.set('Retry-After', '60').set('X-Usher-Code', 'rate_limited')
      return sendPage(response, 429, forgottenPage(request, { text: say(language, 'sign_in_limited') }), OWN_FORMS)
    }
    await options.limits.resets.add(counted)
    const { attempt } = enteringOf(deps, options, request, response)
    await askForReset(deps, fieldOf(request, 'email', MAX_ADDRESS), attempt.request(200))
    sendPage(response, 200, page(language, say(language, 'forgotten_title'), paragraph(language, 'forgotten_done')))
  }
}
