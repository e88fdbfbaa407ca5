import { randomUUID } from 'node:crypto'
import * as samlify from 'samlify'
import type { KeyPair } from '../../../saml/key-pair.js'
import { displayNameOf, type Person } from '../people.js'
import { DENIAL, responseTemplate } from './templates.js'

/** What protects an answer: a signature of the Assertion, of the Response, of both; or both around an encrypted Assertion. */
export const MANNERS = ['assertion', 'response', 'both', 'encrypted'] as const
export type Manner = (typeof MANNERS)[number]

export type Binding = 'redirect' | 'post'

/** One application at the identity provider, as its administrator sets it up. */
export interface ApplicationSettings {
  /** Part of its addresses. */
  readonly key: string
  readonly name: string
  /** How it takes AuthnRequests. */
  readonly bindings: readonly Binding[]
  /** The name under which an attribute is sent. */
  readonly attributeNames: { readonly email: string; readonly givenName: string; readonly familyName: string }
  readonly people: readonly Person[]
}

/** A message as a browser brought it: the parameters, and the query as it stood in the URL. */
export interface Incoming {
  readonly binding: Binding
  readonly fields: Readonly<Record<string, unknown>>
  readonly rawQuery: string
}

/** Somebody whom the identity provider has signed in. */
export interface IdpSession {
  readonly index: string
  readonly address: string
}

/** What a browser has to post to the service provider. */
export interface PostedAnswer {
  readonly url: string
  readonly samlResponse: string
}

// samlify wants a judge of every document, and starts without one only to refuse.
samlify.setSchemaValidator({ validate: async () => 'not judged' })

const BINDING_URNS: Readonly<Record<Binding, string>> = {
  redirect: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect',
  post: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
}

/** One application: it knows one service provider, and whom it has signed in there. All of SAML is samlify's. */
export class Application {
  readonly settings: ApplicationSettings
  readonly sessions = new Map<string, IdpSession>()
  readonly #url: string
  readonly #key: KeyPair
  #spMetadata: string | undefined

  constructor(settings: ApplicationSettings, url: string, key: KeyPair) {
    this.settings = settings
    this.#url = url
    this.#key = key
  }

  /** Know the service provider by its metadata, as an administrator uploads it. */
  trust(spMetadata: string): void {
    this.#spMetadata = spMetadata
  }

  metadata(): string {
    return this.#identityProvider('both').getMetadata()
  }

