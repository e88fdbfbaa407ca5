import fc from 'fast-check'
import type { Attribute, Document, Json, ResourceSchema, Schema } from '../../filter/attribute.js'
import { attribute, complex, text } from '../../filter/schemas/define.js'
import { USER_SCHEMA } from '../../filter/schemas/user.js'
import type { AttributePathNode, FilterNode, Literal, Operator } from '../../filter/syntax.js'

/**
 * Where databases and JavaScript disagree if one lets them: case beyond ASCII, composed and decomposed, sigma, ligature,
 * code points on both sides of the surrogates, and what is special to SQL, LIKE, JSON or a filter.
 */
const PIECES = [
  'a',
  'A',
  'b',
  'B',
  'É',
  'é',
  'e\u0301',
  'ß',
  'ss',
  'ς',
  'σ',
  'Σ',
  'İ',
  'ı',
  'ﬁ',
  'K',
  '😀',
  '🙈',
  '\u{10ffff}',
  '\ud7ff',
  '\ue000',
  '\uffff',
  '%',
  '_',
  '\\',
  "'",
  '"',
  '?',
  '$1',
  ' ',
  ']',
  '(',
  '\n',
  '\u0001',
  '0',
]

/** Short texts of few pieces, so that two of them often touch. */
export const someText = fc.array(fc.constantFrom(...PIECES), { maxLength: 3 }).map((pieces) => pieces.join(''))

const someDateTime = fc.constantFrom(
  '2026-01-02T03:04:05Z',
  '2026-01-02T03:04:05.000Z',
  '2026-01-02T04:04:05+01:00',
  '2026-01-02T03:04:05.1Z',
  '1969-12-31T23:59:59.999Z',
  '2026-01-01T22:04:05-05:00',
  '0001-01-01T00:00:00Z',
)
const someNumber = fc.constantFrom(-1, 0, 1, 2, 10, 0.1, -0.5, 1e15, 1e-7)

/** A schema with every type that the User has not: numbers, times, lists of plain values. */
const EXTENSION: Schema = {
  id: "urn:example:it's:2.0:Extra",
  name: 'Extra',
  description: 'Every type of value',
  attributes: [
    attribute('count', 'integer', ''),
    attribute('share', 'decimal', ''),
    attribute('since', 'dateTime', ''),
    attribute('flag', 'boolean', ''),
    text('exact', '', { caseExact: true }),
    text('tags', '', { multiValued: true }),
    attribute('numbers', 'integer', '', { multiValued: true }),
    complex('desk', '', [text('room', ''), attribute('floor', 'integer', ''), attribute('until', 'dateTime', '')]),
    complex('devices', '', [text('value', '', { caseExact: true }), attribute('bought', 'dateTime', '')], {
      multiValued: true,
    }),
  ],
}
export const WIDE_SCHEMA: ResourceSchema = { ...USER_SCHEMA, extensions: [...USER_SCHEMA.extensions, EXTENSION] }

function someValue(of: Attribute): fc.Arbitrary<Json> {
  if (of.type === 'complex') return someObject(of.subAttributes!)
  if (of.type === 'boolean') return fc.boolean()
  if (of.type === 'integer') return someNumber.map(Math.trunc)
  if (of.type === 'decimal') return someNumber
  return of.type === 'dateTime' ? someDateTime : someText
}

/** Some of the attributes, at least one: a document has no empty objects or lists (RFC 7643 §2.5). */
function someObject(attributes: readonly Attribute[], always: readonly string[] = []): fc.Arbitrary<Document> {
  const members = attributes.map((of) => [of.name, of.multiValued ? someList(of) : someValue(of)] as const)
  const requiredKeys = always.length > 0 ? [...always] : []
  return fc
    .record(Object.fromEntries(members), { requiredKeys })
    .filter((object) => Object.keys(object).length > 0) as fc.Arbitrary<Document>
}

function someList(of: Attribute): fc.Arbitrary<Json[]> {
  return fc.array(someValue({ ...of, multiValued: false }), { minLength: 1, maxLength: 3 })
}

const STORED = USER_SCHEMA.core.attributes.filter(({ name }) => name !== 'groups')

/** The document of a directory user: with `active` and `userName`, without what is computed and without manager. */
export const someDocument: fc.Arbitrary<Document> = fc
  .tuple(
    someObject(STORED, ['userName', 'active']),
    fc.option(someText),
    fc.option(someObject(USER_SCHEMA.extensions[0]!.attributes.filter(({ name }) => name !== 'manager'))),
    fc.option(someObject(EXTENSION.attributes)),
  )
  .map(([core, externalId, enterprise, extra]) => ({
    ...core,
    ...(externalId !== null && { externalId }),
    ...(enterprise !== null && { [USER_SCHEMA.extensions[0]!.id]: enterprise }),
    ...(extra !== null && { [EXTENSION.id]: extra }),
  }))

