import assert from 'node:assert/strict'
import { inflateRawSync } from 'node:zlib'
import type { Response } from 'supertest'
import type { Claims, Signing, Target, TestIdp } from '../saml/an-idp.js'
import type { TestConnection } from './app.js'
import type { Browser } from './browser.js'

let ids = 0

/** Sign-in through a connection and an identity provider, step by step or at once. */
export class SingleSignOn {
  readonly connection: TestConnection
  readonly idp: TestIdp
  /** How we are called there. */
  readonly sp: Target

  private constructor(connection: TestConnection, idp: TestIdp, sp: Target) {
    this.connection = connection
    this.idp = idp
    this.sp = sp
  }

  static async setUp(connection: TestConnection, idp: TestIdp, settings: object = {}): Promise<SingleSignOn> {
    const path = `/connections/${connection.id}/saml`
    const draft = { idpMetadataXml: idp.metadata(), ...settings }
    const { body } = await connection.account.admin('put', path, draft).expect(200)
    return new SingleSignOn(connection, idp, { entityId: body.entityId, acsUrl: body.acsUrl })
  }

  /** On the way to the identity provider; resolves to the id of the request. */
  async begin(browser: Browser, path = `/saml/${this.connection.id}/login`): Promise<string> {
    const sent = await browser.get(path)
    assert.equal(sent.status, 302, sent.text)
    const message = new URL(sent.headers.location!).searchParams.get('SAMLRequest')!
    return /ID="([^"]+)"/.exec(inflateRawSync(Buffer.from(message, 'base64')).toString())![1]!
  }

  /** The identity provider posts its answer, and the browser follows it; resolves to the last answer of ours. */
  async answer(browser: Browser, claims: Claims, signing: Signing = {}): Promise<Response> {
    return this.post(browser, await this.idp.response(this.sp, claims, signing))
  }

  async post(browser: Browser, SAMLResponse: string): Promise<Response> {
    const posted = await browser.postFromIdp(`/saml/${this.connection.id}/acs`, { SAMLResponse })
    return posted.status === 303 ? browser.get(posted.headers.location!) : posted
  }

  /** There and back; say who: `{ nameId }`. */
  async signIn(browser: Browser, claims: Claims, signing: Signing = {}): Promise<Response> {
    const inResponseTo = await this.begin(browser)
    return this.answer(browser, { inResponseTo, ...this.unused(), ...claims }, signing)
  }

  /** Ids that no message had before. */
  unused(): Pick<Claims, 'assertionId' | 'responseId'> {
    ids += 1
    return { assertionId: `_assertion${ids}`, responseId: `_response${ids}` }
  }
}