  /** The id of an AuthnRequest that the service provider has signed. Rejects where it did not. */
  async readRequest(message: Incoming): Promise<string> {
    const parsed = await this.#identityProvider('both').parseLoginRequest(
      this.#serviceProvider('both'),
      message.binding,
      received(message),
    )
    return idOf(parsed.extract)
  }

  /** Sign a person in. */
  async answer(person: Person, requestId: string, manner: Manner): Promise<PostedAnswer> {
    const index = `_${randomUUID()}`
    this.sessions.set(index, { index, address: person.address })
    const { email, givenName, familyName } = this.settings.attributeNames
    const template = responseTemplate([
      [email, person.address],
      [givenName, person.givenName],
      [familyName, person.familyName],
    ])
    return this.#respond(template, requestId, manner, { NameID: person.address, SessionIndex: index })
  }

  /** Answer that nobody was signed in (Core §3.2.2.2). */
  deny(requestId: string): Promise<PostedAnswer> {
    return this.#respond(DENIAL, requestId, 'response', {})
  }

  /** End what a LogoutRequest of the service provider names. Resolves to where to send the browser with the answer. */
  async endByRequest(message: Incoming): Promise<string> {
    const [idp, sp] = [this.#identityProvider('both'), this.#serviceProvider('both')]
    const parsed = await idp.parseLogoutRequest(sp, message.binding, received(message))
    const { nameID } = parsed.extract
    // A text here, though the type says otherwise.
    const sessionIndex: unknown = parsed.extract.sessionIndex
    const isNamed = (index: string) => !sessionIndex || [sessionIndex].flat().includes(index)
    this.#forget(({ index, address }) => address === nameID && isNamed(index))
    const relayState = String(message.fields.RelayState ?? '')
    return textOf(idp.createLogoutResponse(sp, { extract: parsed.extract }, 'redirect', { relayState }).context)
  }

  /** Sign a person out everywhere: where to send the browser, with a LogoutRequest for all of her sessions. */
  beginLogout(address: string): string {
    this.#forget((session) => session.address === address)
    const [idp, sp] = [this.#identityProvider('both'), this.#serviceProvider('both')]
    return textOf(idp.createLogoutRequest(sp, 'redirect', { logoutNameID: address }).context)
  }

  /** The service provider says that it has ended its session. Rejects where that is not signed by it. */
  async readLogoutAnswer(message: Incoming): Promise<void> {
    const [idp, sp] = [this.#identityProvider('both'), this.#serviceProvider('both')]
    await idp.parseLogoutResponse(sp, message.binding, received(message))
  }

  #forget(isOver: (session: IdpSession) => boolean): void {
    for (const session of this.sessions.values()) if (isOver(session)) this.sessions.delete(session.index)
  }

  async #respond(
    template: string,
    requestId: string,
    manner: Manner,
    values: Readonly<Record<string, string>>,
  ): Promise<PostedAnswer> {
    const [idp, sp] = [this.#identityProvider(manner), this.#serviceProvider(manner)]
    const url = String(sp.entityMeta.getAssertionConsumerService('post'))
    const now = new Date()
    const id = `_${randomUUID()}`
    const context = samlify.SamlLib.replaceTagsByValue(template, {
      ID: id,
      AssertionID: `_${randomUUID()}`,
      Issuer: idp.entityMeta.getEntityID(),
      Destination: url,
      Audience: sp.entityMeta.getEntityID(),
      InResponseTo: requestId,
      Now: now.toISOString(),
      Soon: new Date(now.getTime() + 5 * 60_000).toISOString(),
      ...values,
    })
    const request = { extract: { request: { id: requestId } } }
    const isEncrypted = manner === 'encrypted'
    const made = await idp.createLoginResponse(sp, request, 'post', {}, () => ({ id, context }), isEncrypted)
    return { url, samlResponse: textOf(made.context) }
  }

  #identityProvider(manner: Manner) {
    const { bindings } = this.settings
    const at = (path: string, list: readonly Binding[]) =>
      list.map((binding) => ({ Binding: BINDING_URNS[binding], Location: `${this.#url}/${path}` }))
    // Its types lack the names of the ciphers; without these it encrypts by AES-CBC.
    const settings: Parameters<typeof samlify.IdentityProvider>[0] & Record<`${string}Algorithm`, string> = {
      entityID: `${this.#url}/metadata`,
      privateKey: this.#key.privateKey,
      signingCert: this.#key.certificate,
      wantAuthnRequestsSigned: true,
      wantLogoutRequestSigned: true,
      wantLogoutResponseSigned: true,
      isAssertionEncrypted: manner === 'encrypted',
      dataEncryptionAlgorithm: 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
      keyEncryptionAlgorithm: 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
      nameIDFormat: ['urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'],
      singleSignOnService: at('sso', bindings),
      singleLogoutService: at('slo', ['redirect', 'post']),
    }
    return samlify.IdentityProvider(settings)
  }

  #serviceProvider(manner: Manner) {
    if (this.#spMetadata === undefined) throw new Error(`${this.settings.name} knows no service provider yet`)
    const sp = samlify.ServiceProvider({
      metadata: this.#spMetadata,
      wantMessageSigned: manner !== 'assertion',
      wantLogoutRequestSigned: true,
      wantLogoutResponseSigned: true,
    })
    sp.entityMeta.isWantAssertionsSigned = () => manner !== 'response'
    return sp
  }
}

/** As samlify wants it: what a redirect signs is everything in front of the signature (Bindings §3.4.4.1). */
function received({ binding, fields, rawQuery }: Incoming) {
  if (binding === 'post') return { body: fields }
  return { query: fields, octetString: rawQuery.split('&Signature=')[0] ?? '' }
}

function idOf({ request }: { readonly request?: unknown }): string {
  const { id } = (request ?? {}) as { readonly id?: unknown }
  if (typeof id !== 'string' || id === '') throw new Error('the request has no ID')
  return id
}

function textOf(context: unknown): string {
  if (typeof context !== 'string') throw new Error('samlify made no message')
  return context
}

export const nameOf = (people: readonly Person[], address: string): string => {
  const person = people.find((one) => one.address === address)
  return person === undefined ? address : displayNameOf(person)
}
