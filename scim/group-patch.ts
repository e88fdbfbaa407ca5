import type { Work } from '../db/pace.js'
import type { Attribute } from '../filter/attribute.js'
import type { ResolvedFilter } from '../filter/resolved.js'
import { GROUP_SCHEMA } from '../filter/schemas/group.js'
import { groupExternalId, groupName } from './canonical-group.js'
import { ScimError } from './errors.js'
import { parseMemberId, parseMemberIds } from './member-ids.js'
import { type PatchOperation, withinOperation } from './patch-op.js'
import { type PathOperation, pathOperations } from './patch-operations.js'
import { type PatchTarget, passesOver, resolveTarget } from './patch-target.js'
import { isEmpty } from './patch-value.js'

/** One set operation on the members of a group. `replace` has ids; `clear` empties the group. */
export type MemberStep =
  | { readonly kind: 'add' | 'remove' | 'replace'; readonly ids: readonly string[] }
  | { readonly kind: 'clear' }

/** What a PATCH of a group asks for, without a look at its members: they may be a hundred thousand. */
export interface GroupPatch {
  readonly displayName?: string
  /** Null takes it away. */
  readonly externalId?: string | null
  /** In order; neighbours of the same kind are one step, ids stand once in it. */
  readonly members: readonly MemberStep[]
}

/** The plan while it is written. */
interface Plan {
  displayName?: string
  externalId?: string | null
  readonly members: { readonly kind: MemberStep['kind']; readonly ids: Set<string> }[]
}

/**
 * Read the operations of PATCH /Groups/{id} into a plan (RFC 7644 §3.5.2). `self` is the group's own identity.
 * Throws ScimError with index and path: patch_path, mutability, attr_missing, attr_type, attr_too_long, nested_group.
 */
export function* parseGroupPatch(
  operations: readonly PatchOperation[],
  self: { readonly id: string },
): Work<GroupPatch> {
  const plan: Plan = { members: [] }
  for (const operation of yield* pathOperations(operations, { schema: GROUP_SCHEMA, id: self.id })) {
    yield* withinPieces(operation, plannedBy(operation, plan))
    yield
  }
  const members: MemberStep[] = []
  for (const { kind, ids } of plan.members) {
    members.push(kind === 'clear' ? { kind } : { kind, ids: [...ids] })
    yield
  }
  return { ...plan, members }
}

/** The first piece is the look at the path; what it refuses is told like everything else of the operation. */
function* plannedBy(operation: PathOperation, plan: Plan): Work<void> {
  const target = resolveTarget(operation, GROUP_SCHEMA)
  if (!target || passesOver(target, operation)) return
  yield* READERS[target.slot.attribute.name]?.(plan, operation, target) ?? []
}

/** As `withinOperation`, for work in pieces. */
function* withinPieces(operation: PathOperation, work: Work<void>): Work<void> {
  while (!withinOperation(operation, () => work.next().done)) yield
}

type Reader = (plan: Plan, operation: PatchOperation, target: PatchTarget) => Work<void> | undefined

/** What each writable attribute of a group does with an operation: at once, or in pieces. */
const READERS: { readonly [name: Attribute['name']]: Reader } = {
  displayName(plan, { op, value }) {
    if (op === 'remove' || (op === 'replace' && (isEmpty(value) || value === '')))
      throw new ScimError('mutability', 'displayName cannot be removed.')
    if (!isEmpty(value)) plan.displayName = groupName(value)
    return undefined
  },
  externalId(plan, { op, value }) {
    if (op === 'remove' || (op === 'replace' && value === '')) plan.externalId = null
    else if (op === 'replace' || !isEmpty(value)) plan.externalId = groupExternalId(value) ?? null
    return undefined
  },
  *members(plan, operation, { sub, filter }) {
    const { op, value } = operation
    if (sub || (filter && op !== 'remove'))
      throw new ScimError('mutability', 'A member cannot be changed, only added and removed.')
    if (filter) yield* addStep(plan, 'remove', memberIdsOf(filter))
    else if (op === 'remove') yield* removeMembers(plan, value)
    else yield* setMembers(plan, op, value)
  },
}

/** With a list of values only those leave (Entra, trap 4); an empty list removes nobody. Null is no list. */
function* removeMembers(plan: Plan, value: unknown): Work<void> {
  if (value === undefined || value === null) yield* addStep(plan, 'clear', [])
  else yield* addStep(plan, 'remove', yield* parseMemberIds(value))
}

/** Only an empty list and null empty a group; whatever else names nobody is refused. */
function* setMembers(plan: Plan, op: 'add' | 'replace', value: unknown): Work<void> {
  const ids = yield* parseMemberIds(value)
  if (op === 'replace' && ids.length === 0) yield* addStep(plan, 'clear', ids)
  else yield* addStep(plan, op, ids)
}

function* addStep({ members }: Plan, kind: MemberStep['kind'], ids: readonly string[]): Work<void> {
  const last = members.at(-1)
  const joins = last?.kind === kind && (kind === 'add' || kind === 'remove')
  if (!joins && kind !== 'clear' && ids.length === 0) return
  const step = joins ? last : { kind, ids: new Set<string>() }
  if (step !== last) members.push(step)
  for (const id of ids) {
    step.ids.add(id)
    yield
  }
}

/**
 * The ids that a filter on `members` names: `value eq "…"`, several joined by `or`, beside them `type eq "User"`.
 * Throws patch_path for any other, which would need the members read.
 */
function memberIdsOf(filter: ResolvedFilter): string[] {
  if (filter.kind === 'or') return filter.terms.flatMap(memberIdsOf)
  const terms = filter.kind === 'and' ? filter.terms.filter((term) => !asksForUsers(term)) : [filter]
  const [term] = terms
  if (terms.length !== 1 || term?.kind !== 'compare' || term.op !== 'eq' || term.target.attribute.name !== 'value')
    throw new ScimError('patch_path', 'Members can only be chosen by their id, as in members[value eq "…"].')
  return [parseMemberId(term.literal)]
}

function asksForUsers(term: ResolvedFilter): boolean {
  return term.kind === 'compare' && term.op === 'eq' && term.target.attribute.name === 'type' && term.value === 'user'
}
