import type { UserRow } from '../db/users.js'
import { type Decision, type Grounds, isOut } from './decide-access.js'
import type { EvaluationWarning, Grant } from './evaluate-types.js'
import type { Effect, Subject } from './events.js'
import type { Catalog } from './policy.js'
import { ruleOf } from './rule-of-grant.js'
import type { SeatChange } from './seat-desk.js'
import type { HandedSeat, SeatOutcome } from './seats.js'

export interface Warning {
  readonly code: string
  readonly message: string
}

/** What became of one person. */
export interface Settled {
  readonly user: UserRow
  readonly effects: Effect[]
  readonly warnings: Warning[]
  /** Products that found no free seat and were not waiting before, with the pool as it stands. */
  readonly beganToWait: readonly { readonly productId: string; readonly seats: number; readonly used: number }[]
}

export interface Settlement {
  readonly people: readonly Settled[]
  /** People outside to whom seats went that became free. */
  readonly handedOver: readonly Receiver[]
}

/** Somebody who had waited, and what she received. */
export interface Receiver {
  readonly userId: string
  readonly subject: Subject
  readonly effects: Effect[]
}

/** Sessions and invitations that ended, by user. */
export interface Ended {
  readonly sessions: ReadonlyMap<string, number>
  readonly invitations: ReadonlyMap<string, number>
}

/** Put in words what became of everyone: the effects and warnings of the log. */
export function report(grounds: Grounds, decisions: readonly Decision[], ended: Ended, seats: SeatOutcome): Settlement {
  const byUser = new Map<string, SeatChange[]>()
  for (const change of seats.changes) byUser.set(change.userId, [...(byUser.get(change.userId) ?? []), change])
  const handedOver = receiversOf(grounds.catalog, seats.handedOver)
  const people = decisions.map((decision) => settledOf(grounds, decision, ended, byUser.get(decision.user.id) ?? []))
  return { people, handedOver }
}

/** Handed seats by receiver: one event tells of all that a person received. */
export function receiversOf(catalog: Catalog, handed: readonly HandedSeat[]): Receiver[] {
  const byUser = new Map<string, Receiver>()
  for (const seat of handed) {
    const { userId, email, displayName } = seat
    const subject: Subject = { type: 'user', id: userId, email, displayName }
    const receiver = byUser.get(userId) ?? { userId, subject, effects: [] }
    receiver.effects.push(seatEffect(catalog, seat))
    byUser.set(userId, receiver)
  }
  return [...byUser.values()]
}

function settledOf({ catalog }: Grounds, decision: Decision, ended: Ended, seats: readonly SeatChange[]): Settled {
  const { user } = decision
  const effects: Effect[] = [...statusEffect(decision), ...roleEffect(catalog, decision)]
  for (const change of seats) effects.push(seatEffect(catalog, change))
  effects.push(...dormantEffects(catalog, decision))
  const sessions = ended.sessions.get(user.id)
  if (sessions !== undefined) effects.push({ kind: 'session', ended: sessions })
  const invitations = ended.invitations.get(user.id)
  if (invitations !== undefined) effects.push({ kind: 'invitation', revoked: invitations })
  const queued = seats.filter((change) => change.queued !== undefined)
  const beganToWait = seats.flatMap(({ productId, queued }) => (queued === undefined ? [] : [{ productId, ...queued }]))
  const warnings = [...queued.map((change) => noSeat(catalog, change)), ...decision.warnings.map(warningText)]
  return { user, effects, warnings, beganToWait }
}

function statusEffect({ unsettled, status }: Decision): Effect[] {
  const before = unsettled.save === 'insert' ? null : unsettled.user.status
  if (before === status.status && unsettled.user.status_reason === status.reason) return []
  return [{ kind: 'status', before, after: status.status, reason: status.reason }]
}

function roleEffect(catalog: Catalog, { unsettled, access }: Decision): Effect[] {
  const isNew = unsettled.save === 'insert'
  if (!isNew && unsettled.user.role_id === access.role.id) return []
  const before = isNew ? null : (catalog.roleById.get(unsettled.user.role_id)?.key ?? null)
  const { key: after, source, ruleId } = access.role
  return [{ kind: 'role', before, after, source, ...(ruleId === null ? {} : { ruleId }) }]
}

function seatEffect(catalog: Catalog, change: SeatChange): Effect {
  const { productId, before, after, source, sourceId } = change
  return {
    kind: 'license',
    product: catalog.productById.get(productId)?.key ?? productId,
    before,
    after,
    source,
    ...ruleOf(source, sourceId),
  }
}

/** Grants of someone who is out change no license, but they decide what she gets when she returns. */
function dormantEffects(catalog: Catalog, { status, changes }: Decision): Effect[] {
  if (!isOut(status.status)) return []
  const effect = (
    change: 'added' | 'removed',
    { value, source, sourceId }: Pick<Grant, 'value' | 'source' | 'sourceId'>,
  ) => ({
    kind: 'grant' as const,
    product: catalog.productById.get(value)?.key ?? value,
    change,
    source,
    ...ruleOf(source, sourceId),
  })
  return [
    ...changes.add.filter(({ kind }) => kind === 'product').map((grant) => effect('added', grant)),
    ...changes.remove.filter(({ kind }) => kind === 'product').map((grant) => effect('removed', grant)),
  ]
}

function noSeat(catalog: Catalog, { productId, queued }: SeatChange): Warning {
  const name = catalog.productById.get(productId)?.name ?? productId
  const { place = 0, seats = 0, used = 0 } = queued ?? {}
  return {
    code: 'no_seat',
    message: `No ${name} seat is free (${used} of ${seats}). Waiting as number ${place}. Add seats or remove assignments.`,
  }
}

function warningText(warning: EvaluationWarning): Warning {
  const { code } = warning
  switch (code) {
    case 'unknown_role':
      return {
        code,
        message: `${namedBy(warning)} the role '${warning.value}', which does not exist. Known: ${warning.known.join(', ')}.`,
      }
    case 'unknown_entitlement':
      return {
        code,
        message: `${namedBy(warning)} the license '${warning.value}', which does not exist. Known: ${warning.known.join(', ')}.`,
      }
    case 'role_not_grantable':
      return { code, message: `The role '${warning.value}' cannot be given by a directory in this account.` }
    case 'rule_broken':
      return { code, message: `Rule ${warning.ruleId} cannot be applied: its condition can no longer be read.` }
  }
}

/** Who named a value that cannot be given: the person's own attributes, or a rule or the defaults of the connection. */
function namedBy({ ruleId }: { readonly ruleId: string | null }): string {
  return ruleId === null ? 'The directory sent' : `Rule ${ruleId} names`
}
