import { isId } from './id-at.js'
import { isAccepted, type SetupFacts } from './setup-facts.js'

/** What is checked while a connection is set up, in this order (PRODUCT 4.6). */
export const SETUP_CHECKS = [
  'address_reached',
  'token_seen',
  'token_accepted',
  'idp_recognised',
  'lookup_answered',
  'first_user',
  'external_id',
  'first_update',
  'first_deactivation',
  'first_group',
  'sign_in',
  'same_person',
] as const
export type SetupCheckName = (typeof SETUP_CHECKS)[number]

export interface SetupCheck {
  readonly check: SetupCheckName
  readonly state: 'done' | 'waiting' | 'problem'
  /** When it was last seen. */
  readonly at?: Date
  /** What is the matter. */
  readonly code?: SetupProblem
  readonly params?: SetupParams
}

/** Everything that can be the matter with a check. */
export const SETUP_PROBLEMS = [
  'token_missing',
  'token_unknown',
  'token_expired',
  'connection_disabled',
  'other_idp',
  'external_id_missing',
  'external_id_no_object_id',
  'sign_in_failed',
  'other_person',
] as const
export type SetupProblem = (typeof SETUP_PROBLEMS)[number]

export type SetupParams = Readonly<Record<string, string | number | boolean | null | readonly string[]>>

type Verdict = Omit<SetupCheck, 'check'>

const WAITING: Verdict = { state: 'waiting' }
const done = (at: number | undefined, params?: SetupParams): Verdict =>
  at === undefined ? WAITING : { state: 'done', at: new Date(at), ...(params === undefined ? {} : { params }) }
const problem = (code: SetupProblem, at: number, params: SetupParams = {}): Verdict => {
  return { state: 'problem', at: new Date(at), code, params }
}

/** The checks of a connection. What concerns the object id of Entra is asked of Entra alone. */
export function checksOf(facts: SetupFacts): SetupCheck[] {
  const names = SETUP_CHECKS.filter((check) => check !== 'external_id' || facts.connection.idpKind === 'entra')
  return names.map((check) => ({ check, ...VERDICTS[check](facts) }))
}

const VERDICTS: Readonly<Record<SetupCheckName, (facts: SetupFacts) => Verdict>> = {
  address_reached: ({ requests, acceptedAt }) => done(requests[0]?.time ?? acceptedAt),
  token_seen: tokenSeen,
  token_accepted: tokenAccepted,
  idp_recognised: idpRecognised,
  lookup_answered: lookupAnswered,
  first_user: ({ seen }) => done(seen.get('user.created') ?? seen.get('user.linked') ?? seen.get('user.restored')),
  external_id: externalId,
  first_update: ({ seen }) => done(seen.get('user.updated')),
  first_deactivation: ({ seen }) => done(seen.get('user.deactivated')),
  first_group: ({ seen }) => done(seen.get('group.created')),
  sign_in: signInTried,
  same_person: samePerson,
}

function tokenSeen({ acceptedAt, refusal }: SetupFacts): Verdict {
  if (acceptedAt !== undefined) return done(acceptedAt)
  if (refusal === undefined) return WAITING
  return refusal.code === 'token_missing' ? problem('token_missing', refusal.at) : done(refusal.at)
}

function tokenAccepted({ acceptedAt, refusal, tokenEnds }: SetupFacts): Verdict {
  if (refusal === undefined || refusal.at <= (acceptedAt ?? 0)) return done(acceptedAt)
  const code = SETUP_PROBLEMS.find((name) => name === refusal.code) ?? 'token_unknown'
  return problem(code, refusal.at, { received: refusal.received, current: tokenEnds })
}

const SIGNS = { okta: /okta/i, entra: /azure|entra|microsoft|msal/i } as const

/** Who says nothing of himself is believed. */
function idpRecognised({ requests, connection, acceptedAt }: SetupFacts): Verdict {
  const request = requests.find((one) => isAccepted(one) && one.userAgent !== undefined)
  if (request === undefined) return done(acceptedAt, { userAgent: null, recognised: null })
  const { userAgent = '', time } = request
  const recognised = SIGNS.okta.test(userAgent) ? 'okta' : SIGNS.entra.test(userAgent) ? 'entra' : null
  const other = recognised !== null && recognised !== connection.idpKind
  const params = { userAgent, recognised }
  return other ? problem('other_idp', time, { ...params, expected: connection.idpKind }) : done(time, params)
}

/** Whoever has sent a person has looked her up before. */
function lookupAnswered({ requests, seen }: SetupFacts): Verdict {
  const lookup = requests.find(
    ({ method, path, status }) => method === 'GET' && status === 200 && /\/Users$/.test(path),
  )
  return done(lookup?.time ?? seen.get('user.created'))
}

function externalId({ person, seen, now }: SetupFacts): Verdict {
  if (person === undefined) return WAITING
  const at = seen.get('user.created') ?? now
  if (person.externalId === undefined) return problem('external_id_missing', at)
  return isId(person.externalId.toLowerCase()) ? done(at) : problem('external_id_no_object_id', at)
}

function signInTried({ signedIn, signInFailed }: SetupFacts): Verdict {
  if (signInFailed === undefined || signInFailed.at <= (signedIn?.at ?? 0)) return done(signedIn?.at)
  return problem('sign_in_failed', signInFailed.at, { code: signInFailed.code ?? null })
}

function samePerson({ signedIn, samePerson: same, seen }: SetupFacts): Verdict {
  if (signedIn === undefined || !(seen.has('user.created') || seen.has('user.linked'))) return WAITING
  return same ? done(signedIn.at) : problem('other_person', signedIn.at)
}