const OPERATORS: Readonly<Record<string, readonly Operator[]>> = {
  text: ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'],
  order: ['eq', 'ne', 'gt', 'ge', 'lt', 'le'],
  equality: ['eq', 'ne'],
}

function operatorsOf({ type }: Attribute): readonly Operator[] {
  if (type === 'string' || type === 'reference') return OPERATORS.text!
  return type === 'boolean' || type === 'binary' ? OPERATORS.equality! : OPERATORS.order!
}

type Name = Omit<AttributePathNode, 'position'>
const at = (name: Name): AttributePathNode => ({ ...name, position: 1 })

/** `present` or a comparison that fits the attribute, with values that documents may hold. */
function someTest(name: Name, of: Attribute, values: fc.Arbitrary<Json> | undefined): fc.Arbitrary<FilterNode> {
  const path = at(name)
  const value = fc.oneof({ weight: 9, arbitrary: (values ?? someValue(of)) as fc.Arbitrary<Literal> })
  const compare = fc
    .tuple(fc.constantFrom(...operatorsOf(of)), value)
    .map(([op, literal]): FilterNode => ({ kind: 'compare', path, op, value: literal }))
  const none = fc
    .constantFrom<Operator>('eq', 'ne')
    .map((op): FilterNode => ({ kind: 'compare', path, op, value: null }))
  const present = fc.constant<FilterNode>({ kind: 'present', path })
  return fc.oneof({ weight: 8, arbitrary: compare }, { weight: 1, arbitrary: none }, { weight: 1, arbitrary: present })
}

/** What to ask of an attribute in place of what its type alone suggests, by `name` or `name.sub`. */
export type Known = Readonly<Record<string, fc.Arbitrary<Json>>>

/** A test of one attribute of the schema: itself, a part, an element chosen by a filter, or its presence as a whole. */
function someLeaf(urn: string | undefined, of: Attribute, known: Known, skip: ReadonlySet<string>) {
  const name: Name = { ...(urn === undefined ? {} : { urn }), name: of.name }
  if (of.type !== 'complex') return someTest(name, of, known[of.name])
  const parts = of.subAttributes!.filter((part) => !skip.has(`${of.name}.${part.name}`))
  const inside = fc.oneof(...parts.map((part) => someTest({ name: part.name }, part, known[`${of.name}.${part.name}`])))
  const filter = combined(inside)
  const part = fc.constantFrom(...parts)
  return fc.oneof(
    {
      weight: 4,
      arbitrary: part.chain((sub) => someTest({ ...name, sub: sub.name }, sub, known[`${of.name}.${sub.name}`])),
    },
    {
      weight: 2,
      arbitrary: filter.map((chosen): FilterNode => ({ kind: 'valuePath', path: at({ ...name, filter: chosen }) })),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(filter, part)
        .chain(([chosen, sub]) =>
          someTest({ ...name, filter: chosen, sub: sub.name }, sub, known[`${of.name}.${sub.name}`]),
        ),
    },
    { weight: 1, arbitrary: fc.constant<FilterNode>({ kind: 'present', path: at(name) }) },
  )
}

/** Filters of a few terms, flat or nested, over every attribute of a schema but those of `skip`. */
export function someFilter(
  schema: ResourceSchema,
  known: Known = {},
  skip: ReadonlySet<string> = new Set(),
): fc.Arbitrary<FilterNode> {
  const listed = [schema.core, ...schema.extensions].flatMap(({ id, attributes }) =>
    attributes.map((of) => ({ urn: id as string | undefined, of })),
  )
  const all = [...schema.common.map((of) => ({ urn: undefined, of })), ...listed]
  return combined(fc.oneof(...all.map(({ urn, of }) => someLeaf(urn, of, known, skip))))
}

function combined(leaf: fc.Arbitrary<FilterNode>): fc.Arbitrary<FilterNode> {
  return fc.letrec<{ node: FilterNode }>((tie) => {
    const terms = fc.array(tie('node'), { minLength: 2, maxLength: 3 })
    return {
      node: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        { weight: 6, arbitrary: leaf },
        { weight: 2, arbitrary: terms.map((list): FilterNode => ({ kind: 'and', terms: list })) },
        { weight: 2, arbitrary: terms.map((list): FilterNode => ({ kind: 'or', terms: list })) },
        { weight: 1, arbitrary: tie('node').map((term): FilterNode => ({ kind: 'not', term })) },
      ),
    }
  }).node
}
