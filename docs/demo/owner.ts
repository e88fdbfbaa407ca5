import { Secret, TOTP } from 'otpauth'
import type { AdminApi } from './admin-api.js'
import type { Paper } from './paper.js'
import { heading, note } from './print-tour.js'

/** How to enter the console of the demo. */
export interface DemoOwner {
  readonly email: string
  readonly password: string
  /** Of the authenticator, base32. */
  readonly secret: string
  readonly recoveryCodes: readonly string[]
}

const PASSWORD = 'demo owls read rules'
const OWNER = { givenName: 'Olga', familyName: 'Owner', email: 'owner@demo.example' }

/** An owner of the account, made through the pages of a set-up link, as the first start of a server prints one. */
export async function setUpOwner(admin: AdminApi, server: string, accountId: string): Promise<DemoOwner> {
  const link = await admin.post<{ url: string }>(`/accounts/${accountId}/setup-link`, {})
  const page = new URL(new URL(link.url).pathname, server).href
  const described = await submit(page, { ...OWNER, password: PASSWORD }, '')
  const step = described.headers
    .getSetCookie()
    .map((line) => line.split(';')[0] ?? '')
    .join('; ')
  const text = await (await fetch(page, { headers: { Cookie: step } })).text()
  const secret = (/: ([A-Z2-7 ]{20,})</.exec(text)?.[1] ?? '').replaceAll(' ', '')
  if (secret === '') throw new Error('the set-up link showed no second factor')
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate()
  const done = await (await submit(page, { page: 'factor', code }, step)).text()
  const recoveryCodes = [...done.matchAll(/<code>([a-z0-9-]+)<\/code>/g)].map(([, one = '']) => one)
  if (recoveryCodes.length === 0) throw new Error('the set-up link did not make an owner')
  return { email: OWNER.email, password: PASSWORD, secret, recoveryCodes }
}

function submit(page: string, fields: Record<string, string>, cookie: string): Promise<Response> {
  const headers = { Origin: new URL(page).origin, Cookie: cookie, 'Accept-Language': 'en' }
  return fetch(page, { method: 'POST', redirect: 'manual', headers, body: new URLSearchParams(fields) })
}

/** Where the console is, and what it asks for. */
export function printOwner({ email, password, secret, recoveryCodes }: DemoOwner, server: string, paper: Paper): void {
  heading(paper, '7. Look after the account, in a browser')
  note(paper, 'The console, for its owner. Press "Use a password"; a recovery code stands in for an authenticator.')
  paper.line()
  paper.line(`  Console        ${paper.bold(`${server}/sign-in`)}`)
  paper.line(`  Address        ${email}`)
  paper.line(`  Password       ${password}`)
  paper.line(`  Recovery codes ${recoveryCodes.slice(0, 4).join('  ')}`)
  paper.line(`  Authenticator  ${secret}`)
}
