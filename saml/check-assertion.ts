import type { SignInTrace } from '../accounts/sign-in-checks.js'
import { instantFromDateTime } from '../filter/date-time.js'
import { type Attributes, readAttributes } from './attributes.js'
import { type Comparison, SamlError, type SamlErrorCode } from './errors.js'
import { checkLength, MAX_BYTES } from './lengths.js'
import { BEARER, NS } from './names.js'
import { attribute, children, isNamed, textOf } from './xml.js'

/** What an assertion has to say to be for us, now, and for the request that was made (Profiles §4.1.4.2, Core §2.5). */
export interface AssertionTerms {
  /** The identity provider's entityID. */
  readonly issuer: string
  /** Our entityID, and further ones that the connection accepts. */
  readonly audiences: readonly string[]
  readonly acsUrl: string
  /** Id of the AuthnRequest, and when it was made; undefined where the identity provider began. */
  readonly request: { readonly id: string; readonly createdAt: Date } | undefined
  readonly now: Date
  /** Widens both ends of every window. */
  readonly skewMs: number
  /** The only AuthnContextClassRef that is accepted; undefined for any. */
  readonly context: string | undefined
  /** Whether an attribute identifies the person, so that a NameID may be missing. */
  readonly nameIdOptional: boolean
  /** Hears of what holds. */
  readonly trace?: SignInTrace
}

export interface NameId {
  readonly value: string
  readonly format: string | undefined
  readonly nameQualifier: string | undefined
  readonly spNameQualifier: string | undefined
}

/** What an identity provider states and has signed. Only checkAssertion makes one, so nothing unverified passes for it. */
export interface VerifiedAssertion {
  readonly [verified]: true
  readonly id: string
  readonly issuer: string
  readonly nameId: NameId | undefined
  readonly attributes: Attributes
  readonly sessionIndex: string | undefined
  readonly authnInstant: Date
  readonly authnContext: string | undefined
  /** Until when a session may last, where the identity provider says so. */
  readonly sessionNotOnOrAfter: Date | undefined
  /** From here on the assertion is refused anyway; until then its id has to be remembered. */
  readonly usableUntil: Date
  readonly issuedAt: Date
}

declare const verified: unique symbol

const VERSION = '2.0'
/** How old an assertion may be that answers no request of ours. */
const MAX_AGE_MS = 5 * 60_000

/**
 * Read and check an Assertion, given as it was parsed from the bytes that were signed. Throws SamlError: bad_xml, shape, wrong_issuer,
 * outside_time, unknown_condition, wrong_audience, no_confirmation, wrong_recipient, unknown_request, no_identifier,
 * no_authn_statement, wrong_context.
 */
export function checkAssertion(assertion: Element, terms: AssertionTerms): VerifiedAssertion {
  const id = attribute(assertion, 'ID')
  if (!isNamed(assertion, NS.assertion, 'Assertion') || attribute(assertion, 'Version') !== VERSION || !id)
    throw new SamlError('shape', 'The Assertion is not of SAML 2.0, or has no ID.')
  checkLength('The ID of the Assertion', id, MAX_BYTES.id, 'shape')
  const issuer = textOf(one(assertion, 'Issuer', 'wrong_issuer', { expected: terms.issuer, received: 'none' }))
  if (issuer !== terms.issuer) throw differs('wrong_issuer', 'Issuer', terms.issuer, issuer)
  const { trace } = terms
  trace?.passed('issuer')
  const attributes = readAttributes(assertion)
  tell(assertion, attributes, terms)
  const issuedAt = checkAge(assertion, terms)
  const subject = one(assertion, 'Subject', 'no_confirmation')
  const conditionsEnd = checkConditions(one(assertion, 'Conditions', 'wrong_audience'), terms)
  const confirmationEnd = checkConfirmation(subject, terms)
  const statement = checkStatement(assertion, terms)
  trace?.passed('time_window')
  const nameId = nameIdOf(subject)
  if (nameId === undefined && !terms.nameIdOptional)
    throw new SamlError('no_identifier', 'The Subject has no NameID. Have the identity provider send one.')
  return {
    id,
    issuer,
    nameId,
    attributes,
    ...statement,
    usableUntil: new Date(Math.max(conditionsEnd, confirmationEnd) + terms.skewMs),
    issuedAt,
  } as VerifiedAssertion
}

const MAX_NAMES = 100

