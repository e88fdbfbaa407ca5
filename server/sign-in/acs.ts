import type { Connection } from '../../accounts/connection.js'
import type { Deps } from '../../accounts/deps.js'
import type { SignInFacts } from '../../accounts/events.js'
import { readSaml, type Saml } from '../../accounts/saml-settings.js'
import { type Assertion, type StartedSession, signIn } from '../../accounts/sign-in.js'
import { SignInError } from '../../accounts/sign-in-errors.js'
import {
  claimSignIn,
  expectAnswer,
  keepArrival,
  type PendingSignIn,
  takeAnswer,
} from '../../accounts/sign-in-request.js'
import { valuesOf } from '../../saml/attributes.js'
import type { VerifiedAssertion } from '../../saml/check-assertion.js'
import { SamlError } from '../../saml/errors.js'
import { checkLength, MAX_BYTES } from '../../saml/lengths.js'
import { TRANSIENT } from '../../saml/names.js'
import { serviceProviderOf } from '../../saml/sp-metadata.js'
import { type OpenedResponse, openResponse, verifyResponse } from '../../saml/verify-response.js'
import type { SignInAttempt } from './attempt.js'
import { withRenewedCertificates } from './renewed-certificates.js'

const SKEW_MS = 90_000

/** How sign-in is set up for a connection. Throws SignInError-like codes through `attempt`. */
export async function samlOf(deps: Deps, connection: Connection): Promise<Saml> {
  const saml = await readSaml(deps, deps.db, connection.accountId, connection.id)
  if (saml === undefined) throw new SamlError('bad_request', 'Sign-in is not set up for this connection.')
  return saml
}

/**
 * The first half of the way back: the answer that the identity provider had the browser post, from its own site and so
 * without our cookies. It is looked at, kept for a minute, and fetched by a GET that carries them (SAML.md d).
 * Resolves to the secret by which it is found.
 */
export async function receiveAnswer(deps: Deps, connection: Connection, samlResponse: string): Promise<string> {
  const saml = await samlOf(deps, connection)
  const { shape } = opened(deps, saml, samlResponse)
  if (shape.inResponseTo !== undefined) await expectAnswer(deps, connection, shape.inResponseTo)
  else refuseUnsolicited(saml)
  return keepArrival(deps, connection, samlResponse)
}

function opened(deps: Deps, { settings }: Saml, samlResponse: string): OpenedResponse {
  return openResponse(samlResponse, acceptsSha1(deps, settings.sha1Until))
}

function acceptsSha1(deps: Deps, until: string | undefined): boolean {
  return until !== undefined && deps.now().getTime() < Date.parse(until)
}

function refuseUnsolicited({ settings }: Saml): void {
  if (!settings.allowIdpInitiated)
    throw new SignInError(
      'unsolicited',
      'The sign-in began at the identity provider, which this connection does not allow.',
    )
}

export interface FinishedSignIn extends StartedSession {
  /** A path of ours. */
  readonly target: string
}

/** The second half: claim the request, verify the answer, let the person in (SAML.md e, steps 4 to 15). */
export async function finishSignIn(
  deps: Deps,
  connection: Connection,
  publicUrl: string,
  secret: string,
  attempt: SignInAttempt,
): Promise<FinishedSignIn> {
  const saml = await samlOf(deps, connection)
  const response = opened(deps, saml, await takeAnswer(deps, connection, secret))
  const pending = await pendingOf(deps, connection, saml, response, attempt)
  const assertion = await verified(deps, connection, publicUrl, saml, response, pending)
  const identity = identityOf(assertion, saml)
  const skewMs = assertion.issuedAt.getTime() - deps.now().getTime()
  attempt.learn({ nameId: identity.nameId, skewMs })
  const session = await signIn(deps, connection, identity, {
    ...attempt.request(303),
    sessionHours: saml.settings.sessionHours,
  })
  return { ...session, target: pending?.target ?? '/' }
}

async function pendingOf(
  deps: Deps,
  connection: Connection,
  saml: Saml,
  { shape }: OpenedResponse,
  attempt: SignInAttempt,
): Promise<PendingSignIn | undefined> {
  const flow: SignInFacts['flow'] = shape.inResponseTo === undefined ? 'idp' : 'sp'
  attempt.learn({ flow })
  if (shape.inResponseTo !== undefined) return claimSignIn(deps, connection, shape.inResponseTo, attempt.browser)
  refuseUnsolicited(saml)
  return undefined
}

function verified(
  deps: Deps,
  connection: Connection,
  publicUrl: string,
  saml: Saml,
  response: OpenedResponse,
  pending: PendingSignIn | undefined,
): Promise<VerifiedAssertion> {
  const { settings, keys } = saml
  const { entityId, acsUrl } = serviceProviderOf(publicUrl, connection.id)
  const terms = {
    entityId,
    acsUrl,
    issuer: settings.idp.entityId,
    audiences: [entityId, ...settings.audiences],
    request: pending,
    now: deps.now(),
    skewMs: SKEW_MS,
    context: settings.requiredContext,
    nameIdOptional: settings.attributes.identifier !== undefined,
    decryptionKeys: keys.map(({ privateKey }) => privateKey),
    sha1: acceptsSha1(deps, settings.sha1Until),
  }
  return withRenewedCertificates(deps, connection, saml, (certificates) =>
    verifyResponse(response, { ...terms, certificates }),
  )
}

/** In the words of the domain: a transient NameID names a visit, not a person (PRODUCT 2.10). */
function identityOf(assertion: VerifiedAssertion, { settings }: Saml): Assertion {
  const { attributes, nameId, id, sessionIndex, sessionNotOnOrAfter, usableUntil } = assertion
  const named = settings.attributes
  const chosen = named.identifier === undefined ? undefined : valuesOf(attributes, 'externalId', named.identifier)[0]
  const lasting = nameId?.format === TRANSIENT ? undefined : nameId?.value
  const shown = chosen ?? nameId?.value
  if (shown === undefined || (named.identifier !== undefined && chosen === undefined)) {
    const received = [...attributes.keys()].join(', ').slice(0, 1_000)
    const text = `The assertion has no attribute ${named.identifier}. It has: ${received || 'none'}.`
    throw new SamlError('no_identifier', text, { expected: named.identifier ?? 'NameID', received })
  }
  checkLength(`The attribute ${named.identifier}`, chosen ?? '', MAX_BYTES.name, 'no_identifier')
  return {
    id,
    identifier: chosen ?? lasting,
    nameId: shown,
    subject: nameId?.value ?? null,
    externalId: valuesOf(attributes, 'externalId', named.externalId)[0],
    email: valuesOf(attributes, 'email', named.email)[0] ?? (shown.includes('@') ? shown : undefined),
    sessionIndex,
    sessionEnd: sessionNotOnOrAfter,
    usableUntil,
  }
}
