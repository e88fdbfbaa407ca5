import { deflateRawSync } from 'node:zlib'
import { SignedXml } from 'xml-crypto'
import { encrypt } from 'xml-encryption'
import { createKeyPair, type KeyPair } from '../../saml/key-pair.js'

const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
const EXC_C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'
export const AES256_GCM = 'http://www.w3.org/2009/xmlenc11#aes256-gcm'
export const AES256_CBC = 'http://www.w3.org/2001/04/xmlenc#aes256-cbc'
const OAEP = 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p'

/** What an answer says; a text replaces the default, `null` leaves the attribute or element out. */
export interface Claims {
  readonly responseId?: string
  readonly assertionId?: string
  readonly issuer?: string | null
  readonly responseIssuer?: string | null
  readonly destination?: string | null
  readonly recipient?: string | null
  readonly audience?: string | null
  readonly inResponseTo?: string | null
  readonly confirmedRequest?: string | null
  readonly nameId?: string | null
  readonly nameIdFormat?: string
  readonly attributes?: Readonly<Record<string, readonly string[]>>
  readonly sessionIndex?: string
  readonly sessionNotOnOrAfter?: string
  readonly statusXml?: string
  /** Milliseconds that the clock of the identity provider is ahead. */
  readonly aheadMs?: number
  /** Changes the assertion's text before it is signed. */
  readonly assertionXml?: (xml: string) => string
  /** Changes the Response's text before it is signed. */
  readonly responseXml?: (xml: string) => string
}

export interface Signing {
  readonly sign?: readonly ('response' | 'assertion')[]
  readonly key?: KeyPair
  readonly signatureAlgorithm?: string
  readonly digestAlgorithm?: string
  /** Certificate (PEM) to encrypt the assertion for. */
  readonly encryptFor?: string
  readonly cipher?: string
}

/** What a metadata document says in place of the usual. */
export interface Metadata {
  readonly entityId?: string
  /** Where people sign in and out, without a slash at the end. */
  readonly host?: string
  /** PEM. */
  readonly certificates?: readonly string[]
  readonly validUntil?: string
}

/** Where answers go. */
export interface Target {
  readonly entityId: string
  readonly acsUrl: string
}

/** An identity provider that says whatever a test wants it to say, and signs it. */
export class TestIdp {
  readonly entityId: string
  readonly key: KeyPair
  readonly #now: () => Date

  private constructor(entityId: string, key: KeyPair, now: () => Date) {
    this.entityId = entityId
    this.key = key
    this.#now = now
  }

  static async create(entityId: string, now: () => Date = () => new Date()): Promise<TestIdp> {
    return new TestIdp(entityId, await createKeyPair('idp.example', now()), now)
  }

  /** Its metadata document. */
  metadata({ entityId = this.entityId, host = 'https://idp.example', ...more }: Metadata = {}): string {
    const { certificates = [this.key.certificate], validUntil } = more
    const sso = ['HTTP-Redirect', 'HTTP-POST'].map(
      (binding) =>
        `<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:${binding}" Location="${host}/sso"/>`,
    )
    const keys = certificates.map((pem) => {
      const base64 = pem.replaceAll(/-----[^-]*-----|\s/g, '')
      return `<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`
    })
    const slo = `<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${host}/slo"/>`
    const end = validUntil === undefined ? '' : ` validUntil="${validUntil}"`
    return `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${entityId}"${end}><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${keys.join('')}${slo}${sso.join('')}</md:IDPSSODescriptor></md:EntityDescriptor>`
  }

  /** A LogoutRequest as XML, unsigned. */
  logoutRequest(
    sloUrl: string,
    nameId: string,
    { id = '_logout', issuer = this.entityId, sessionIndex = '' } = {},
  ): string {
    const index = sessionIndex === '' ? '' : `<samlp:SessionIndex>${sessionIndex}</samlp:SessionIndex>`
    return `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${id}" Version="2.0" IssueInstant="${this.#now().toISOString()}" Destination="${sloUrl}"><saml:Issuer>${issuer}</saml:Issuer><saml:NameID>${nameId}</saml:NameID>${index}</samlp:LogoutRequest>`
  }

  /** Its answer to a LogoutRequest of ours, unsigned. */
  logoutResponse(sloUrl: string, inResponseTo: string): string {
    return `<samlp:LogoutResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_answer" Version="2.0" IssueInstant="${this.#now().toISOString()}" Destination="${sloUrl}" InResponseTo="${inResponseTo}"><saml:Issuer>${this.entityId}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status></samlp:LogoutResponse>`
  }

  /** An answer as XML. */
  async responseXml(target: Target, claims: Claims = {}, signing: Signing = {}): Promise<string> {
    const sign = signing.sign ?? ['response']
    const key = signing.key ?? this.key
    let assertion = this.#assertion(target, claims)
    assertion = claims.assertionXml?.(assertion) ?? assertion
    if (sign.includes('assertion')) assertion = signed(assertion, 'Assertion', key, signing)
    if (signing.encryptFor !== undefined) assertion = await encrypted(assertion, signing.encryptFor, signing.cipher)
    const response = this.#response(target, claims, assertion)
    const text = claims.responseXml?.(response) ?? response
    return sign.includes('response') ? signed(text, 'Response', key, signing) : text
  }

