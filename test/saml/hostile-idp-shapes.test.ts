import assert from 'node:assert/strict'
import { valuesOf } from '../../saml/attributes.js'
import type { Verification } from '../../saml/verify-response.js'
import {
  DSIG,
  EXC_C14N,
  NOW,
  REQUEST,
  SEAL,
  type Sealing,
  SP,
  sealed,
  transform,
  useWorld,
  verifyXml,
} from './hostile.js'

const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol'
const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion'
const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success'
const XS = ' xmlns:xs="http://www.w3.org/2001/XMLSchema"'
const XSI = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
const CLAIMS = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims'
const MICROSOFT = 'http://schemas.microsoft.com/ws/2008/06/identity/claims'
const INCLUSIVE = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'
const inclusiveNamespaces = `<ec:InclusiveNamespaces xmlns:ec="${EXC_C14N}" PrefixList="xs"></ec:InclusiveNamespaces>`
const enveloped = transform(`${DSIG}enveloped-signature`)

/** How an identity provider writes (SAML.md d); what is sent differs from the canonical form only as XML lets it. */
interface Dialect {
  readonly name: string
  readonly issuer?: string
  /** Prefixes with their colons; empty for a default namespace. */
  readonly protocol: string
  readonly assertion: string
  readonly signs: readonly ('response' | 'assertion')[]
  readonly nameId: string | undefined
  readonly nameIdFormat?: string
  /** What stands around the text of an AttributeValue. */
  readonly type?: string
  readonly attributes: Readonly<Record<string, readonly string[]>>
  readonly sealing?: Sealing
  /** Of the Response, where it differs from that of the Assertion. */
  readonly responseSealing?: Sealing
  /** Namespaces in the tag of the Assertion. */
  readonly declares?: string
  /** Line breaks and indentation between elements. */
  readonly pretty?: boolean
  readonly sent?: (xml: string) => string
  readonly terms?: Partial<Verification>
  readonly expected: readonly [email: string, givenName: string, familyName: string, groups: readonly string[]]
}

const ADA = ['ada@acme.example', 'Ada', 'Lovelace', ['Engineering', 'R&D']] as const
const persistent = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'
const emailFormat = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'
const unspecified = 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified'
const openSaml: Sealing = { transforms: [enveloped, transform(EXC_C14N, inclusiveNamespaces)] }

