import assert from 'node:assert/strict'
import * as samlify from 'samlify'
import { readIdpMetadata } from '../../saml/idp-metadata.js'
import { createKeyPair, type KeyPair } from '../../saml/key-pair.js'
import { serviceProviderOf, spMetadata } from '../../saml/sp-metadata.js'
import { openResponse, verifyResponse } from '../../saml/verify-response.js'

// An identity provider that is not ours: an error that maker and verifier of a document share would otherwise pass unseen.

const SP = serviceProviderOf('https://usher.example', 'c1')
const NOW = new Date()
const BINDINGS = 'urn:oasis:names:tc:SAML:2.0:bindings'

let theirs: KeyPair
let ours: KeyPair

before(async () => {
  // It asks for a judge of every document; here ours is the one that counts.
  samlify.setSchemaValidator({ validate: async () => 'not judged' })
  theirs = await createKeyPair('idp', NOW)
  ours = await createKeyPair('usher', NOW)
})

interface Manner {
  readonly response: boolean
  readonly assertion: boolean
  readonly encrypted: boolean
}

function providers({ response, assertion, encrypted }: Manner) {
  const sp = samlify.ServiceProvider({ metadata: spMetadata(SP, [ours.certificate]) })
  // Its types lack the names of the ciphers.
  const settings: Parameters<typeof samlify.IdentityProvider>[0] & Record<`${string}Algorithm`, string> = {
    entityID: 'https://idp.example/entity',
    privateKey: theirs.privateKey,
    signingCert: theirs.certificate,
    isAssertionEncrypted: encrypted,
    messageSigningOrder: 'encrypt-then-sign',
    dataEncryptionAlgorithm: 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
    keyEncryptionAlgorithm: 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
    singleSignOnService: [{ Binding: `${BINDINGS}:HTTP-Redirect`, Location: 'https://idp.example/sso' }],
    singleLogoutService: [{ Binding: `${BINDINGS}:HTTP-Redirect`, Location: 'https://idp.example/slo' }],
    loginResponseTemplate: { context: TEMPLATE, attributes: [] },
  }
  const idp = samlify.IdentityProvider(settings)
  sp.entityMeta.isWantAssertionsSigned = () => assertion
  sp.entitySetting.wantMessageSigned = response
  return { sp, idp }
}

const TEMPLATE =
  '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{ID}" Version="2.0" IssueInstant="{IssueInstant}" Destination="{Destination}" InResponseTo="{InResponseTo}"><saml:Issuer>{Issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="{StatusCode}"/></samlp:Status><saml:Assertion ID="{AssertionID}" Version="2.0" IssueInstant="{IssueInstant}"><saml:Issuer>{Issuer}</saml:Issuer><saml:Subject><saml:NameID Format="{NameIDFormat}">{NameID}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="{SubjectConfirmationDataNotOnOrAfter}" Recipient="{SubjectRecipient}" InResponseTo="{InResponseTo}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{ConditionsNotBefore}" NotOnOrAfter="{ConditionsNotOnOrAfter}"><saml:AudienceRestriction><saml:Audience>{Audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="{IssueInstant}" SessionIndex="{AssertionID}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement></saml:Assertion></samlp:Response>'

async function respond(manner: Manner): Promise<string> {
  const { sp, idp } = providers(manner)
  const end = new Date(NOW.getTime() + 300_000).toISOString()
  const fill = (template: string) => {
    const values = {
      ID: '_r1',
      AssertionID: '_a1',
      Destination: SP.acsUrl,
      Audience: SP.entityId,
      SubjectRecipient: SP.acsUrl,
      NameIDFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
      NameID: 'ada@acme.example',
      Issuer: 'https://idp.example/entity',
      IssueInstant: NOW.toISOString(),
      ConditionsNotBefore: NOW.toISOString(),
      ConditionsNotOnOrAfter: end,
      SubjectConfirmationDataNotOnOrAfter: end,
      InResponseTo: '_request',
      StatusCode: 'urn:oasis:names:tc:SAML:2.0:status:Success',
    }
    return { id: '_r1', context: samlify.SamlLib.replaceTagsByValue(template, values) }
  }
  const { context } = await idp.createLoginResponse(
    sp,
    { extract: { request: { id: '_request' } } },
    'post',
    { email: 'ada@acme.example' },
    fill,
    manner.encrypted,
  )
  return context
}

const MANNERS: readonly Manner[] = [
  { response: true, assertion: false, encrypted: false },
  { response: false, assertion: true, encrypted: false },
  { response: true, assertion: true, encrypted: false },
  { response: true, assertion: false, encrypted: true },
  { response: true, assertion: true, encrypted: true },
  { response: false, assertion: true, encrypted: true },
]

describe('answers of samlify, which shares nothing with our verifier', () => {
  for (const manner of MANNERS) {
    const words = Object.entries(manner).flatMap(([word, is]) => (is ? [word] : []))
    it(`are accepted with ${words.join(', ')}${manner.encrypted ? '' : ' signed'}`, async () => {
      const { idp } = providers(manner)
      const described = readIdpMetadata(idp.getMetadata())
      assert.equal(described.ssoRedirectUrl, 'https://idp.example/sso')
      const opened = openResponse(await respond(manner))
      assert.equal(opened.shape.isResponseSigned, manner.response)
      assert.equal(opened.shape.isEncrypted, manner.encrypted)
      const assertion = await verifyResponse(opened, {
        ...SP,
        issuer: described.entityId,
        audiences: [SP.entityId],
        request: { id: '_request', createdAt: NOW },
        now: NOW,
        skewMs: 90_000,
        context: undefined,
        nameIdOptional: false,
        certificates: described.certificates.map(({ pem }) => pem),
        decryptionKeys: [ours.privateKey],
        sha1: false,
      })
      assert.equal(assertion.nameId?.value, 'ada@acme.example')
    })
  }
})
