import type { Connection } from '../../accounts/connection.js'
import type { Deps } from '../../accounts/deps.js'
import { readSaml, type Saml } from '../../accounts/saml-settings.js'
import { type StartedSession, signIn } from '../../accounts/sign-in.js'
import { SignInError } from '../../accounts/sign-in-errors.js'
import {
  type Alongside,
  findAnswer,
  findOwnPending,
  findPending,
  keepArrival,
  type PendingSignIn,
  takeAnswer,
  unknownRequest,
} from '../../accounts/sign-in-request.js'
import { tryOut } from '../../accounts/sign-in-test.js'
import { turn } from '../../db/turns.js'
import type { VerifiedAssertion } from '../../saml/check-assertion.js'
import { SamlError } from '../../saml/errors.js'
import { serviceProviderOf } from '../../saml/sp-metadata.js'
import {
  lookAt,
  type OpenedResponse,
  type ParsedResponse,
  parseResponse,
  requestNamedIn,
  verifyResponse,
} from '../../saml/verify-response.js'
import type { SignInAttempt } from './attempt.js'
import { identityOf } from './identity.js'
import type { SignInLimits } from './limits.js'
import { withRenewedCertificates } from './renewed-certificates.js'

/** Where a step of a sign-in happens. */
export interface Place {
  readonly deps: Deps
  readonly connection: Connection
  /** Without a trailing slash. */
  readonly publicUrl: string
  readonly attempt: SignInAttempt
  readonly limits: SignInLimits
}

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
export async function receiveAnswer(place: Place, samlResponse: string): Promise<string> {
  const { deps, connection, attempt, limits } = place
  const keep = () =>
    keepArrival(deps, connection, samlResponse, (tx) => limits.posts.addIn(tx, { address: attempt.address }))
  if (await isExpected(place, samlResponse)) return keep()
  const saml = await samlOf(deps, connection)
  const parsed = parseResponse(samlResponse)
  const pending = await pendingOf(place, parsed)
  lookAt(parsed, acceptsSha1(deps, saml.settings.sha1Until), attempt)
  refuseByMode(connection, attempt)
  if (pending === undefined && parsed.inResponseTo !== undefined) throw unknownRequest()
  if (pending === undefined) {
    refuseUnsolicited(saml)
    await limits.failures.check({ address: attempt.address, of: connection })
  }
  return keep()
}

/** Does it answer a sign-in that was begun here? Then it is looked at once, by the second half. */
async function isExpected({ deps, connection }: Place, samlResponse: string): Promise<boolean> {
  const named = requestNamedIn(samlResponse)
  if (named === undefined || connection.mode !== 'live') return false
  return (await findPending(deps, connection, named)) !== undefined
}

/** The request that an answer belongs to, as far as it says; what belongs to one of ours is kept with its event. */
async function pendingOf({ deps, connection, attempt }: Place, parsed: ParsedResponse) {
  attempt.learn({ flow: parsed.inResponseTo === undefined ? 'idp' : 'sp' })
  if (parsed.inResponseTo === undefined) return undefined
  const pending = await findPending(deps, connection, parsed.inResponseTo)
  if (pending !== undefined) belongsTo(attempt, parsed, pending)
  return pending
}

function belongsTo(attempt: SignInAttempt, { xml }: ParsedResponse, { testId }: PendingSignIn): void {
  attempt.keep(xml)
  attempt.belongsHere()
  if (testId !== undefined) attempt.isTest(testId)
}

/** A connection that is not live lets nobody in; before it is, sign-in can be tried out. */
export function refuseByMode({ mode }: Connection, { testId }: SignInAttempt): void {
  if (mode !== 'live' && (testId === undefined || mode === 'disabled')) throw new RefusedByMode(mode)
}

/** The connection lets nobody in. */
export class RefusedByMode extends Error {
  readonly code = 'connection_disabled'
  constructor(mode: string) {
    super(`The connection is in mode '${mode}', in which nobody signs in.`)
  }
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

/**
 * The second half: find the request, verify the answer, let the person in (SAML.md e, steps 4 to 15). Undefined where it
 * was a test, which lets nobody in. However it ends, answer and request are taken: with the session in one transaction, or
 * by themselves after a refusal.
 */
export async function finishSignIn(place: Place, secret: string): Promise<FinishedSignIn | undefined> {
  const { deps, connection } = place
  const saml = await samlOf(deps, connection)
  const answer = await findAnswer(deps, connection, secret)
  // Several come at once. From here on each goes its way alone, and its document does not grow old.
  await turn()
  let pending: PendingSignIn | undefined
  const taking: Alongside = (tx) => takeAnswer(tx, connection, secret, pending)
  try {
    const parsed = parseResponse(answer)
    const response = await lookedAt(place, saml, parsed)
    pending = await pendingHere(place, saml, parsed)
    return await entered(place, saml, response, pending, taking)
  } catch (error) {
    await deps.db.transaction(taking)
    throw error
  }
}

/** Let in whom the answer names, or try that out. */
async function entered(
  place: Place,
  saml: Saml,
  response: OpenedResponse,
  pending: PendingSignIn | undefined,
  taking: Alongside,
): Promise<FinishedSignIn | undefined> {
  const { deps, connection, attempt } = place
  refuseByMode(connection, attempt)
  const identity = identityOf(await verified(place, saml, response, pending), saml)
  attempt.passed('identifier')
  attempt.learn({ nameId: identity.nameId })
  if (attempt.testId !== undefined) {
    await tryOut(deps, connection, attempt.testId, identity, attempt.request(200), taking)
    return undefined
  }
  const { sessionHours } = saml.settings
  const session = await signIn(deps, connection, identity, attempt.request(303), sessionHours, taking)
  return { ...session, target: pending?.target ?? '/' }
}

async function lookedAt(place: Place, { settings }: Saml, parsed: ParsedResponse): Promise<OpenedResponse> {
  const { attempt } = place
  attempt.learn({ flow: parsed.inResponseTo === undefined ? 'idp' : 'sp' })
  if (parsed.inResponseTo === undefined && settings.allowIdpInitiated) attempt.keep(parsed.xml)
  try {
    return lookAt(parsed, acceptsSha1(place.deps, settings.sha1Until), attempt)
  } catch (error) {
    // What it belongs to is told all the same.
    await pendingOf(place, parsed)
    throw error
  }
}

/** The request that an answer belongs to, of this browser; undefined where it is unsolicited and may be. */
async function pendingHere(place: Place, saml: Saml, parsed: ParsedResponse): Promise<PendingSignIn | undefined> {
  const { deps, connection, attempt } = place
  const { inResponseTo } = parsed
  if (inResponseTo === undefined) {
    refuseUnsolicited(saml)
    return undefined
  }
  const pending = await findOwnPending(deps, connection, inResponseTo, attempt.browser).catch(
    async (error: unknown) => {
      // Whoever may not have it: what it belongs to is told all the same.
      await pendingOf(place, parsed)
      throw error
    },
  )
  belongsTo(attempt, parsed, pending)
  attempt.passed('browser')
  return pending
}

function verified(
  { deps, connection, publicUrl, attempt }: Place,
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
    trace: attempt,
    nameIdOptional: settings.attributes.identifier !== undefined,
    decryptionKeys: keys.map(({ privateKey }) => privateKey),
    sha1: acceptsSha1(deps, settings.sha1Until),
  }
  return withRenewedCertificates(deps, connection, saml, (certificates) =>
    verifyResponse(response, { ...terms, certificates }),
  )
}
