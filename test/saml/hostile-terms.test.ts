import assert from 'node:assert/strict'
import type { SamlErrorCode } from '../../saml/errors.js'
import type { Verification } from '../../saml/verify-response.js'
import type { Claims } from './an-idp.js'
import { ADA, answer, assertRefused, NOW, REQUEST, SP, useWorld, verifyXml } from './hostile.js'

type TermCase = readonly [name: string, code: SamlErrorCode, claims: Claims, changes?: Partial<Verification>]

const inAssertion = (from: string | RegExp, to: string): Claims => ({
  assertionXml: (xml) => xml.replace(from, () => to),
})
const inResponse = (from: string | RegExp, to: string): Claims => ({
  responseXml: (xml) => xml.replace(from, () => to),
})
const doubled = (pattern: RegExp): Claims => ({ assertionXml: (xml) => xml.replace(pattern, (text) => text + text) })
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000).toISOString()
const status = (inside: string): Claims => ({ statusXml: `<samlp:Status>${inside}</samlp:Status>` })
const code = (value: string, inside = '') => `<samlp:StatusCode Value="${value}">${inside}</samlp:StatusCode>`
const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success'
const RESPONDER = 'urn:oasis:names:tc:SAML:2.0:status:Responder'
const CONFIRMATION = /<saml:SubjectConfirmation .*<\/saml:SubjectConfirmation>/
const CONDITIONS = /<saml:Conditions.*<\/saml:Conditions>/
const STATEMENT = /<saml:AuthnStatement.*<\/saml:AuthnStatement>/
const restriction = (...audiences: string[]) =>
  `<saml:AudienceRestriction>${audiences.map((one) => `<saml:Audience>${one}</saml:Audience>`).join('')}</saml:AudienceRestriction>`
const restricted = (...list: string[]): Claims =>
  inAssertion(/<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/, list.join(''))
const condition = (xml: string): Claims => inAssertion('</saml:Conditions>', `${xml}</saml:Conditions>`)
const conditionDates = (dates: string): Claims => inAssertion(/<saml:Conditions [^>]*>/, `<saml:Conditions ${dates}>`)
const data = (attributes: string): Claims =>
  inAssertion(/<saml:SubjectConfirmationData [^>]*>/, `<saml:SubjectConfirmationData ${attributes}/>`)
const RIGHT = `Recipient="${SP.acsUrl}" InResponseTo="${REQUEST}"`
const idpInitiated: Partial<Verification> = { request: undefined }

const outside: readonly TermCase[] = [
  ['Response of version 1.1', 'not_a_response', inResponse('Version="2.0"', 'Version="1.1"')],
  ['Response of version 2', 'not_a_response', inResponse('Version="2.0"', 'Version="2"')],
  ['Response without a version', 'not_a_response', inResponse(' Version="2.0"', '')],
  ['Destination in capitals', 'wrong_destination', { destination: SP.acsUrl.toUpperCase() }],
  ['Destination with a slash more', 'wrong_destination', { destination: `${SP.acsUrl}/` }],
  ['Destination with a query', 'wrong_destination', { destination: `${SP.acsUrl}?x` }],
  ['Destination with a space', 'wrong_destination', { destination: ` ${SP.acsUrl}` }],
  ['empty Destination', 'wrong_destination', { destination: '' }],
  ['Destination of another connection', 'wrong_destination', { destination: SP.acsUrl.replace('/c/', '/d/') }],
  ['empty Issuer of the Response', 'wrong_issuer', { responseIssuer: '' }],
  ['Issuer of the Response with a slash more', 'wrong_issuer', { responseIssuer: 'https://idp.example/entity/' }],
  [
    'two Issuers of the Response',
    'shape',
    inResponse('</saml:Issuer>', '</saml:Issuer><saml:Issuer>https://evil.example</saml:Issuer>'),
  ],
  ['Response to another request', 'unknown_request', { inResponseTo: '_other', confirmedRequest: REQUEST }],
  ['Response to no request, by its empty name', 'unknown_request', { inResponseTo: '', confirmedRequest: REQUEST }],
  ['Response to a request that nobody made', 'unknown_request', {}, idpInitiated],
  [
    'unsolicited Response around an Assertion that answers a request',
    'unknown_request',
    { inResponseTo: null, confirmedRequest: REQUEST },
    idpInitiated,
  ],
]

