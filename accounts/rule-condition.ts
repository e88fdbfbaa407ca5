import type { Attribute, Document, ResourceSchema } from '../filter/attribute.js'
import { FilterError } from '../filter/errors.js'
import { evaluateFolded } from '../filter/evaluate.js'
import { fold } from '../filter/fold.js'
import { foldDocument } from '../filter/fold-document.js'
import { parseFilter } from '../filter/parse.js'
import { resolveFilter } from '../filter/resolve.js'
import type { Comparison, ResolvedFilter, Target } from '../filter/resolved.js'
import { ACCOUNT_URN } from '../filter/schemas/account-user.js'
import type { Person } from './evaluate-types.js'

/** A condition ready to be asked. */
export interface Condition {
  /** `resource` is what `resourceForConditions` made. */
  readonly matches: (resource: Document) => boolean
  readonly groups: NamedGroups
  /** Whether any part of it looks at groups, so that a change of membership or of a group's name may change its answer. */
  readonly usesGroups: boolean
  /** Whether any part of it looks at the manager, so that the end of one may change its answer. */
  readonly usesManager: boolean
}

/** Groups that a condition names with `eq`, wherever in it; ids as they are, display names folded. */
export interface NamedGroups {
  readonly ids: readonly string[]
  readonly displays: readonly string[]
}

const COMPUTED: ReadonlyMap<string, readonly string[]> = new Map([
  ['groups', ['$ref', 'type']],
  ['manager', ['$ref', 'displayName']],
])

/**
 * What a condition may ask about: a User without what is only made when it is read over SCIM (`id`, `meta`, references and
 * the name of the manager). Such an attribute would never match, so it is refused where the rule is written.
 */
function conditionSchemaOf(userSchema: ResourceSchema): ResourceSchema {
  const known = conditionSchemas.get(userSchema)
  if (known !== undefined) return known
  const { common, core, extensions } = userSchema
  const made = {
    common: common.filter(({ name }) => name === 'externalId'),
    core: { ...core, attributes: core.attributes.map(withoutComputed) },
    extensions: extensions.map((one) => ({ ...one, attributes: one.attributes.map(withoutComputed) })),
  }
  conditionSchemas.set(userSchema, made)
  return made
}

const conditionSchemas = new WeakMap<ResourceSchema, ResourceSchema>()

function withoutComputed(attribute: Attribute): Attribute {
  const computed = COMPUTED.get(attribute.name)
  if (!computed || !attribute.subAttributes) return attribute
  return { ...attribute, subAttributes: attribute.subAttributes.filter(({ name }) => !computed.includes(name)) }
}

/** A person as conditions see her: folded once, for however many rules. */
export function resourceForConditions({ document, groups }: Person, userSchema: ResourceSchema): Document {
  const named = groups.map(({ id, display }) => ({ value: id, display }))
  return foldDocument({ ...document, groups: named }, conditionSchemaOf(userSchema))
}

const EVERYONE: Condition = {
  matches: () => true,
  groups: { ids: [], displays: [] },
  usesGroups: false,
  usesManager: false,
}

/** Compiled conditions, least recently used first, by schema and text: all accounts without attributes of their own share them. */
const compiled = new Map<string, Condition>()
const MAX_COMPILED = 2_000

/**
 * Compile the condition of a rule: a SCIM filter over the directory user, `groups` included (PRODUCT 2.8); null or blank
 * means everyone. Parsed once per text as long as it is in use. Throws FilterError.
 */
export function compileCondition(text: string | null, userSchema: ResourceSchema): Condition {
  if (text === null || text.trim() === '') return EVERYONE
  const key = `${numberOf(userSchema)} ${text}`
  const condition = compiled.get(key) ?? compile(text, userSchema)
  compiled.delete(key)
  compiled.set(key, condition)
  if (compiled.size > MAX_COMPILED) compiled.delete(compiled.keys().next().value!)
  return condition
}

/** Schemas are kept by their text (`userSchemaFromText`); one that was made anew is another one here. */
function numberOf(userSchema: ResourceSchema): number {
  const known = numbers.get(userSchema)
  if (known !== undefined) return known
  const next = ++lastNumber
  numbers.set(userSchema, next)
  return next
}

