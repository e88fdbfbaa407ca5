import assert from 'node:assert/strict'
import { createKeyPair, type KeyPair } from '../../saml/key-pair.js'
import { openResponse, type Verification, verifyResponse } from '../../saml/verify-response.js'
import { AES256_CBC, type Claims, type Signing, TestIdp } from './an-idp.js'

const SP = { entityId: 'https://usher.example/saml/c/metadata', acsUrl: 'https://usher.example/saml/c/acs' }
const REQUEST = '_request'
const NOW = new Date('2026-11-21T12:00:00.000Z')

let idp: TestIdp
let ours: KeyPair
let stranger: KeyPair

before(async () => {
  idp = await TestIdp.create('https://idp.example/entity', () => NOW)
  ours = await createKeyPair('usher', NOW)
  stranger = await createKeyPair('stranger', NOW)
})

function terms(changes: Partial<Verification> = {}): Verification {
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

const answer = (claims: Claims = {}, signing: Signing = {}) =>
  idp.response(SP, { inResponseTo: REQUEST, ...claims }, signing)

const verify = async (samlResponse: string, changes: Partial<Verification> = {}) =>
  verifyResponse(openResponse(samlResponse), terms(changes))

describe('a Response that is right', () => {
  for (const sign of [['response'], ['assertion'], ['response', 'assertion']] as const) {
    it(`is accepted with a signed ${sign.join(' and ')}`, async () => {
      const assertion = await verify(await answer({ attributes: { email: ['ada@acme.example'] } }, { sign }))
      assert.equal(assertion.nameId?.value, 'ada@acme.example')
      assert.deepEqual(assertion.attributes.get('email'), ['ada@acme.example'])
      assert.equal(assertion.sessionIndex, '_session')
    })

    it(`is accepted encrypted, with a signed ${sign.join(' and ')}`, async () => {
      const assertion = await verify(await answer({}, { sign, encryptFor: ours.certificate }))
      assert.equal(assertion.nameId?.value, 'ada@acme.example')
    })
  }

  it('is opened with the previous key while keys are changed', async () => {
    const text = await answer({}, { encryptFor: ours.certificate })
    await verify(text, { decryptionKeys: [stranger.privateKey, ours.privateKey] })
  })

  it('is accepted with any of several certificates', async () => {
    await verify(await answer(), { certificates: [stranger.certificate, idp.key.certificate] })
  })

  it('is accepted from a clock that is 80 seconds off, either way', async () => {
    await verify(await answer({ aheadMs: 80_000 }))
    await verify(await answer({ aheadMs: -80_000 }), {})
  })
})

describe('a Response that is wrong', () => {
  const cases: readonly (readonly [name: string, code: string, claims: Claims, signing?: Signing])[] = [
    ['unsigned', 'not_signed', {}, { sign: [] }],
    ['signed by a stranger', 'bad_signature', {}, { key: undefined as never }],
    ['for another ACS', 'wrong_destination', { destination: 'https://other.example/acs' }],
    ['signed without Destination', 'wrong_destination', { destination: null }],
    [
      'from another issuer',
      'wrong_issuer',
      { issuer: 'https://evil.example', responseIssuer: null },
      { sign: ['assertion'] },
    ],
    ['with another issuer on its outside', 'wrong_issuer', { responseIssuer: 'https://evil.example' }],
    ['for another audience', 'wrong_audience', { audience: 'https://other.example' }],
    ['for no audience', 'wrong_audience', { audience: null }],
    ['for another recipient', 'wrong_recipient', { recipient: 'https://other.example/acs' }],
    ['for no recipient', 'wrong_recipient', { recipient: null }],
    ['for another request inside', 'unknown_request', { confirmedRequest: '_other' }],
    ['for no request inside', 'unknown_request', { confirmedRequest: null }],
    ['without a NameID', 'no_identifier', { nameId: null }],
    ['with an empty NameID', 'no_identifier', { nameId: ' ' }],
    ['of ten minutes ago', 'outside_time', { aheadMs: -600_000 }],
    ['of in ten minutes', 'outside_time', { aheadMs: 600_000 }],
    ['with a session that is over', 'outside_time', { sessionNotOnOrAfter: '2026-11-21T11:00:00Z' }],
    [
      'with a condition that nobody knows',
      'unknown_condition',
      { assertionXml: inside('Conditions', '<x:Odd xmlns:x="urn:x"/>') },
    ],
    [
      'with SHA-1 in its signature',
      'weak_algorithm',
      {},
      { signatureAlgorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' },
    ],
    ['with SHA-1 in its digest', 'weak_algorithm', {}, { digestAlgorithm: 'http://www.w3.org/2000/09/xmldsig#sha1' }],
  ]
  for (const [name, code, claims, signing] of cases) {
    it(`is refused ${name}: ${code}`, async () => {
      const resolved = signing !== undefined && 'key' in signing ? { ...signing, key: stranger } : signing
      const text = await answer(claims, resolved)
      await assert.rejects(async () => verify(text), { name: 'SamlError', code })
    })
  }

  it('is refused with a cipher in CBC where the Response is not signed', async () => {
    const text = await answer({}, { sign: ['assertion'], encryptFor: ours.certificate, cipher: AES256_CBC })
    await assert.rejects(async () => verify(text), { code: 'decrypt_failed' })
  })

  it('is refused where it is encrypted for somebody else', async () => {
    const text = await answer({}, { encryptFor: stranger.certificate })
    await assert.rejects(async () => verify(text), { code: 'decrypt_failed' })
  })
})

/** Puts text at the end of the first element of this name. */
function inside(name: string, text: string): (xml: string) => string {
  return (xml) => xml.replace(`</saml:${name}>`, `${text}</saml:${name}>`)
}