const statuses: readonly TermCase[] = [
  ['Responder with an Assertion', 'idp_status', status(code(RESPONDER))],
  ['Requester', 'idp_status', status(code('urn:oasis:names:tc:SAML:2.0:status:Requester'))],
  ['NoPassive', 'idp_status', status(code(RESPONDER, code('urn:oasis:names:tc:SAML:2.0:status:NoPassive')))],
  ['a foreign URN that ends in Success', 'idp_status', status(code('urn:evil:status:Success'))],
  ['Success alone', 'idp_status', status(code('Success'))],
  ['Success in small letters', 'idp_status', status(code(SUCCESS.toLowerCase()))],
  ['Success with a space', 'idp_status', status(code(`${SUCCESS} `))],
  ['Success of SAML 1.1', 'idp_status', status(code('samlp:Success'))],
  ['Success inside of Responder', 'idp_status', status(code(RESPONDER, code(SUCCESS)))],
  [
    'Success as the message of Responder',
    'idp_status',
    status(`${code(RESPONDER)}<samlp:StatusMessage>${SUCCESS}</samlp:StatusMessage>`),
  ],
  [
    'a message of a hundred thousand letters',
    'idp_status',
    status(`${code(RESPONDER)}<samlp:StatusMessage>${'a'.repeat(1e5)}</samlp:StatusMessage>`),
  ],
  ['no code', 'not_a_response', status('')],
  ['a code without Value', 'idp_status', status('<samlp:StatusCode/>')],
  ['Success and Responder', 'not_a_response', status(code(SUCCESS) + code(RESPONDER))],
  ['Success of another namespace', 'not_a_response', status(`<x:StatusCode xmlns:x="urn:x" Value="${SUCCESS}"/>`)],
  ['two Status', 'not_a_response', { statusXml: `<samlp:Status>${code(SUCCESS)}</samlp:Status>`.repeat(2) }],
  ['no Status', 'not_a_response', { statusXml: '' }],
]