  /** The same, as the form field carries it. */
  async response(target: Target, claims: Claims = {}, signing: Signing = {}): Promise<string> {
    return Buffer.from(await this.responseXml(target, claims, signing)).toString('base64')
  }

  #time(offsetMs: number, { aheadMs = 0 }: Claims): string {
    return new Date(this.#now().getTime() + offsetMs + aheadMs).toISOString()
  }

  #response({ acsUrl }: Target, claims: Claims, assertion: string): string {
    const status = '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>'
    const issuer = claims.responseIssuer === undefined ? this.entityId : claims.responseIssuer
    return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${claims.responseId ?? '_response'}" Version="2.0" IssueInstant="${this.#time(0, claims)}"${optional('Destination', claims.destination, acsUrl)}${optional('InResponseTo', claims.inResponseTo, undefined)}>${issuer === null ? '' : `<saml:Issuer>${issuer}</saml:Issuer>`}${claims.statusXml ?? status}${assertion}</samlp:Response>`
  }

  #assertion({ entityId, acsUrl }: Target, claims: Claims): string {
    const end = this.#time(5 * 60_000, claims)
    const issuer = claims.issuer === undefined ? this.entityId : claims.issuer
    const nameId = claims.nameId === undefined ? 'ada@acme.example' : claims.nameId
    const format = claims.nameIdFormat ?? 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'
    const audience = claims.audience === undefined ? entityId : claims.audience
    const request = claims.confirmedRequest === undefined ? claims.inResponseTo : claims.confirmedRequest
    const attributes = Object.entries(claims.attributes ?? {}).map(
      ([name, values]) =>
        `<saml:Attribute Name="${name}">${values.map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`).join('')}</saml:Attribute>`,
    )
    return [
      `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${claims.assertionId ?? '_assertion'}" Version="2.0" IssueInstant="${this.#time(0, claims)}">`,
      issuer === null ? '' : `<saml:Issuer>${issuer}</saml:Issuer>`,
      `<saml:Subject>${nameId === null ? '' : `<saml:NameID Format="${format}">${nameId}</saml:NameID>`}`,
      `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="${end}"${optional('Recipient', claims.recipient, acsUrl)}${optional('InResponseTo', request, undefined)}/></saml:SubjectConfirmation></saml:Subject>`,
      `<saml:Conditions NotBefore="${this.#time(0, claims)}" NotOnOrAfter="${end}">`,
      audience === null
        ? ''
        : `<saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction>`,
      '</saml:Conditions>',
      `<saml:AuthnStatement AuthnInstant="${this.#time(0, claims)}" SessionIndex="${claims.sessionIndex ?? '_session'}"${optional('SessionNotOnOrAfter', claims.sessionNotOnOrAfter, undefined)}><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`,
      attributes.length === 0 ? '' : `<saml:AttributeStatement>${attributes.join('')}</saml:AttributeStatement>`,
      '</saml:Assertion>',
    ].join('')
  }
}

function optional(name: string, value: string | null | undefined, otherwise: string | undefined): string {
  const text = value === undefined ? otherwise : (value ?? undefined)
  return text === undefined ? '' : ` ${name}="${text}"`
}

/** Sign the element of this name, with the Signature behind its Issuer or at its start. */
export function signed(
  xml: string,
  name: 'Response' | 'Assertion' | 'LogoutRequest' | 'LogoutResponse',
  key: KeyPair,
  signing: Signing = {},
): string {
  const signature = new SignedXml({
    privateKey: key.privateKey,
    publicCert: key.certificate,
    signatureAlgorithm: signing.signatureAlgorithm ?? RSA_SHA256,
    canonicalizationAlgorithm: EXC_C14N,
  })
  const xpath = `/*[local-name(.)='${name}']`
  signature.addReference({
    xpath,
    transforms: [ENVELOPED, EXC_C14N],
    digestAlgorithm: signing.digestAlgorithm ?? SHA256,
  })
  signature.computeSignature(xml, { location: { reference: `${xpath}/*[local-name(.)='Issuer']`, action: 'after' } })
  return signature.getSignedXml()
}

/** An EncryptedAssertion of this text. */
export function encrypted(
  assertion: string,
  certificate: string,
  cipher = AES256_GCM,
  keyTransport = OAEP,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      rsa_pub: certificate,
      pem: certificate,
      encryptionAlgorithm: cipher,
      keyEncryptionAlgorithm: keyTransport,
      disallowEncryptionWithInsecureAlgorithm: false,
      warnInsecureAlgorithm: false,
    }
    encrypt(assertion, options as Parameters<typeof encrypt>[1], (error, text) => {
      if (error) reject(error)
      else
        resolve(
          `<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${text}</saml:EncryptedAssertion>`,
        )
    })
  })
}

/** As HTTP-Redirect carries a message (Bindings §3.4.4.1). */
export function deflated(xml: string): string {
  return deflateRawSync(Buffer.from(xml)).toString('base64')
}
