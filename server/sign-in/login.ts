import { randomBytes } from 'node:crypto'
import type { Request, Response } from 'express'
import { newSecret } from '../../accounts/sessions.js'
import { SignInError } from '../../accounts/sign-in-errors.js'
import { beginSignIn } from '../../accounts/sign-in-request.js'
import { findOpenTest } from '../../accounts/sign-in-test.js'
import { authnRequest } from '../../saml/authn-request.js'
import { serviceProviderOf } from '../../saml/sp-metadata.js'
import { type Place, refuseByMode, samlOf } from './acs.js'
import type { Cookies } from './cookies.js'
import { languageOf } from './language.js'
import { sendPage } from './page.js'
import { postPage } from './pages.js'

const BROWSER_SECONDS = 3_600
const PATH = /^\/(?![/\\])[^\s\\\p{Cc}]*$/u

/** Where a sign-in may lead to: a path of ours, else the page at the root. */
export function targetFrom(text: unknown): string {
  return typeof text === 'string' && text.length <= 2_048 && PATH.test(text) ? text : '/'
}

/** GET …/login: note what this browser begins, and send it to the identity provider. */
export async function login(place: Place, cookies: Cookies, request: Request, response: Response): Promise<void> {
  const { deps, connection, publicUrl, attempt, limits } = place
  const testId = await testOf(place, request)
  refuseByMode(connection, attempt)
  const { settings, keys } = await samlOf(deps, connection)
  const browser = attempt.browser ?? newSecret()
  const { id, sending } = await authnRequest(
    serviceProviderOf(publicUrl, connection.id),
    settings.idp,
    keys[0]!.privateKey,
    { forceAuthn: request.query.force === 'true', relayState: randomBytes(16).toString('hex') },
  )
  const target = targetFrom(request.query.target)
  const begun = { id, target, browser, ...(testId !== undefined && { testId }) }
  await beginSignIn(deps, connection, begun, (tx) => limits.starts.addIn(tx, { address: attempt.address }))
  cookies.set(response, 'browser', browser, BROWSER_SECONDS)
  if (sending.binding === 'redirect') return response.redirect(302, sending.url)
  const nonce = randomBytes(16).toString('base64')
  const html = postPage(languageOf(request), sending.url, sending.fields, nonce)
  sendPage(response, 200, html, { nonce, formAction: new URL(sending.url).origin })
}

/** The test that the address names. Throws SignInError: expired_request. */
async function testOf({ deps, connection, attempt }: Place, { query }: Request): Promise<string | undefined> {
  if (query.test === undefined) return undefined
  const test = typeof query.test === 'string' ? await findOpenTest(deps, connection, query.test) : undefined
  if (test === undefined)
    throw new SignInError('expired_request', 'This test is done, or more than ten minutes old. Ask for a new one.')
  attempt.isTest(test.id)
  return test.id
}