const issue: readonly TermCase[] = [
  ['Assertion of version 1.1', 'shape', inAssertion('Version="2.0"', 'Version="1.1"')],
  ['Assertion without a version', 'shape', inAssertion(' Version="2.0"', '')],
  ['Assertion without an ID', 'shape', inAssertion(' ID="_assertion"', '')],
  ['Issuer of the Assertion missing', 'wrong_issuer', { issuer: null }],
  ['Issuer of the Assertion empty', 'wrong_issuer', { issuer: '' }],
  ['Issuer of the Assertion in capitals', 'wrong_issuer', { issuer: 'HTTPS://IDP.EXAMPLE/ENTITY' }],
  ['Issuer of the Assertion with a no-break space', 'wrong_issuer', { issuer: 'https://idp.example/entity\u00a0' }],
  ['two Issuers of the Assertion', 'wrong_issuer', doubled(/<saml:Issuer>.*<\/saml:Issuer>/)],
  [
    'Issuer of another namespace',
    'wrong_issuer',
    inAssertion(/<saml:Issuer>(.*)<\/saml:Issuer>/, '<Issuer>https://idp.example/entity</Issuer>'),
  ],
  ['no IssueInstant', 'outside_time', inAssertion(/ IssueInstant="[^"]*"/, '')],
  ['IssueInstant of yesterday', 'outside_time', inAssertion(/ IssueInstant="[^"]*"/, ` IssueInstant="${at(-86_400)}"`)],
  ['IssueInstant of tomorrow', 'outside_time', inAssertion(/ IssueInstant="[^"]*"/, ` IssueInstant="${at(86_400)}"`)],
  [
    'IssueInstant before the request',
    'outside_time',
    inAssertion(/ IssueInstant="[^"]*"/, ` IssueInstant="${at(-121)}"`),
  ],
  [
    'unsolicited Assertion of seven minutes ago',
    'outside_time',
    { inResponseTo: null, ...inAssertion(/ IssueInstant="[^"]*"/, ` IssueInstant="${at(-420)}"`) },
    idpInitiated,
  ],
  ...[
    '2026-11-21T12:00:00',
    '2026-11-21',
    '10000-01-01T00:00:00Z',
    '+010000-01-01T00:00:00Z',
    '2026-02-30T12:00:00Z',
    '2026-11-21T12:00:60Z',
    '2026-11-21T25:00:00Z',
    '2026-11-21 12:00:00Z',
    'Sat, 21 Nov 2026 12:00:00 GMT',
    '1795262400',
    '',
    'now',
  ].map(
    (text): TermCase => [
      `IssueInstant “${text}”`,
      'outside_time',
      inAssertion(/ IssueInstant="[^"]*"/, ` IssueInstant="${text}"`),
    ],
  ),
]

const conditions: readonly TermCase[] = [
  ['no Conditions', 'wrong_audience', inAssertion(CONDITIONS, '')],
  ['two Conditions', 'wrong_audience', doubled(CONDITIONS)],
  ['Conditions without anything', 'wrong_audience', inAssertion(CONDITIONS, '<saml:Conditions/>')],
  ['NotBefore in two minutes', 'outside_time', conditionDates(`NotBefore="${at(91)}"`)],
  ['NotOnOrAfter two minutes ago', 'outside_time', conditionDates(`NotOnOrAfter="${at(-90)}"`)],
  ['NotBefore without a zone', 'outside_time', conditionDates('NotBefore="2026-11-21T12:00:00"')],
  ['NotOnOrAfter in the year 10000', 'outside_time', conditionDates('NotOnOrAfter="10000-01-01T00:00:00Z"')],
  ['an empty NotOnOrAfter', 'outside_time', conditionDates('NotOnOrAfter=""')],
  ['an Audience that begins like us', 'wrong_audience', { audience: `${SP.entityId}/more` }],
  ['an Audience in capitals', 'wrong_audience', { audience: SP.entityId.toUpperCase() }],
  ['an empty Audience', 'wrong_audience', { audience: '' }],
  ['a restriction to nobody', 'wrong_audience', restricted(restriction())],
  [
    'one restriction to us and one to others',
    'wrong_audience',
    restricted(restriction(SP.entityId), restriction('urn:other')),
  ],
  ['one restriction to us and one to nobody', 'wrong_audience', restricted(restriction(SP.entityId), restriction())],
  ['two restrictions to others', 'wrong_audience', restricted(restriction('urn:a'), restriction('urn:b'))],
  [
    'our name in an element inside of Audience',
    'unknown_condition',
    condition(`<saml:Audience>${SP.entityId}</saml:Audience>`),
  ],
  [
    'an Audience of another namespace',
    'wrong_audience',
    restricted(`<saml:AudienceRestriction><Audience>${SP.entityId}</Audience></saml:AudienceRestriction>`),
  ],
  [
    'a Condition of xsi:type',
    'unknown_condition',
    condition(
      '<saml:Condition xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:x="urn:x" xsi:type="x:Odd"/>',
    ),
  ],
  ['a OneTimeUse of another namespace', 'unknown_condition', condition('<OneTimeUse/>')],
  [
    'a DoNotCacheCondition of SAML 1.1',
    'unknown_condition',
    condition('<DoNotCacheCondition xmlns="urn:oasis:names:tc:SAML:1.0:assertion"/>'),
  ],
  ['a condition with a name of fifty thousand letters', 'unknown_condition', condition(`<${'a'.repeat(50_000)}/>`)],
]

const confirmations: readonly TermCase[] = [
  ['no Subject', 'no_confirmation', inAssertion(/<saml:Subject>.*<\/saml:Subject>/, '')],
  ['two Subjects', 'no_confirmation', doubled(/<saml:Subject>.*<\/saml:Subject>/)],
  ['no confirmation', 'no_confirmation', inAssertion(CONFIRMATION, '')],
  ['holder-of-key', 'no_confirmation', inAssertion('cm:bearer', 'cm:holder-of-key')],
  ['sender-vouches', 'no_confirmation', inAssertion('cm:bearer', 'cm:sender-vouches')],
  ['the bearer of SAML 1.0', 'no_confirmation', inAssertion('SAML:2.0:cm:bearer', 'SAML:1.0:cm:bearer')],
  ['a confirmation without Method', 'no_confirmation', inAssertion(/ Method="[^"]*"/, '')],
  ['a bearer without data', 'no_confirmation', inAssertion(/<saml:SubjectConfirmationData[^>]*>/, '')],
  ['a bearer of no end', 'no_confirmation', data(RIGHT)],
  ['a bearer with NotBefore', 'no_confirmation', data(`${RIGHT} NotOnOrAfter="${at(300)}" NotBefore="${at(-60)}"`)],
  ['a bearer that is over', 'outside_time', data(`${RIGHT} NotOnOrAfter="${at(-90)}"`)],
  ['a bearer whose end has no zone', 'outside_time', data(`${RIGHT} NotOnOrAfter="2026-11-21T13:00:00"`)],
  ['a bearer whose end is in the year 10000', 'outside_time', data(`${RIGHT} NotOnOrAfter="10000-01-01T00:00:00Z"`)],
  ['a Recipient in capitals', 'wrong_recipient', { recipient: SP.acsUrl.toUpperCase() }],
  ['an empty Recipient', 'wrong_recipient', { recipient: '' }],
  ['a Recipient of another connection', 'wrong_recipient', { recipient: SP.acsUrl.replace('/c/', '/d/') }],
  ['an empty InResponseTo inside', 'unknown_request', { confirmedRequest: '' }],
  ['a request in small letters', 'unknown_request', { confirmedRequest: REQUEST.toUpperCase() }],
  [
    'data of another namespace',
    'no_confirmation',
    inAssertion('<saml:SubjectConfirmationData', '<SubjectConfirmationData'),
  ],
]

const people: readonly TermCase[] = [
  ['a NameID of 1,025 letters', 'no_identifier', { nameId: 'a'.repeat(1_025) }],
  ['a NameID of 257 letters of four bytes', 'no_identifier', { nameId: '𝒳'.repeat(257) }],
  ['a SessionIndex of 1,025 letters', 'shape', { sessionIndex: 'a'.repeat(1_025) }],
  ['an ID of 513 letters', 'shape', { assertionId: `_${'a'.repeat(512)}` }],
  ['two NameIDs', 'no_identifier', doubled(/<saml:NameID.*<\/saml:NameID>/)],
  ['an element in NameID', 'no_identifier', { nameId: `${ADA}<x>.evil.example</x>` }],
  [
    'an EncryptedID in place of NameID',
    'no_identifier',
    inAssertion(/<saml:NameID.*<\/saml:NameID>/, '<saml:EncryptedID><x/></saml:EncryptedID>'),
  ],
  [
    'a NameID of another namespace',
    'no_identifier',
    inAssertion(/<saml:NameID.*<\/saml:NameID>/, `<NameID>${ADA}</NameID>`),
  ],
  ['a BaseID', 'no_identifier', inAssertion(/<saml:NameID.*<\/saml:NameID>/, '<saml:BaseID/>')],
  ['a NameID of white space', 'no_identifier', { nameId: '&#x9;&#xA;&#xD; ' }],
  [
    'two NameIDs where none is needed',
    'no_identifier',
    doubled(/<saml:NameID.*<\/saml:NameID>/),
    { nameIdOptional: true },
  ],
  ['no AuthnStatement', 'no_authn_statement', inAssertion(STATEMENT, '')],
  ['two AuthnStatements', 'no_authn_statement', doubled(STATEMENT)],
  ['an AuthnStatement without AuthnInstant', 'no_authn_statement', inAssertion(/ AuthnInstant="[^"]*"/, '')],
  ['AuthnInstant of tomorrow', 'outside_time', inAssertion(/ AuthnInstant="[^"]*"/, ` AuthnInstant="${at(86_400)}"`)],
  ['AuthnInstant that is no date', 'outside_time', inAssertion(/ AuthnInstant="[^"]*"/, ' AuthnInstant="yesterday"')],
  ['a session until two minutes ago', 'outside_time', { sessionNotOnOrAfter: at(-90) }],
  ['a session until a date without zone', 'outside_time', { sessionNotOnOrAfter: '2026-11-21T13:00:00' }],
  [
    'another context than the required one',
    'wrong_context',
    {},
    { context: 'urn:oasis:names:tc:SAML:2.0:ac:classes:X509' },
  ],
  [
    'no context where one is required',
    'wrong_context',
    inAssertion(/<saml:AuthnContextClassRef>.*<\/saml:AuthnContextClassRef>/, ''),
    { context: 'urn:oasis:names:tc:SAML:2.0:ac:classes:Password' },
  ],
]

const accepted: readonly (readonly [name: string, claims: Claims, changes?: Partial<Verification>])[] = [
  ['OneTimeUse and ProxyRestriction', condition('<saml:OneTimeUse/><saml:ProxyRestriction Count="0"/>')],
  ['several Audiences, one of them us', restricted(restriction('urn:other', SP.entityId))],
  ['two restrictions that both name us', restricted(restriction(SP.entityId), restriction('urn:other', SP.entityId))],
  ['a further Audience that the connection accepts', { audience: 'spn:1' }, { audiences: [SP.entityId, 'spn:1'] }],
  ['Conditions without dates', inAssertion(/<saml:Conditions [^>]*>/, '<saml:Conditions>')],
  ['Conditions with NotBefore alone', conditionDates(`NotBefore="${at(0)}"`)],
  [
    'a holder-of-key confirmation without dates before the bearer',
    inAssertion(
      '<saml:SubjectConfirmation ',
      '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"/><saml:SubjectConfirmation ',
    ),
  ],
  [
    'a bearer confirmation for somebody else before ours',
    inAssertion(
      '<saml:SubjectConfirmation ',
      `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="${at(300)}" Recipient="https://other.example"/></saml:SubjectConfirmation><saml:SubjectConfirmation `,
    ),
  ],
  [
    'an attribute without a Name',
    inAssertion(
      '</saml:Assertion>',
      '<saml:AttributeStatement><saml:Attribute/></saml:AttributeStatement></saml:Assertion>',
    ),
  ],
  ['attributes named __proto__ and constructor', { attributes: { constructor: ['x'], ['__proto__']: ['y'] } }],
  ['dates with an offset', conditionDates('NotOnOrAfter="2026-11-21T14:00:00.1234567+01:00"')],
  ['no Issuer on the outside', { responseIssuer: null }],
  ['no request on either side', { inResponseTo: null }, idpInitiated],
]

describe('a signed Response on terms that are not ours (Core §2, Profiles §4.1.4)', () => {
  const world = useWorld()

  for (const [name, expected, claims, changes] of [
    ...outside,
    ...statuses,
    ...issue,
    ...conditions,
    ...confirmations,
    ...people,
  ]) {
    it(`${name}: ${expected}`, async () => {
      await assertRefused(verifyXml(world, await answer(world, claims), changes), expected)
    })
  }
})

describe('a signed Response on unusual terms that are ours', () => {
  const world = useWorld()

  for (const [name, claims, changes] of accepted) {
    it(`is accepted with ${name}`, async () => {
      const assertion = await verifyXml(world, await answer(world, claims, { sign: ['assertion'] }), changes)
      assert.equal(assertion.nameId?.value, ADA)
    })
  }
})
