import assert from 'node:assert/strict'
import { createHash, createSign } from 'node:crypto'
import type { VerifiedAssertion } from '../../saml/check-assertion.js'
import { SamlError, type SamlErrorCode } from '../../saml/errors.js'
import { createKeyPair, type KeyPair } from '../../saml/key-pair.js'
import { openResponse, type Verification, verifyResponse } from '../../saml/verify-response.js'
import { type Claims, type Signing, TestIdp } from './an-idp.js'

export const SP = { entityId: 'https://usher.example/saml/c/metadata', acsUrl: 'https://usher.example/saml/c/acs' }
export const REQUEST = '_request'
export const NOW = new Date('2026-11-21T12:00:00.000Z')
export const ADA = 'ada@acme.example'
export const ADMIN = 'admin@acme.example'
export const DSIG = 'http://www.w3.org/2000/09/xmldsig#'
export const EXC_C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#'

/** An identity provider, our keys, and those of somebody who is not trusted. */
export interface World {
  readonly idp: TestIdp
  readonly ours: KeyPair
  readonly stranger: KeyPair
}

let keys: Promise<World> | undefined

/** Made before the first test of a file, once for all files of a process, because keys take time. */
export function useWorld(): World {
  const world: { idp?: TestIdp; ours?: KeyPair; stranger?: KeyPair } = {}
  before(async function () {
    this.timeout(20_000)
    keys ??= makeWorld()
    Object.assign(world, await keys)
  })
  return world as World
}

async function makeWorld(): Promise<World> {
  const [idp, ours, stranger] = await Promise.all([
    TestIdp.create('https://idp.example/entity', () => NOW),
    createKeyPair('usher', NOW),
    createKeyPair('stranger', NOW),
  ])
  return { idp, ours, stranger }
}

export function termsOf({ idp, ours }: World, changes: Partial<Verification> = {}): Verification {
  return {
    ...SP,
    issuer: idp.entityId,
    audiences: [SP.entityId],
    request: { id: REQUEST, createdAt: new Date(NOW.getTime() - 30_000) },
    now: NOW,
    skewMs: 90_000,
    context: undefined,
    nameIdOptional: false,
    certificates: [idp.key.certificate],
    decryptionKeys: [ours.privateKey],
    sha1: false,
    ...changes,
  }
}

/** An answer to our request, as XML. */
export const answer = ({ idp }: World, claims: Claims = {}, signing: Signing = {}): Promise<string> =>
  idp.responseXml(SP, { inResponseTo: REQUEST, ...claims }, signing)

export const base64 = (xml: string | Buffer): string => Buffer.from(xml).toString('base64')

export async function verifyText(world: World, text: string, changes?: Partial<Verification>) {
  return verifyResponse(openResponse(text), termsOf(world, changes))
}

export const verifyXml = (world: World, xml: string | Buffer, changes?: Partial<Verification>) =>
  verifyText(world, base64(xml), changes)

/** Refused with this code, by an error that says why without repeating the document. */
export async function assertRefused(result: Promise<VerifiedAssertion>, code: SamlErrorCode): Promise<void> {
  const error = await result.then(
    ({ nameId }) => assert.fail(`accepted, with NameID ${nameId?.value}`),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof SamlError, `a ${String(error)}`)
  assert.equal(error.code, code, error.message)
  const told =
    error.message.length + (error.comparison.expected ?? '').length + (error.comparison.received ?? '').length
  assert.ok(told < 2_500, `tells ${told} characters`)
}

/** A document, and the code with which it is refused. */
export type HostileCase = readonly [
  name: string,
  code: SamlErrorCode,
  make: (world: World) => string | Buffer | Promise<string | Buffer>,
  changes?: (world: World) => Partial<Verification>,
]

export function itRefuses(world: World, cases: readonly HostileCase[]): void {
  for (const [name, code, make, changes] of cases) {
    it(`${name}: ${code}`, async () => {
      await assertRefused(verifyXml(world, await make(world), changes?.(world)), code)
    })
  }
}

/** Where `sealed` puts the Signature. */
export const SEAL = '%SIGNATURE%'

export interface Sealing {
  /** Of the elements of the signature; empty for a default namespace. */
  readonly prefix?: string
  readonly c14n?: string
  readonly transforms?: readonly string[]
  /** Turns the text as it is sent into its canonical form, where that differs. */
  readonly canonical?: (xml: string) => string
  /** Changes the SignedInfo before it is signed. */
  readonly signedInfo?: (xml: string) => string
  /** Changes the Signature afterwards. */
  readonly signature?: (xml: string) => string
}