/** What the log may say whatever is refused further on: all of it was signed. */
function tell(assertion: Element, attributes: Attributes, { trace, now }: AssertionTerms): void {
  const issuedAt = instantFromDateTime(attribute(assertion, 'IssueInstant') ?? '')
  const [subject] = children(assertion, NS.assertion, 'Subject')
  const [nameId] = subject === undefined ? [] : children(subject, NS.assertion, 'NameID')
  const names = [...attributes.keys()].slice(0, MAX_NAMES).map((name) => name.slice(0, 300))
  trace?.learn({ attributes: names, ...(nameId !== undefined && { nameId: textOf(nameId).slice(0, 1_024) }) })
  if (issuedAt === undefined) return
  const skewMs = issuedAt - now.getTime()
  trace?.learn({ skewMs, assertionAgeMs: Math.max(0, -skewMs) })
}

function checkAge(assertion: Element, { request, now, skewMs }: AssertionTerms): Date {
  const issuedAt = instantOf(assertion, 'IssueInstant')
  if (issuedAt === undefined) throw new SamlError('outside_time', 'The Assertion has no IssueInstant.')
  const oldest = request === undefined ? now.getTime() - MAX_AGE_MS : request.createdAt.getTime()
  if (issuedAt > now.getTime() + skewMs || issuedAt < oldest - skewMs)
    throw outside(`was issued ${iso(issuedAt)}`, oldest, now.getTime(), now)
  return new Date(issuedAt)
}

/** Dates, audience, and no condition that we do not understand (Core §2.5.1). Returns when they end. */
function checkConditions(conditions: Element, terms: AssertionTerms): number {
  const end = checkWindow(conditions, terms) ?? Number.NEGATIVE_INFINITY
  const restrictions = children(conditions, NS.assertion, 'AudienceRestriction')
  const understood = ['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction']
  for (const condition of children(conditions)) {
    if (condition.namespaceURI !== NS.assertion || !understood.includes(condition.localName))
      throw new SamlError('unknown_condition', `The Assertion has the condition ${condition.localName.slice(0, 100)}.`)
  }
  const audiences = restrictions.map((one) => children(one, NS.assertion, 'Audience').map(textOf))
  const isForUs = (list: readonly string[]) => list.some((audience) => terms.audiences.includes(audience))
  if (audiences.length === 0 || !audiences.every(isForUs))
    throw differs('wrong_audience', 'Audience', terms.audiences.join(' '), audiences.flat().join(' ') || 'none')
  terms.trace?.passed('conditions')
  terms.trace?.passed('audience')
  return end
}

/** At least one bearer confirmation that is for this ACS, this request and this moment. Returns when it ends. */
function checkConfirmation(subject: Element, terms: AssertionTerms): number {
  const bearers = children(subject, NS.assertion, 'SubjectConfirmation').filter(
    (confirmation) => attribute(confirmation, 'Method') === BEARER,
  )
  if (bearers.length === 0) throw new SamlError('no_confirmation', 'The Subject has no bearer confirmation.')
  let refusal: unknown
  for (const bearer of bearers) {
    try {
      return checkBearer(bearer, terms)
    } catch (error) {
      refusal ??= error
    }
  }
  throw refusal
}

function checkBearer(bearer: Element, { acsUrl, request, now, skewMs, trace }: AssertionTerms): number {
  const [data] = children(bearer, NS.assertion, 'SubjectConfirmationData')
  if (data === undefined) throw new SamlError('no_confirmation', 'The bearer confirmation has no data.')
  const recipient = attribute(data, 'Recipient')
  if (recipient !== acsUrl) throw differs('wrong_recipient', 'Recipient', acsUrl, recipient ?? 'none')
  trace?.passed('recipient')
  const end = instantOf(data, 'NotOnOrAfter')
  if (end === undefined || attribute(data, 'NotBefore') !== undefined)
    throw new SamlError('no_confirmation', 'The bearer confirmation must have a NotOnOrAfter and no NotBefore.')
  if (now.getTime() >= end + skewMs) throw outside('is confirmed', undefined, end, now)
  const inResponseTo = attribute(data, 'InResponseTo')
  if (inResponseTo !== request?.id) {
    const [expected, received] = [request?.id ?? 'none', inResponseTo ?? 'none']
    throw differs('unknown_request', 'InResponseTo of the signed Assertion', expected, received)
  }
  trace?.passed('in_response_to')
  return end
}

