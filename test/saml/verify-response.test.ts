import assert from 'node:assert/strict'
import type { Verification } from '../../saml/verify-response.js'
import { AES256_CBC, type Claims, type Signing } from './an-idp.js'
import { REQUEST, SP, useWorld, verifyText } from './hostile.js'

const world = useWorld()

const answer = (claims: Claims = {}, signing: Signing = {}) =>
  world.idp.response(SP, { inResponseTo: REQUEST, ...claims }, signing)

const verify = (samlResponse: string, changes?: Partial<Verification>) => verifyText(world, samlResponse, changes)

describe('a Response that is right', () => {
  for (const sign of [['response'], ['assertion'], ['response', 'assertion']] as const) {
    it(`is accepted with a signed ${sign.join(' and ')}`, async () => {
      const assertion = await verify(await answer({ attributes: { email: ['ada@acme.example'] } }, { sign }))
      assert.equal(assertion.nameId?.value, 'ada@acme.example')
      assert.deepEqual(assertion.attributes.get('email'), ['ada@acme.example'])
      assert.equal(assertion.sessionIndex, '_session')
    })

    it(`is accepted encrypted, with a signed ${sign.join(' and ')}`, async () => {
      const assertion = await verify(await answer({}, { sign, encryptFor: world.ours.certificate }))
      assert.equal(assertion.nameId?.value, 'ada@acme.example')
    })
  }

  it('is opened with the previous key while keys are changed', async () => {
    const text = await answer({}, { encryptFor: world.ours.certificate })
    await verify(text, { decryptionKeys: [world.stranger.privateKey, world.ours.privateKey] })
  })

  it('is accepted with any of several certificates', async () => {
    await verify(await answer(), { certificates: [world.stranger.certificate, world.idp.key.certificate] })
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
      const resolved = signing !== undefined && 'key' in signing ? { ...signing, key: world.stranger } : signing
      const text = await answer(claims, resolved)
      await assert.rejects(async () => verify(text), { name: 'SamlError', code })
    })
  }

  it('is refused with a cipher in CBC where the Response is not signed', async () => {
    const text = await answer({}, { sign: ['assertion'], encryptFor: world.ours.certificate, cipher: AES256_CBC })
    await assert.rejects(async () => verify(text), { code: 'decrypt_failed' })
  })

  it('is refused where it is encrypted for somebody else', async () => {
    const text = await answer({}, { encryptFor: world.stranger.certificate })
    await assert.rejects(async () => verify(text), { code: 'decrypt_failed' })
  })
})

/** Puts text at the end of the first element of this name. */
function inside(name: string, text: string): (xml: string) => string {
  return (xml) => xml.replace(`</saml:${name}>`, `${text}</saml:${name}>`)
}