export const transform = (algorithm: string, inside = '', p = 'ds:'): string =>
  `<${p}Transform Algorithm="${algorithm}">${inside}</${p}Transform>`

/**
 * Sign by hand, without the library that verifies: the text around SEAL has to be in exclusive canonical form. Every
 * algorithm is SHA-256; what the Signature names may be something else.
 */
export function sealed(xml: string, id: string, key: KeyPair, sealing: Sealing = {}): string {
  const p = sealing.prefix === '' ? '' : `${sealing.prefix ?? 'ds'}:`
  const namespace = p === '' ? `xmlns="${DSIG}"` : `xmlns:${p.slice(0, -1)}="${DSIG}"`
  const unsigned = xml.replace(SEAL, '')
  const digest = createHash('sha256')
    .update(sealing.canonical?.(unsigned) ?? unsigned)
    .digest('base64')
  const transforms = sealing.transforms ?? [transform(`${DSIG}enveloped-signature`, '', p), transform(EXC_C14N, '', p)]
  const info = [
    `<${p}SignedInfo ${namespace}>`,
    sealing.c14n ?? `<${p}CanonicalizationMethod Algorithm="${EXC_C14N}"></${p}CanonicalizationMethod>`,
    `<${p}SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></${p}SignatureMethod>`,
    `<${p}Reference URI="#${id}"><${p}Transforms>${transforms.join('')}</${p}Transforms>`,
    `<${p}DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></${p}DigestMethod>`,
    `<${p}DigestValue>${digest}</${p}DigestValue></${p}Reference></${p}SignedInfo>`,
  ].join('')
  const signedInfo = sealing.signedInfo?.(info) ?? info
  const value = createSign('sha256').update(signedInfo).sign(key.privateKey, 'base64')
  const keyInfo = `<${p}KeyInfo><${p}X509Data><${p}X509Certificate>${derOf(key)}</${p}X509Certificate></${p}X509Data></${p}KeyInfo>`
  const signature = `<${p}Signature ${namespace}>${signedInfo}<${p}SignatureValue>${value}</${p}SignatureValue>${keyInfo}</${p}Signature>`
  return xml.replace(SEAL, () => sealing.signature?.(signature) ?? signature)
}

/** The certificate in base64, as KeyInfo carries it. */
export const derOf = ({ certificate }: KeyPair): string => certificate.replaceAll(/-----[^-]*-----|\s/g, '')

/** An Assertion in canonical form, with SEAL behind its Issuer. */
export function plainAssertion({ idp }: World, inside = ''): string {
  const [now, end] = [NOW.toISOString(), new Date(NOW.getTime() + 300_000).toISOString()]
  return [
    `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_assertion" IssueInstant="${now}" Version="2.0">`,
    `<saml:Issuer>${idp.entityId}</saml:Issuer>${SEAL}<saml:Subject><saml:NameID>${ADA}</saml:NameID>`,
    '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">',
    `<saml:SubjectConfirmationData InResponseTo="${REQUEST}" NotOnOrAfter="${end}" Recipient="${SP.acsUrl}"></saml:SubjectConfirmationData>`,
    `</saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${now}" NotOnOrAfter="${end}">`,
    `<saml:AudienceRestriction><saml:Audience>${SP.entityId}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
    `<saml:AuthnStatement AuthnInstant="${now}" SessionIndex="_session"><saml:AuthnContext>`,
    '<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>',
    `</saml:AuthnContext></saml:AuthnStatement>${inside}</saml:Assertion>`,
  ].join('')
}

/** A Response in canonical form around it, or around anything else. */
export function around({ idp }: World, assertion: string, before = ''): string {
  return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" Destination="${SP.acsUrl}" ID="_response" InResponseTo="${REQUEST}" IssueInstant="${NOW.toISOString()}" Version="2.0"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${idp.entityId}</saml:Issuer>${before}<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode></samlp:Status>${assertion}</samlp:Response>`
}

/** The parts of an answer, to be put together again wrongly. */
export function partsOf(xml: string): { assertion: string; signature: string; unsigned: string; evil: string } {
  const assertion = /<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(xml)?.[0] ?? ''
  const signature = /<(?:ds:)?Signature [\s\S]*?<\/(?:ds:)?Signature>/.exec(xml)?.[0] ?? ''
  const unsigned = assertion.replace(signature, '')
  return { assertion, signature, unsigned, evil: unsigned.replace('_assertion', '_evil').replace(ADA, ADMIN) }
}