/** The one AuthnStatement; a session that is over already is not begun (Core §2.7.2). */
function checkStatement(assertion: Element, { now, skewMs, context, trace }: AssertionTerms) {
  const [statement, ...more] = children(assertion, NS.assertion, 'AuthnStatement')
  const authnInstant = statement && instantOf(statement, 'AuthnInstant')
  if (statement === undefined || authnInstant === undefined || more.length > 0)
    throw new SamlError(
      'no_authn_statement',
      'The Assertion does not say once when the person signed in (AuthnStatement).',
    )
  if (authnInstant > now.getTime() + skewMs) throw outside('was authenticated', undefined, authnInstant, now)
  const sessionEnd = instantOf(statement, 'SessionNotOnOrAfter')
  if (sessionEnd !== undefined && now.getTime() >= sessionEnd + skewMs)
    throw outside('allows a session', undefined, sessionEnd, now)
  const [declared] = children(statement, NS.assertion, 'AuthnContext').flatMap((one) =>
    children(one, NS.assertion, 'AuthnContextClassRef'),
  )
  const authnContext = declared && textOf(declared)
  if (context !== undefined && authnContext !== context)
    throw differs('wrong_context', 'AuthnContextClassRef', context, authnContext ?? 'none')
  trace?.passed('authentication')
  if (context !== undefined) trace?.passed('context')
  const sessionIndex = attribute(statement, 'SessionIndex')
  checkLength('SessionIndex', sessionIndex ?? '', MAX_BYTES.name, 'shape')
  return {
    sessionIndex,
    authnInstant: new Date(authnInstant),
    authnContext,
    sessionNotOnOrAfter: sessionEnd === undefined ? undefined : new Date(sessionEnd),
  }
}

function nameIdOf(subject: Element): NameId | undefined {
  const found = children(subject, NS.assertion, 'NameID')
  const [nameId] = found
  if (nameId === undefined) return undefined
  const value = textOf(nameId)
  if (found.length > 1 || value === '' || children(nameId).length > 0)
    throw new SamlError('no_identifier', 'The Subject has an empty NameID, or more than one.')
  checkLength('The NameID', value, MAX_BYTES.name, 'no_identifier')
  return {
    value,
    format: attribute(nameId, 'Format'),
    nameQualifier: attribute(nameId, 'NameQualifier'),
    spNameQualifier: attribute(nameId, 'SPNameQualifier'),
  }
}

/** NotBefore and NotOnOrAfter, each where it is present. Returns the end. */
function checkWindow(element: Element, { now, skewMs }: AssertionTerms): number | undefined {
  const [start, end] = [instantOf(element, 'NotBefore'), instantOf(element, 'NotOnOrAfter')]
  const time = now.getTime()
  if ((start !== undefined && time < start - skewMs) || (end !== undefined && time >= end + skewMs))
    throw outside('is valid', start, end, now)
  return end
}

/** An attribute that is an instant; one that cannot be read is no reason to let anybody in. */
function instantOf(element: Element, name: string): number | undefined {
  const text = attribute(element, name)
  if (text === undefined) return undefined
  const instant = instantFromDateTime(text)
  if (instant === undefined)
    throw new SamlError('outside_time', `${name} is no date and time.`, { received: text.slice(0, 64) })
  return instant
}

function one(parent: Element, name: string, code: SamlErrorCode, comparison: Comparison = {}): Element {
  const [element, ...more] = children(parent, NS.assertion, name)
  if (element !== undefined && more.length === 0) return element
  throw new SamlError(code, `The Assertion has not exactly one ${name}.`, comparison)
}

function differs(code: SamlErrorCode, what: string, expected: string, received: string): SamlError {
  return new SamlError(code, `${what} is ${received.slice(0, 300)}, expected ${expected}.`, {
    expected,
    received: received.slice(0, 300),
  })
}

function outside(what: string, start: number | undefined, end: number | undefined, now: Date): SamlError {
  const window = [start === undefined ? '' : `from ${iso(start)}`, end === undefined ? '' : `until ${iso(end)}`]
  const expected = window.filter(Boolean).join(' ')
  const received = now.toISOString()
  return new SamlError('outside_time', `The Assertion ${what} ${expected}; our clock says ${received}.`, {
    expected,
    received,
  })
}

const iso = (instant: number): string => new Date(instant).toISOString()
