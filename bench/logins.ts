import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { inflateRawSync } from 'node:zlib'
import { TestIdp } from '../test/saml/an-idp.js'
import { inParallel } from './client.js'
import { userNameOf } from './people.js'
import { seedPeople } from './targets.js'
import { type Connection, createConnection, type Usher } from './usher.js'

/** A connection with people who can sign in, and the identity provider that vouches for them. */
export interface SamlGround {
  readonly connection: Connection
  /** SCIM ids of the people. */
  readonly ids: readonly string[]
  readonly idp: TestIdp
  readonly sp: { readonly entityId: string; readonly acsUrl: string }
  readonly origin: string
}

/** A sign-in that was begun: what the browser holds, and the signed response that it is about to post. */
export interface WaitingLogin {
  readonly cookie: string
  readonly samlResponse: string
}

export async function samlGround(usher: Usher, people: number): Promise<SamlGround> {
  const connection = await createConnection(usher)
  const idp = await TestIdp.create('https://idp.example/entity')
  const path = `/accounts/${connection.accountId}/connections/${connection.id}/saml`
  const sp = await usher.admin<SamlGround['sp']>('PUT', path, { idpMetadataXml: idp.metadata() })
  const ids = await seedPeople(connection, people)
  return { connection, ids, idp, sp, origin: usher.origin }
}

let made = 0

/** Begin so many sign-ins, each in a browser and by a person of its own as far as there are people. */
export async function beginLogins(ground: SamlGround, count: number): Promise<WaitingLogin[]> {
  const logins: WaitingLogin[] = []
  await inParallel(Array.from({ length: count }), async () => {
    const { headers } = await call(ground, 'GET', `/saml/${ground.connection.id}/login`, '')
    const message = new URL(headers.location!).searchParams.get('SAMLRequest')!
    const inResponseTo = /ID="([^"]+)"/.exec(inflateRawSync(Buffer.from(message, 'base64')).toString())![1]!
    const number = made++
    const claims = {
      inResponseTo,
      nameId: userNameOf('seed', number % ground.ids.length),
      assertionId: `_a${number}`,
      responseId: `_r${number}`,
      sessionIndex: `_s${number}`,
      attributes: {
        email: [userNameOf('seed', number % ground.ids.length)],
        firstName: ['Ada'],
        lastName: ['Lovelace'],
      },
    }
    logins.push({ cookie: cookieOf(headers), samlResponse: await ground.idp.response(ground.sp, claims) })
  })
  return logins
}

/** Post the response, and follow to the landing page of whoever is signed in. Throws where anything else comes. */
export async function finishLogin(ground: SamlGround, { cookie, samlResponse }: WaitingLogin): Promise<void> {
  const form = new URLSearchParams({ SAMLResponse: samlResponse }).toString()
  const posted = await call(ground, 'POST', new URL(ground.sp.acsUrl).pathname, '', form)
  expect(posted, 303)
  const finished = await call(ground, 'GET', posted.headers.location!, cookie)
  expect(finished, 303)
  const landed = await call(ground, 'GET', finished.headers.location!, `${cookie}; ${cookieOf(finished.headers)}`)
  expect(landed, 200)
  if (!landed.text.includes('Ada Lovelace')) throw new Error(`this is not her landing page: ${landed.text}`)
}

interface Page {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

const AGENT = new Agent({ keepAlive: true, maxSockets: 256 })

function call({ origin }: SamlGround, method: string, path: string, cookie: string, form?: string): Promise<Page> {
  const headers = {
    ...(cookie === '' ? {} : { Cookie: cookie }),
    ...(form === undefined
      ? {}
      : { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(form) }),
  }
  return new Promise((resolve, reject) => {
    const sent = request(`${origin}${path}`, { method, headers, agent: AGENT }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() })
      })
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(form)
  })
}

function expect({ status, text }: Page, expected: number): void {
  if (status !== expected) throw new Error(`the answer is ${status}, not ${expected}: ${text}`)
}

function cookieOf(headers: IncomingHttpHeaders): string {
  return (headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ')
}
