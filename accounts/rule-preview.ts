import type { Queries } from '../db/database.js'
import { findGroup } from '../db/directory-groups.js'
import { groupsOfMany, pageOfMembers } from '../db/directory-members.js'
import { findLink, pageOfIds, type StoredDirectoryUser } from '../db/directory-users.js'
import { grantsOf } from '../db/grants.js'
import { type LicenseRow, licensesOf } from '../db/licenses.js'
import { readLinks, readUsers } from '../db/preview-people.js'
import type { UserRow } from '../db/users.js'
import type { Administrator } from './administrator.js'
import { checkEffects } from './check-effects.js'
import type { Connection } from './connection.js'
import { getConnection } from './connections.js'
import { type Decision, decideAll, isOut } from './decide-access.js'
import type { Deps } from './deps.js'
import { documentFromRow } from './directory-document.js'
import { AccountError } from './errors.js'
import { preparePolicy } from './evaluate-policy.js'
import type { Effects, Features, RuleDefinition } from './evaluate-types.js'
import { type LoadedPolicy, loadPolicy } from './policy.js'
import { checkCondition } from './rules.js'
import { userNotFound } from './users-read.js'

/** The id under which a rule that is not stored yet decides. */
export const DRAFT_RULE = 'draft'

/** What is tried: a new rule, a stored one changed, enabled or removed, or the rules as they are. */
export interface RuleTrial {
  readonly ruleId?: string | undefined
  readonly remove?: boolean | undefined
  readonly rule?:
    | {
        readonly priority?: number | undefined
        readonly enabled?: boolean | undefined
        readonly condition?: string | null | undefined
        readonly effects?: Effects | undefined
      }
    | undefined
}

/** One of these. */
export interface Audience {
  readonly userId?: string | undefined
  readonly groupId?: string | undefined
  readonly everyone?: true | undefined
}

/** One cell that would change: a person's role, or one of her products. */
export interface PreviewEntry {
  readonly userId: string
  readonly scimId: string
  readonly userName: string
  readonly displayName: string
  readonly field: 'role' | 'product'
  /** Key, where the field is a product. */
  readonly product?: string
  readonly change: 'gain' | 'lose' | 'change'
  /** Key of the role, or features of the product; null where she does not have it. */
  readonly now: string | Features | null
  readonly after: string | Features | null
  /** The rule that decides, where one does; DRAFT_RULE for one that is not stored. */
  readonly ruleId?: string
}

export interface PreviewCount {
  readonly field: 'role' | 'product'
  readonly product?: string
  readonly change: PreviewEntry['change']
  readonly people: number
}

export interface RulePreview {
  /** How many people were looked at. */
  readonly people: number
  readonly counts: readonly PreviewCount[]
  /** At most `limit` of the cells that would change; `counts` counts all of them. */
  readonly items: readonly PreviewEntry[]
  readonly complete: boolean
}

const CHUNK = 250

/**
 * Who would gain and lose what, by the evaluation that applying uses; nothing is written. Seats are not foretold: who
 * gains a product may have to wait. Refuses: connection_not_found, rule_not_found, rule_condition, user_not_found,
 * group_not_found, and what `checkEffects` refuses.
 */
