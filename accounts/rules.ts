import type { Queries, Tx } from '../db/database.js'
import { setRulesVersion } from '../db/rule-state.js'
import { deleteRule, insertRule, type RuleRow, rulesOf, shiftRules, updateRule } from '../db/rules.js'
import { FilterError } from '../filter/errors.js'
import { getAccount } from './accounts.js'
import { type Administrator, adminEvent, changesBetween } from './administrator.js'
import { checkAuthor, checkEffects } from './check-effects.js'
import { type Connection, connectionFromRow } from './connection.js'
import { getConnection, lockedConnection } from './connections.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import type { Effects } from './evaluate-types.js'
import { type Actor, type Effect, writeEvents } from './events.js'
import { queueReevaluation } from './reevaluate.js'
import { compileCondition } from './rule-condition.js'

/** A mapping rule as administrators see it (PRODUCT 2.8). */
export interface Rule {
  readonly id: string
  readonly priority: number
  readonly enabled: boolean
  /** A SCIM filter over the directory user; null means everyone. */
  readonly condition: string | null
  readonly effects: Effects
  readonly note: string | null
  readonly state: 'ok' | 'broken'
  readonly author: Actor
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

export function ruleFromRow(row: RuleRow): Rule {
  return {
    id: row.id,
    priority: row.priority,
    enabled: row.enabled === 1,
    condition: row.condition,
    effects: JSON.parse(row.effects) as Effects,
    note: row.note,
    state: row.state,
    author: JSON.parse(row.author) as Actor,
    version: row.version,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  }
}

export interface RuleInput {
  /** 1 decides first; a place beyond the end means the end. */
  readonly priority?: number | undefined
  readonly enabled?: boolean | undefined
  readonly condition?: string | null | undefined
  readonly effects?: Effects | undefined
  readonly note?: string | null | undefined
  /** Refuse if the rule is no longer at this version. */
  readonly version?: number | undefined
}

/** In the order in which they decide. Refuses: connection_not_found. */
export async function listRules(q: Queries, accountId: string, connectionId: string): Promise<Rule[]> {
  await getConnection(q, accountId, connectionId)
  return (await rulesOf(q, accountId, connectionId)).map(ruleFromRow)
}

/** Refuses: connection_not_found, rule_not_found. */
export async function getRule(q: Queries, accountId: string, connectionId: string, id: string): Promise<Rule> {
  const rule = (await listRules(q, accountId, connectionId)).find((one) => one.id === id)
  if (rule === undefined) throw ruleNotFound()
  return rule
}

function ruleNotFound(): AccountError {
  return new AccountError('rule_not_found', 'This connection has no such rule.')
}

/** Refuses: rule_condition, naming the position (from 1) and the text. */
export function checkCondition(condition: string | null, { userSchema }: Connection): void {
  try {
    compileCondition(condition, userSchema)
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    throw new AccountError('rule_condition', error.message, { position: error.position, condition })
  }
}

/**
 * Add a rule, at the end unless a priority is given; those behind it move down. Its effects follow as a job.
 * Refuses: connection_not_found, rule_condition, and what `checkEffects` refuses.
 */
export async function createRule(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  connectionId: string,
  input: RuleInput & { effects: Effects },
): Promise<Rule> {
  return deps.db.transaction(async (tx) => {
    const change = await openChange(deps, tx, actor, accountId, connectionId)
    checkCondition(input.condition ?? null, change.connection)
    await checkEffects(tx, actor, accountId, input.effects)
    const last = change.rules.length
    const priority = Math.min(input.priority ?? last + 1, last + 1)
    await shiftRules(tx, accountId, connectionId, 1, priority, last)
    const row = newRow(deps, actor, change.connection, { ...input, priority })
    await insertRule(tx, row)
    return close(change, 'rule.created', row, undefined)
  })
}

/** Change or move a rule. Refuses as `createRule`, and: rule_not_found, version_mismatch. */
export async function reviseRule(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  connectionId: string,
  id: string,
  patch: RuleInput,
): Promise<Rule> {
  return deps.db.transaction(async (tx) => {
    const change = await openChange(deps, tx, actor, accountId, connectionId)
    const row = change.rules.find((one) => one.id === id)
    if (row === undefined) throw ruleNotFound()
    if (patch.version !== undefined && patch.version !== row.version)
      throw new AccountError('version_mismatch', 'The rule changed in between. Read it again.')
    await checkMayChange(tx, actor, accountId, row)
    if (patch.condition !== undefined) checkCondition(patch.condition, change.connection)
    if (patch.effects !== undefined) await checkEffects(tx, actor, accountId, patch.effects)
    const priority = Math.min(patch.priority ?? row.priority, change.rules.length)
    const after = revisedRow(row, { ...patch, priority }, deps.now().getTime())
    if (changesOf(row, after).length === 0) return ruleFromRow(row)
    if (priority < row.priority) await shiftRules(tx, accountId, connectionId, 1, priority, row.priority - 1)
    else await shiftRules(tx, accountId, connectionId, -1, row.priority + 1, priority)
    await updateRule(tx, after)
    return close(change, 'rule.updated', after, row)
  })
}

/** Remove a rule; those behind it move up. Refuses: connection_not_found, rule_not_found, role_not_grantable. */
export async function removeRule(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  connectionId: string,
  id: string,
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const change = await openChange(deps, tx, actor, accountId, connectionId)
    const row = change.rules.find((one) => one.id === id)
    if (row === undefined) throw ruleNotFound()
    await checkMayChange(tx, actor, accountId, row)
    await deleteRule(tx, accountId, connectionId, id)
    await shiftRules(tx, accountId, connectionId, -1, row.priority + 1, change.rules.length)
    await close(change, 'rule.deleted', row, row)
  })
}

