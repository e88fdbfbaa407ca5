import type { Response } from 'supertest'
import { type Claims, type Signing, TestIdp } from '../saml/an-idp.js'
import type { Body, TestAccount, TestApp, TestConnection } from './app.js'
import { Browser } from './browser.js'
import { SingleSignOn } from './single-sign-on.js'

/** An account whose one connection has sign-in, with its identity provider and its log. */
export class SignIns {
  readonly app: TestApp
  readonly #sso: SingleSignOn

  private constructor(app: TestApp, sso: SingleSignOn) {
    this.app = app
    this.#sso = sso
  }

  static async in(app: TestApp, settings: object = {}): Promise<SignIns> {
    const connection = await app.aConnection()
    return new SignIns(app, await SingleSignOn.setUp(connection, await keyed(), settings))
  }

  async setUp(settings: object): Promise<void> {
    await SingleSignOn.setUp(this.connection, this.idp, settings)
  }

  get connection(): TestConnection {
    return this.#sso.connection
  }

  get account(): TestAccount {
    return this.connection.account
  }

  get idp(): TestIdp {
    return this.#sso.idp
  }

  get path(): string {
    return `/saml/${this.connection.id}`
  }

  browser(): Browser {
    return new Browser(this.app)
  }

  /** Begin at an address of ours; resolves to the id of the request. */
  begin(browser: Browser, path?: string): Promise<string> {
    return this.#sso.begin(browser, path)
  }

  /** What the identity provider answers, posted and followed by the browser; resolves to the last answer. */
  answer(browser: Browser, claims: Claims, signing: Signing = {}): Promise<Response> {
    return this.#sso.answer(browser, { ...this.#sso.unused(), ...claims }, signing)
  }

  /** There and back. */
  signIn(browser: Browser, claims: Claims = {}, signing: Signing = {}): Promise<Response> {
    return this.#sso.signIn(browser, claims, signing)
  }

  /** The newest event of a sign-in, whole. */
  async lastEvent(): Promise<Body> {
    const [{ id }] = await this.account.events('source=sso&limit=1')
    return (await this.account.admin('get', `/events/${id}`).expect(200)).body
  }
}

/** Keys are dear to make, and nobody minds that accounts have the same identity provider. */
function keyed(): Promise<TestIdp> {
  idp ??= TestIdp.create('https://idp.example/entity')
  return idp
}
let idp: Promise<TestIdp> | undefined
