import assert from 'node:assert/strict'
import { Secret, TOTP } from 'otpauth'
import type { TestApp } from './app.js'
import { Browser } from './browser.js'

/** A super admin with a password and a second factor, who is signed in. */
export interface Owner {
  readonly browser: Browser
  /** Her cookies as a header: what a real browser is given to be signed in. */
  readonly cookie: string
  readonly userId: string
  readonly accountId: string
  readonly email: string
  readonly password: string
  /** Of her authenticator, base32. */
  readonly secret: string
  readonly recoveryCodes: readonly string[]
}

export interface OwnerDetails {
  readonly accountName?: string
  readonly givenName?: string
  readonly familyName?: string
  readonly email?: string
  readonly password?: string
}

export const PASSWORD = 'seven otters juggle figs'
let owners = 0

/** The code that an authenticator shows at an instant. */
export function codeAt(secret: string, at: Date): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at.getTime() })
}

/** The key that a page shows for those who cannot scan its picture. */
export function secretOn(text: string): string {
  const [, shown = ''] = /key: ([A-Z2-7 ]+)</.exec(text) ?? []
  assert.ok(shown, text)
  return shown.replaceAll(' ', '')
}

/** The recovery codes of a page. */
export function recoveryCodesOn(text: string): string[] {
  return [...text.matchAll(/<li><code>([a-z2-9-]+)<\/code>/g)].map(([, code = '']) => code)
}

/**
 * Set an account up through the pages of a real set-up link: of this account, or of a server without any, whose link its
 * start printed.
 */
export async function anOwner(
  app: TestApp,
  account?: { readonly id: string },
  details: OwnerDetails = {},
): Promise<Owner> {
  const { url } =
    account === undefined
      ? (app.server.setUpLink ?? assert.fail('the server had an account when it started'))
      : (await app.admin('post', `/accounts/${account.id}/setup-link`, {}).expect(201)).body
  const path = new URL(url).pathname
  const browser = new Browser(app)
  const email = `owner${++owners}@owners.example`
  const typed = { accountName: 'Acme', givenName: 'Olga', familyName: 'Owner', email, password: PASSWORD, ...details }
  const described = await browser.submit(path, { ...typed })
  assert.equal(described.status, 303, described.text)
  const secret = secretOn((await browser.get(path)).text)
  const done = await browser.submit(path, { page: 'factor', code: codeAt(secret, app.server.deps.now()) })
  assert.equal(done.status, 200, done.text)
  const recoveryCodes = recoveryCodesOn(done.text)
  const { body } = await browser.call('get', '/session')
  const ids = { userId: body.user.id, accountId: body.account.id }
  return {
    browser,
    cookie: browser.cookie,
    ...ids,
    email: typed.email,
    password: typed.password,
    secret,
    recoveryCodes,
  }
}