/** A rule that gives a role is changed, moved or removed only by those who could have written it. */
async function checkMayChange(tx: Tx, actor: Administrator, accountId: string, row: RuleRow): Promise<void> {
  checkAuthor(actor, JSON.parse(row.effects) as Effects, (await getAccount(tx, accountId)).settings)
}

interface RuleChange {
  readonly deps: Deps
  readonly tx: Tx
  readonly actor: Administrator
  readonly connection: Connection
  readonly rules: readonly RuleRow[]
}

/** Lock the connection and raise its rules version, before anything is evaluated under the new rules. */
async function openChange(
  deps: Deps,
  tx: Tx,
  actor: Administrator,
  accountId: string,
  connectionId: string,
): Promise<RuleChange> {
  const row = await lockedConnection(tx, accountId, connectionId)
  const raised = { ...row, rules_version: row.rules_version + 1 }
  const rules = await rulesOf(tx, accountId, connectionId)
  return { deps, tx, actor, connection: connectionFromRow(raised), rules }
}

async function close(
  { deps, tx, actor, connection }: RuleChange,
  action: 'rule.created' | 'rule.updated' | 'rule.deleted',
  row: RuleRow,
  before: RuleRow | undefined,
): Promise<Rule> {
  const { accountId, id: connectionId } = connection
  await setRulesVersion(tx, accountId, connectionId, connection.rulesVersion)
  const jobId = await queueReevaluation(deps, tx, connection, { parentId: actor.request.id })
  const ruleEffect: Effect = { kind: 'rule', ruleId: row.id, state: row.state }
  const effects: Effect[] = [ruleEffect, { kind: 'job', jobId, people: null }]
  const subject = { type: 'rule', id: row.id, displayName: `Rule ${row.priority} of ${connection.name}` } as const
  const changes = changesOf(before, action === 'rule.deleted' ? undefined : row)
  await writeEvents(deps, tx, accountId, [adminEvent(deps, actor, { action, subject, connectionId, changes, effects })])
  return ruleFromRow(row)
}

function newRow(
  deps: Deps,
  actor: Administrator,
  connection: Connection,
  input: RuleInput & { effects: Effects; priority: number },
): RuleRow {
  const now = deps.now().getTime()
  return {
    account_id: connection.accountId,
    connection_id: connection.id,
    id: deps.newId(),
    priority: input.priority,
    enabled: (input.enabled ?? true) ? 1 : 0,
    condition: conditionOf(input.condition ?? null),
    effects: JSON.stringify(input.effects),
    note: input.note ?? null,
    state: 'ok',
    author: JSON.stringify(actor.actor),
    version: 1,
    created_at: now,
    updated_at: now,
  }
}

function revisedRow(row: RuleRow, patch: RuleInput & { priority: number }, now: number): RuleRow {
  const condition = patch.condition === undefined ? row.condition : conditionOf(patch.condition)
  return {
    ...row,
    priority: patch.priority,
    enabled: patch.enabled === undefined ? row.enabled : patch.enabled ? 1 : 0,
    condition,
    effects: patch.effects === undefined ? row.effects : JSON.stringify(patch.effects),
    note: patch.note === undefined ? row.note : patch.note,
    // A rule is broken by a group that its condition names; with another condition it starts anew.
    state: condition === row.condition ? row.state : 'ok',
    version: row.version + 1,
    updated_at: now,
  }
}

/** Blank means everyone, which is stored as null. */
function conditionOf(text: string | null): string | null {
  return text === null || text.trim() === '' ? null : text
}

/** Undefined is a rule that was not there before, or is not any more. */
function changesOf(before: RuleRow | undefined, after: RuleRow | undefined) {
  const nothing = { priority: null, enabled: null, condition: null, effects: null, note: null }
  const facts = (row: RuleRow) => ({
    priority: row.priority,
    enabled: row.enabled === 1,
    condition: row.condition,
    effects: JSON.parse(row.effects) as Effects,
    note: row.note,
  })
  return changesBetween<object>(before && facts(before), after === undefined ? nothing : facts(after))
}