const numbers = new WeakMap<ResourceSchema, number>()
let lastNumber = 0

function compile(text: string, userSchema: ResourceSchema): Condition {
  const filter = resolveFilter(parseFilter(text), conditionSchemaOf(userSchema))
  checkChoices(filter)
  const asked = questionsAboutGroups(filter)
  return {
    matches: (resource) => evaluateFolded(filter, resource),
    groups: { ids: namedBy(asked, 'value'), displays: namedBy(asked, 'display') },
    usesGroups: asked.length > 0,
    usesManager: asksForManager(filter),
  }
}

/** Whether a condition means something under these attributes: one that names a deleted one does not. */
export function isReadable(text: string | null, userSchema: ResourceSchema): boolean {
  return findCondition(text, userSchema) !== undefined
}

/** A rule that cannot be read asks for nothing. */
function findCondition(text: string | null, userSchema: ResourceSchema): Condition | undefined {
  try {
    return compileCondition(text, userSchema)
  } catch (error) {
    if (error instanceof FilterError) return undefined
    throw error
  }
}

/** Which groups a condition names, so that the end of one of them breaks the rule. */
export function groupsNamedBy(text: string | null, userSchema: ResourceSchema): NamedGroups {
  return findCondition(text, userSchema)?.groups ?? EVERYONE.groups
}

export function conditionUsesGroups(text: string | null, userSchema: ResourceSchema): boolean {
  return findCondition(text, userSchema)?.usesGroups ?? false
}

export function conditionUsesManager(text: string | null, userSchema: ResourceSchema): boolean {
  return findCondition(text, userSchema)?.usesManager ?? false
}

/** What an attribute can never be is not asked for by mistake: `eq` and `ne` name one of its choices. */
function checkChoices(filter: ResolvedFilter): void {
  if (filter.kind === 'and' || filter.kind === 'or') for (const term of filter.terms) checkChoices(term)
  if (filter.kind === 'not') checkChoices(filter.term)
  if (filter.kind !== 'compare' || filter.target.extension !== ACCOUNT_URN) return
  const { name, canonicalValues } = filter.target.attribute
  const isNamed = canonicalValues?.some((one) => fold(one) === filter.value) ?? true
  if (isNamed || (filter.op !== 'eq' && filter.op !== 'ne')) return
  throw new FilterError(
    'filter_type',
    1,
    `${name} cannot be ${JSON.stringify(filter.literal)}: it is none of its choices.`,
  )
}

function asksForManager(filter: ResolvedFilter): boolean {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.some(asksForManager)
    case 'not':
      return asksForManager(filter.term)
    case 'constant':
      return false
    default:
      return filter.target.extension !== undefined && filter.target.attribute.name === 'manager'
  }
}

/** A test of groups, with the sub-attribute it looks at; undefined where it asks for groups as such. */
interface Question {
  readonly sub: string | undefined
  readonly comparison: Comparison | undefined
}

function questionsAboutGroups(filter: ResolvedFilter): Question[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.flatMap(questionsAboutGroups)
    case 'not':
      return questionsAboutGroups(filter.term)
    case 'constant':
      return []
    case 'some':
      return isGroups(filter.target) ? questionsInElement(filter.filter) : []
    case 'present':
      return isGroups(filter.target) ? [{ sub: filter.target.sub?.name, comparison: undefined }] : []
    case 'compare':
      return isGroups(filter.target) ? [{ sub: filter.target.sub?.name, comparison: filter }] : []
  }
}

/** Inside `groups[…]` the attributes are those of one element. */
function questionsInElement(filter: ResolvedFilter): Question[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.flatMap(questionsInElement)
    case 'not':
      return questionsInElement(filter.term)
    case 'compare':
      return [{ sub: filter.target.attribute.name, comparison: filter }]
    default:
      return [{ sub: undefined, comparison: undefined }]
  }
}

function isGroups({ extension, attribute }: Target): boolean {
  return extension === undefined && attribute.name === 'groups'
}

function namedBy(questions: readonly Question[], sub: 'value' | 'display'): string[] {
  const named = questions.flatMap((question) =>
    question.sub === sub && question.comparison?.op === 'eq' ? [String(question.comparison.value)] : [],
  )
  return [...new Set(named)]
}