const dialects: readonly Dialect[] = [
  {
    name: 'Okta',
    protocol: 'saml2p:',
    assertion: 'saml2:',
    signs: ['response', 'assertion'],
    nameId: 'ada@acme.example',
    nameIdFormat: unspecified,
    type: `${XSI} xsi:type="xs:string"`,
    attributes: {
      email: ['ada@acme.example'],
      firstName: ['Ada'],
      lastName: ['Lovelace'],
      groups: ['Engineering', 'R&amp;D'],
    },
    declares: XS,
    sealing: openSaml,
    sent: (xml) => `<?xml version="1.0" encoding="UTF-8"?>${xml.replaceAll(XSI, `${XS}${XSI}`)}`,
    expected: ADA,
  },
  {
    name: 'Entra',
    issuer: 'https://sts.windows.net/5e1c9f6a/',
    protocol: 'samlp:',
    assertion: '',
    signs: ['assertion'],
    nameId: 'ada@acme.example',
    nameIdFormat: emailFormat,
    attributes: {
      'http://schemas.microsoft.com/identity/claims/tenantid': ['5e1c9f6a'],
      'http://schemas.microsoft.com/identity/claims/objectidentifier': ['0d1e2f'],
      [`${CLAIMS}/givenname`]: ['Ada'],
      [`${CLAIMS}/surname`]: ['Lovelace'],
      [`${CLAIMS}/emailaddress`]: ['ada@acme.example'],
      [`${CLAIMS}/name`]: ['ada@acme.onmicrosoft.example'],
      [`${MICROSOFT}/groups`]: ['6a7b', '8c9d'],
    },
    sealing: { prefix: '' },
    expected: ['ada@acme.example', 'Ada', 'Lovelace', ['6a7b', '8c9d']],
  },
  {
    name: 'Entra with both signatures',
    protocol: 'samlp:',
    assertion: '',
    signs: ['response', 'assertion'],
    nameId: 'AbC-dEf_1',
    nameIdFormat: persistent,
    attributes: {
      [`${CLAIMS}/emailaddress`]: ['ada@acme.example'],
      [`${CLAIMS}/givenname`]: ['Ada'],
      [`${CLAIMS}/surname`]: ['Lovelace'],
      [`${MICROSOFT}/groups`]: ['6a7b'],
    },
    sealing: { prefix: '' },
    expected: ['ada@acme.example', 'Ada', 'Lovelace', ['6a7b']],
  },
  {
    name: 'ADFS without a NameID',
    issuer: 'http://adfs.acme.example/adfs/services/trust',
    protocol: 'samlp:',
    assertion: '',
    signs: ['assertion'],
    nameId: undefined,
    attributes: {
      [`${CLAIMS}/upn`]: ['ada@acme.example'],
      [`${CLAIMS}/emailaddress`]: ['ada@acme.example'],
      [`${CLAIMS}/givenname`]: ['Ada'],
      [`${CLAIMS}/surname`]: ['Lovelace'],
      'http://schemas.xmlsoap.org/claims/Group': ['Domain Users', 'R&amp;D'],
    },
    sealing: {
      signature: (xml) =>
        xml.replace('<ds:KeyInfo>', `<KeyInfo xmlns="${DSIG}">`).replace('</ds:KeyInfo>', '</KeyInfo>'),
    },
    terms: { nameIdOptional: true },
    expected: ['ada@acme.example', 'Ada', 'Lovelace', ['Domain Users', 'R&D']],
  },
  {
    name: 'Google Workspace with a signed Assertion',
    protocol: 'saml2p:',
    assertion: 'saml2:',
    signs: ['assertion'],
    nameId: 'ada@acme.example',
    nameIdFormat: emailFormat,
    type: `${XSI} xsi:type="xs:anyType"`,
    attributes: {
      email: ['ada@acme.example'],
      first_name: [],
      firstName: ['Ada'],
      lastName: ['Lovelace'],
      groups: ['Engineering'],
    },
    sealing: {},
    sent: (xml) => `<?xml version="1.0" encoding="UTF-8" standalone="no"?>${xml.replaceAll(XSI, `${XS}${XSI}`)}`,
    expected: ['ada@acme.example', 'Ada', 'Lovelace', ['Engineering']],
  },
  {
    name: 'Google Workspace with a signed Response, in inclusive canonical form',
    protocol: 'saml2p:',
    assertion: 'saml2:',
    signs: ['response'],
    nameId: 'ada@acme.example',
    attributes: { email: ['ada@acme.example'], firstName: ['Ada'], lastName: ['Lovelace'], groups: ['Engineering'] },
    responseSealing: {
      c14n: `<ds:CanonicalizationMethod Algorithm="${INCLUSIVE}"></ds:CanonicalizationMethod>`,
      transforms: [enveloped],
      signedInfo: (xml) =>
        xml
          .replace('SignedInfo ', `SignedInfo `)
          .replace(`xmlns:ds="${DSIG}"`, `xmlns:ds="${DSIG}" xmlns:saml2p="${PROTOCOL}"`),
    },
    sent: (xml) => `<?xml version="1.0" encoding="UTF-8" standalone="no"?>${xml}`,
    expected: ['ada@acme.example', 'Ada', 'Lovelace', ['Engineering']],
  },
  {
    name: 'OneLogin, with empty values',
    protocol: 'samlp:',
    assertion: 'saml:',
    signs: ['assertion'],
    nameId: 'ada@acme.example',
    nameIdFormat: emailFormat,
    type: `${XSI} xsi:type="xs:string"`,
    attributes: {
      'User.email': ['ada@acme.example'],
      'User.FirstName': ['Ada'],
      'User.LastName': ['Lovelace'],
      memberOf: ['Engineering', '', 'R&amp;D'],
      company: [''],
    },
    sent: (xml) =>
      xml
        .replace('<samlp:Response ', `<samlp:Response xmlns:saml="${ASSERTION}" `)
        .replace('<saml:Assertion ', `<saml:Assertion${XS} `),
    expected: ADA,
  },
  {
    name: 'Keycloak, with a KeyName and a namespace that nobody uses',
    issuer: 'https://keycloak.example/realms/acme',
    protocol: 'samlp:',
    assertion: 'saml:',
    signs: ['response', 'assertion'],
    nameId: 'ada',
    nameIdFormat: unspecified,
    type: `${XSI} xsi:type="xs:string"`,
    attributes: {
      email: ['ada@acme.example'],
      givenName: ['Ada'],
      surname: ['Lovelace'],
      Role: ['manage-account'],
      member: [],
      groups: ['/Engineering', '/R&amp;D'],
    },
    sealing: {
      prefix: 'dsig',
      signature: (xml) =>
        xml.replace(
          '<dsig:KeyInfo>',
          '<dsig:KeyInfo><dsig:KeyName>FJ86GcF3jTbNLOco4NvZkUCIUmfYCqoqtOQeMfbhNlE</dsig:KeyName>',
        ),
    },
    sent: (xml) => xml.replace('<saml:Assertion ', `<saml:Assertion xmlns="${ASSERTION}" `),
    expected: ['ada@acme.example', 'Ada', 'Lovelace', ['/Engineering', '/R&D']],
  },
  {
    name: 'SimpleSAMLphp, in lines of CRLF',
    protocol: 'samlp:',
    assertion: 'saml:',
    signs: ['response', 'assertion'],
    nameId: '_ce3d2948b4cf20146dee0a0b3dd6f69b6cf86f62d7',
    nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
    type: `${XSI} xsi:type="xs:string"`,
    attributes: {
      'urn:oid:0.9.2342.19200300.100.1.3': ['ada@acme.example'],
      'urn:oid:2.5.4.42': ['Ada'],
      'urn:oid:2.5.4.4': ['Lovelace'],
      groups: ['Engineering', 'R&amp;D'],
    },
    pretty: true,
    sent: (xml) => `<?xml version="1.0"?>\r\n${xml.replaceAll('\n', '\r\n')}\r\n`,
    expected: ADA,
  },
]

