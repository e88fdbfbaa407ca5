import { generateKeyPair, type KeyObject, randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { type JWK, SignJWT } from 'jose'

const generate = promisify(generateKeyPair)

/** A key pair of an issuer. */
export interface IssuerKey {
  readonly kid: string
  readonly alg: string
  readonly privateKey: KeyObject
  /** As it is published: Entra names no `alg`. */
  readonly jwk: JWK
}

/** An RSA key signs as RS256 unless another `alg` is set. */
export async function anIssuerKey(kid: string, curve?: 'P-256' | 'P-384'): Promise<IssuerKey> {
  const { publicKey, privateKey } =
    curve === undefined ? await generate('rsa', { modulusLength: 2_048 }) : await generate('ec', { namedCurve: curve })
  const alg = curve === undefined ? 'RS256' : curve === 'P-256' ? 'ES256' : 'ES384'
  return { kid, alg, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' } as JWK }
}

/** What an assertion says; `undefined` leaves a claim out. Instants are in seconds. */
export type Claims = Readonly<Record<string, unknown>>

/** An identity provider that publishes keys over HTTP and signs assertions, as Entra ID does for its provisioning. */
export class TestIssuer {
  readonly #server: Server
  /** How often its keys were asked for. */
  fetches = 0
  /** What it publishes: a JWK Set of these, or another answer. */
  keys: readonly JWK[] = []
  answer: { readonly status: number; readonly body: string } | undefined

  constructor() {
    this.#server = createServer((_, response) => {
      this.fetches += 1
      const { status, body } = this.answer ?? { status: 200, body: JSON.stringify({ keys: this.keys }) }
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(body)
    })
  }

  static async start(): Promise<TestIssuer> {
    const issuer = new TestIssuer()
    await new Promise<void>((resolve) => issuer.#server.listen(0, '127.0.0.1', resolve))
    return issuer
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get jwksUrl(): string {
    return `${this.url}/discovery/keys`
  }
}

/** A signed assertion of an hour, with an id of its own. */
export function anAssertion(key: IssuerKey, now: Date, claims: Claims): Promise<string> {
  const seconds = Math.floor(now.getTime() / 1_000)
  const times = { iat: seconds, nbf: seconds, exp: seconds + 3_600, jti: randomUUID() }
  const said = Object.fromEntries(Object.entries({ ...times, ...claims }).filter(([, value]) => value !== undefined))
  return new SignJWT(said).setProtectedHeader({ alg: key.alg, typ: 'JWT', kid: key.kid }).sign(key.privateKey)
}

/** A JWT put together by hand: signed by nobody, or with a secret. */
export function aForgery(header: object, claims: object, signature = ''): string {
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${encoded(header)}.${encoded(claims)}.${signature}`
}
