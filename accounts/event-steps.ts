import type { LogEvent } from './events-read.js'
import type { SignInCheck } from './sign-in-checks.js'

/** What happens to a request of a directory, in this order (PRODUCT 3.2). */
export const REQUEST_STEPS = ['received', 'token', 'understood', 'found', 'compared', 'rules', 'applied'] as const
export type RequestStep = (typeof REQUEST_STEPS)[number]

/** One thing that was done or checked on the way to an event. */
export interface EventStep {
  /** Of a request one of REQUEST_STEPS, of a sign-in the name of a check. */
  readonly step: RequestStep | SignInCheck
  readonly result: 'passed' | 'failed' | 'skipped' | 'warning'
  readonly params: Readonly<Record<string, string | number | boolean | null | readonly string[]>>
}

/** What steps are told from. */
export type SteppedEvent = Pick<
  LogEvent,
  | 'source'
  | 'action'
  | 'outcome'
  | 'code'
  | 'actor'
  | 'subject'
  | 'http'
  | 'changes'
  | 'effects'
  | 'warnings'
  | 'signIn'
>

/** Where a refusal came from; every other code means that the request was not understood. */
const FAILED_AT: Readonly<Record<string, RequestStep>> = {
  connection_disabled: 'token',
  token_expired: 'token',
  token_missing: 'token',
  token_unknown: 'token',
  bulk_reference: 'found',
  externalid_taken: 'found',
  group_name_taken: 'found',
  group_not_found: 'found',
  member_unknown: 'found',
  not_found: 'found',
  user_exists_directory: 'found',
  user_exists_local: 'found',
  user_not_found: 'found',
  version_mismatch: 'found',
  mutability: 'compared',
  patch_no_target: 'compared',
  unknown_entitlement: 'rules',
  no_seat_reject: 'applied',
}

/** Warnings that came of rules; the others came of what was applied. */
const OF_RULES: readonly string[] = ['unknown_role', 'role_not_grantable', 'unknown_entitlement', 'rule_broken']
/** So many attributes are named. */
const MAX_NAMED = 5

/**
 * The steps that led to an event: of a request of a directory, of a sign-in its checks, and of what followed for somebody
 * what decided it. Everything else was one act, and has none.
 */
export function stepsOf(event: SteppedEvent): EventStep[] {
  if (event.signIn !== undefined) return checksOf(event.signIn)
  if (event.source === 'scim' && event.http !== undefined) return requestSteps(event)
  return event.effects.some((effect) => effect.kind !== 'job') && event.source !== 'admin'
    ? [rulesStep(event), appliedStep(event)]
    : []
}

function checksOf({ checks = [], expected, received }: NonNullable<LogEvent['signIn']>): EventStep[] {
  return checks.map(({ check, passed }) => ({
    step: check,
    result: passed ? 'passed' : 'failed',
    params: passed
      ? {}
      : { ...(expected === undefined ? {} : { expected }), ...(received === undefined ? {} : { received }) },
  }))
}

function requestSteps(event: SteppedEvent): EventStep[] {
  const failedAt = failedStep(event)
  const steps = stepsFor(event).map((step) => MADE[step](event))
  if (failedAt === undefined) return steps
  const place = REQUEST_STEPS.indexOf(failedAt)
  return steps.map((made) => {
    const at = (REQUEST_STEPS as readonly string[]).indexOf(made.step)
    if (at < place) return made.result === 'skipped' ? { ...made, result: 'passed' } : made
    return at === place
      ? { step: made.step, result: 'failed', params: { code: event.code ?? '' } }
      : { step: made.step, result: 'skipped', params: {} }
  })
}

/** Who only wants a token, or sends many operations at once, takes fewer steps. */
function stepsFor({ action }: SteppedEvent): readonly RequestStep[] {
  if (action.startsWith('client.')) return ['received', 'token']
  if (action === 'bulk.finished') return ['received', 'token', 'understood', 'applied']
  return REQUEST_STEPS
}

function failedStep({ action, outcome, code = '' }: SteppedEvent): RequestStep | undefined {
  if (outcome !== 'failure') return undefined
  return action === 'client.refused' ? 'token' : (FAILED_AT[code] ?? 'understood')
}

const passed = (step: RequestStep, params: EventStep['params'] = {}): EventStep => ({ step, result: 'passed', params })

const MADE: Readonly<Record<RequestStep, (event: SteppedEvent) => EventStep>> = {
  received: ({ http }) =>
    passed('received', { method: http?.method ?? '', path: http?.path ?? '', address: http?.address ?? '' }),
  token: ({ actor }) => passed('token', { label: actor.label }),
  understood: () => passed('understood'),
  found: foundStep,
  compared: comparedStep,
  rules: rulesStep,
  applied: appliedStep,
}

/** Was it somebody known, somebody new, a local user, or one who comes back? */
const FOUND: Readonly<Record<string, string>> = {
  'user.created': 'new',
  'group.created': 'new',
  'user.linked': 'local_user',
  'user.restored': 'deleted_user',
}

function foundStep({ action, subject }: SteppedEvent): EventStep {
  const { type = '', displayName = '' } = subject ?? {}
  return passed('found', { found: FOUND[action] ?? 'by_id', type, name: displayName })
}

function comparedStep({ action, changes }: SteppedEvent): EventStep {
  if (action.endsWith('.deleted')) return { step: 'compared', result: 'skipped', params: {} }
  const attributes = changes.slice(0, MAX_NAMED).map(({ attribute }) => attribute)
  return passed('compared', { changed: changes.length, attributes })
}

/** Which rules decided something, by id. */
export function rulesNamedIn({ effects }: Pick<LogEvent, 'effects'>): string[] {
  const named = effects.flatMap((effect) => ('ruleId' in effect && effect.ruleId !== undefined ? [effect.ruleId] : []))
  return [...new Set(named)]
}

function rulesStep(event: SteppedEvent): EventStep {
  const rules = rulesNamedIn(event)
  const codes = event.warnings.flatMap(({ code }) => (OF_RULES.includes(code) ? [code] : []))
  const params = { rules, ...(codes.length === 0 ? {} : { codes }) }
  if (codes.length > 0) return { step: 'rules', result: 'warning', params }
  return { step: 'rules', result: rules.length === 0 ? 'skipped' : 'passed', params }
}

const NOT_APPLIED: readonly string[] = ['no_change', 'held', 'observed']

function appliedStep({ outcome, effects, warnings }: SteppedEvent): EventStep {
  const kinds = [...new Set(effects.map(({ kind }) => kind))]
  if (NOT_APPLIED.includes(outcome)) return { step: 'applied', result: 'skipped', params: { reason: outcome } }
  const codes = warnings.flatMap(({ code }) => (OF_RULES.includes(code) ? [] : [code]))
  if (codes.length === 0) return passed('applied', { effects: kinds })
  return { step: 'applied', result: 'warning', params: { effects: kinds, codes } }
}