/** The answer of an identity provider, whose canonical form is made first and then sent as it would send it. */
function answerOf(dialect: Dialect, issuer: string, key: Parameters<typeof sealed>[2]): string {
  const { signs, sealing = {}, responseSealing = sealing } = dialect
  const inner = signs.includes('assertion') ? SEAL : ''
  const assertion = sealed(assertionOf(dialect, issuer, inner), '_assertion', key, tidied(sealing))
  const outer = signs.includes('response') ? SEAL : ''
  const response = sealed(responseOf(dialect, issuer, outer, assertion), '_response', key, tidied(responseSealing))
  return dialect.sent?.(response) ?? response
}

/** A SignedInfo stands in the namespace of its Signature, so the document does not declare it again. */
function tidied(sealing: Sealing): Sealing {
  const tidy = (xml: string) => xml.replace(/(<(?:\w+:)?SignedInfo)[^>]*>/, '$1>')
  return { ...sealing, signature: (xml) => tidy(sealing.signature?.(xml) ?? xml) }
}

function responseOf(
  { protocol: p, assertion: a, pretty }: Dialect,
  issuer: string,
  seal: string,
  inside: string,
): string {
  const line = pretty ? '\n  ' : ''
  const namespace = `xmlns:${p.slice(0, -1)}="${PROTOCOL}"`
  return `<${p}Response ${namespace} Destination="${SP.acsUrl}" ID="_response" InResponseTo="${REQUEST}" IssueInstant="${NOW.toISOString()}" Version="2.0">${line}<${a}Issuer ${xmlns(a)}>${issuer}</${a}Issuer>${seal}${line}<${p}Status>${line}<${p}StatusCode Value="${SUCCESS}"></${p}StatusCode></${p}Status>${line}${inside}</${p}Response>`
}