export async function previewRule(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  connectionId: string,
  input: { trial: RuleTrial; who: Audience; limit: number },
): Promise<RulePreview> {
  const { db } = deps
  const connection = await getConnection(db, accountId, connectionId)
  const policy = await trialPolicy(db, actor, connection, input.trial)
  const tally = new Map<string, PreviewCount>()
  const items: PreviewEntry[] = []
  let [people, changed] = [0, 0]
  for await (const ids of audience(db, connection, input.who)) {
    people += ids.length
    for (const entry of await foretell(deps, connection, policy, ids)) {
      changed += 1
      count(tally, entry)
      if (items.length < input.limit) items.push(entry)
    }
    // Others have their turn between the chunks of a large preview.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { people, counts: [...tally.values()], items, complete: changed === items.length }
}

function count(tally: Map<string, PreviewCount>, { field, product, change }: PreviewEntry): void {
  const key = `${field} ${product ?? ''} ${change}`
  const known = tally.get(key)
  const what = product === undefined ? { field, change } : { field, product, change }
  tally.set(key, { ...what, people: (known?.people ?? 0) + 1 })
}

/** The policy as it would be. */
async function trialPolicy(
  q: Queries,
  actor: Administrator,
  connection: Connection,
  trial: RuleTrial,
): Promise<LoadedPolicy> {
  if (trial.rule?.condition !== undefined) checkCondition(trial.rule.condition)
  if (trial.rule?.effects !== undefined) await checkEffects(q, actor, connection.accountId, trial.rule.effects)
  const loaded = await loadPolicy(q, connection)
  const policy = { ...loaded.policy, rules: trialRules(loaded.policy.rules, trial) }
  return { ...loaded, policy, prepared: preparePolicy(policy) }
}

function trialRules(stored: readonly RuleDefinition[], { ruleId, remove, rule }: RuleTrial): RuleDefinition[] {
  const known = stored.find(({ id }) => id === ruleId)
  if (ruleId !== undefined && known === undefined)
    throw new AccountError('rule_not_found', 'This connection has no such rule.')
  const others = stored.filter(({ id }) => id !== ruleId)
  const tried = remove || (known === undefined && rule === undefined) ? [] : [triedRule(known, rule ?? {})]
  const place = (rule?.priority ?? known?.priority ?? stored.length + 1) - 1
  return others.toSpliced(place, 0, ...tried).map((one, index) => ({ ...one, priority: index + 1 }))
}

function triedRule(known: RuleDefinition | undefined, rule: NonNullable<RuleTrial['rule']>): RuleDefinition {
  const condition = rule.condition === undefined ? (known?.condition ?? null) : rule.condition
  return {
    id: known?.id ?? DRAFT_RULE,
    priority: 0,
    // A stored rule is tried as if it were on: that is the question before it is enabled.
    enabled: rule.enabled ?? true,
    state: condition === known?.condition ? (known?.state ?? 'ok') : 'ok',
    condition,
    effects: rule.effects ?? known?.effects ?? {},
  }
}

/** The SCIM ids of the people in question, in chunks. */
async function* audience(q: Queries, connection: Connection, who: Audience): AsyncGenerator<string[]> {
  const { accountId, id: connectionId } = connection
  if (who.userId !== undefined) {
    const link = await findLink(q, accountId, who.userId)
    if (link === undefined || link.connection_id !== connectionId) throw userNotFound()
    return yield [link.id]
  }
  const { groupId } = who
  if (groupId !== undefined && (await findGroup(q, accountId, connectionId, groupId)) === undefined)
    throw new AccountError('group_not_found', 'This connection has no such group.')
  let after = ''
  for (;;) {
    const ids =
      groupId === undefined
        ? await pageOfIds(q, accountId, connectionId, after, CHUNK)
        : await pageOfMembers(q, accountId, connectionId, groupId, after, CHUNK)
    const last = ids.at(-1)
    if (last === undefined) return
    yield ids
    after = last
  }
}

async function foretell(
  { db, now }: Deps,
  connection: Connection,
  policy: LoadedPolicy,
  ids: readonly string[],
): Promise<PreviewEntry[]> {
  const { accountId, id: connectionId } = connection
  const links = await readLinks(db, accountId, connectionId, ids)
  const userIds = links.map((link) => link.user_id)
  const users = new Map((await readUsers(db, accountId, userIds)).map((user) => [user.id, user]))
  const memberships = await groupsOfMany(db, accountId, connectionId, ids)
  const people = links.flatMap((link) => {
    const user = users.get(link.user_id)
    const own = memberships.filter((row) => row.directory_user_id === link.id)
    const groups = own.map(({ group_id: id, display_name: display }) => ({ id, display }))
    const person = { document: documentFromRow(link), groups }
    return user === undefined ? [] : [{ link, unsettled: { user, save: 'derived', person } as const }]
  })
  const grounds = { accountId, catalog: policy, policy, now: now().getTime() }
  const unsettled = people.map((one) => one.unsettled)
  const decisions = decideAll(grounds, unsettled, await grantsOf(db, accountId, userIds))
  const licenses = await licensesOf(db, accountId, userIds)
  return people.flatMap(({ link, unsettled: { user } }, index) => {
    const decision = decisions[index]
    const held = licenses.filter((row) => row.user_id === user.id)
    return decision === undefined ? [] : entriesOf(link, user, held, decision, policy)
  })
}

function entriesOf(
  link: StoredDirectoryUser,
  user: UserRow,
  licenses: readonly LicenseRow[],
  { access, status }: Decision,
  { roleById, productById }: LoadedPolicy,
): PreviewEntry[] {
  const { userName } = JSON.parse(link.document) as { userName: string }
  const person = { userId: user.id, scimId: link.id, userName, displayName: user.display_name }
  const entries: PreviewEntry[] = []
  if (access.role.id !== user.role_id) {
    const now = roleById.get(user.role_id)?.key ?? null
    const rule = ruleOf(access.role.ruleId)
    entries.push({ ...person, field: 'role', change: 'change', now, after: access.role.key, ...rule })
  }
  const held = new Map(licenses.map((row) => [row.product_id, JSON.parse(row.features) as Features]))
  const wanted = isOut(status.status) ? new Map() : access.products
  for (const productId of new Set([...held.keys(), ...wanted.keys()])) {
    const [now, after] = [held.get(productId) ?? null, access.products.get(productId)]
    const next = wanted.has(productId) ? (after?.features ?? null) : null
    const change = now === null ? 'gain' : next === null ? 'lose' : 'change'
    if (change === 'change' && sameFeatures(now, next)) continue
    const product = productById.get(productId)?.key ?? productId
    const rule = next === null ? {} : ruleOf(after?.ruleId ?? null)
    entries.push({ ...person, field: 'product', product, change, now, after: next, ...rule })
  }
  return entries
}

function ruleOf(ruleId: string | null): { ruleId?: string } {
  return ruleId === null ? {} : { ruleId }
}

function sameFeatures(a: Features | null, b: Features | null): boolean {
  const sorted = (features: Features | null) => JSON.stringify(Object.entries(features ?? {}).sort())
  return sorted(a) === sorted(b)
}