function assertionOf(dialect: Dialect, issuer: string, seal: string): string {
  const { assertion: a, nameId, nameIdFormat, type = '', attributes, declares = '', pretty } = dialect
  const [now, end] = [NOW.toISOString(), new Date(NOW.getTime() + 300_000).toISOString()]
  const line = pretty ? '\n    ' : ''
  const values = (list: readonly string[]) =>
    list.map((value) => `${line}<${a}AttributeValue${type}>${value}</${a}AttributeValue>`).join('')
  const statements = Object.entries(attributes).map(
    ([name, list]) => `${line}<${a}Attribute Name="${name}">${values(list)}</${a}Attribute>`,
  )
  const format = nameIdFormat === undefined ? '' : ` Format="${nameIdFormat}"`
  return [
    `<${a}Assertion ${xmlns(a)}${declares} ID="_assertion" IssueInstant="${now}" Version="2.0"><${a}Issuer>${issuer}</${a}Issuer>${seal}`,
    `<${a}Subject>${nameId === undefined ? '' : `<${a}NameID${format}>${line}${nameId}${line}</${a}NameID>`}`,
    `<${a}SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">`,
    `<${a}SubjectConfirmationData InResponseTo="${REQUEST}" NotOnOrAfter="${end}" Recipient="${SP.acsUrl}"></${a}SubjectConfirmationData>`,
    `</${a}SubjectConfirmation></${a}Subject><${a}Conditions NotBefore="${now}" NotOnOrAfter="${end}"><${a}AudienceRestriction>`,
    `<${a}Audience>${line}${SP.entityId}${line}</${a}Audience></${a}AudienceRestriction></${a}Conditions>`,
    `<${a}AuthnStatement AuthnInstant="${now}" SessionIndex="_session"><${a}AuthnContext><${a}AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</${a}AuthnContextClassRef></${a}AuthnContext></${a}AuthnStatement>`,
    `<${a}AttributeStatement>${statements.join('')}</${a}AttributeStatement></${a}Assertion>`,
  ].join('')
}

function xmlns(prefix: string): string {
  return prefix === '' ? `xmlns="${ASSERTION}"` : `xmlns:${prefix.slice(0, -1)}="${ASSERTION}"`
}

describe('an attribute that is sent twice, in other letters', () => {
  const attributes = new Map([
    ['email', ['ada@acme.example']],
    ['EMAIL', ['admin@acme.example']],
    ['Mail', ['ada@mail.example']],
  ])

  it('is the one that is named so', () => {
    assert.deepEqual(valuesOf(attributes, 'email'), ['ada@acme.example'])
    assert.deepEqual(valuesOf(attributes, 'email', 'EMAIL'), ['admin@acme.example'])
    assert.deepEqual(valuesOf(attributes, 'email', 'mail'), ['ada@mail.example'])
    assert.deepEqual(valuesOf(attributes, 'email', 'none'), [])
  })
})

describe('a Response as identity providers write it (SAML.md d)', () => {
  const world = useWorld()

  for (const dialect of dialects) {
    it(`is understood from ${dialect.name}`, async () => {
      const issuer = dialect.issuer ?? world.idp.entityId
      const xml = answerOf(dialect, issuer, world.idp.key)
      const found = await verifyXml(world, xml, { issuer, ...dialect.terms })
      const [email, givenName, familyName, groups] = dialect.expected
      assert.equal(found.nameId?.value, dialect.nameId)
      assert.equal(found.nameId?.format, dialect.nameId === undefined ? undefined : dialect.nameIdFormat)
      assert.equal(found.sessionIndex, '_session')
      assert.deepEqual(valuesOf(found.attributes, 'email'), [email])
      assert.deepEqual(valuesOf(found.attributes, 'givenName'), [givenName])
      assert.deepEqual(valuesOf(found.attributes, 'familyName'), [familyName])
      assert.deepEqual(valuesOf(found.attributes, 'groups'), groups)
    })
  }

  it('is understood with line breaks in what is base64', async () => {
    const [okta] = dialects
    const xml = answerOf(okta!, world.idp.entityId, world.idp.key)
    const lines = (text: string) => text.replaceAll(/.{76}/g, '$&&#13;\n')
    const broken = xml.replaceAll(
      /(<ds:(?:SignatureValue|X509Certificate)>)([^<]*)/g,
      (_, tag, text) => `${tag}\n${lines(text)}`,
    )
    // The Response is signed over the Assertion's signature as it was, so that one alone may change.
    const outer = broken.indexOf('<saml2:Assertion')
    await verifyXml(world, broken.slice(0, outer) + xml.slice(xml.indexOf('<saml2:Assertion')))
  })
})
