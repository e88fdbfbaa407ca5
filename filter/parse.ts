import { Cursor } from './cursor.js'
import { parseValue } from './parse-value.js'
import type { AttributePathNode, FilterNode, Operator } from './syntax.js'

const OPERATORS: ReadonlySet<string> = new Set<Operator>(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'])
const ATTRIBUTE_NAME = /^[A-Za-z$][\w$-]*$/

/**
 * Read a filter (RFC 7644 §3.4.2.2): operators and attribute names in any case, precedence grouping, not, and, or.
 * Beyond the RFC, `attr[filter].sub op value` and a word without quotes after `eq` are understood.
 * Throws FilterError: filter_bad, filter_too_large.
 */
export function parseFilter(text: string): FilterNode {
  const cursor = new Cursor(text, 'filter')
  const node = parseOr(cursor, false)
  cursor.skipSpace()
  return cursor.done ? node : cursor.fail('expected "and", "or" or the end')
}

/**
 * Read the path of a PATCH operation (RFC 7644 §3.5.2). The last colon ends the URN.
 * Throws FilterError: filter_bad, filter_too_large.
 */
export function parsePath(text: string): AttributePathNode {
  const cursor = new Cursor(text, 'path')
  const path = parseAttributePath(cursor, false)
  cursor.skipSpace()
  return cursor.done ? path : cursor.fail('expected the end')
}

function parseOr(cursor: Cursor, inElement: boolean): FilterNode {
  const terms = [parseAnd(cursor, inElement)]
  while (takeJoin(cursor, 'or')) terms.push(parseAnd(cursor, inElement))
  return terms.length === 1 ? terms[0]! : { kind: 'or', terms }
}

function parseAnd(cursor: Cursor, inElement: boolean): FilterNode {
  const terms = [parseTerm(cursor, inElement)]
  while (takeJoin(cursor, 'and')) terms.push(parseTerm(cursor, inElement))
  return terms.length === 1 ? terms[0]! : { kind: 'and', terms }
}

function takeJoin(cursor: Cursor, word: 'and' | 'or'): boolean {
  cursor.skipSpace()
  return cursor.takeWord(word)
}

function parseTerm(cursor: Cursor, inElement: boolean): FilterNode {
  cursor.skipSpace()
  if (cursor.take('(')) return parseGroup(cursor, inElement)
  if (!cursor.takeWord('not')) return parseComparison(cursor, inElement)
  cursor.expect('(')
  return { kind: 'not', term: parseGroup(cursor, inElement) }
}

function parseGroup(cursor: Cursor, inElement: boolean): FilterNode {
  const node = cursor.nested(() => parseOr(cursor, inElement))
  cursor.expect(')')
  return node
}

function parseComparison(cursor: Cursor, inElement: boolean): FilterNode {
  const path = parseAttributePath(cursor, inElement)
  cursor.countTerm()
  if (path.filter !== undefined && path.sub === undefined) return { kind: 'valuePath', path }
  cursor.skipSpace()
  const start = cursor.at
  const op = cursor.takeName().toLowerCase()
  if (op === 'pr') return { kind: 'present', path }
  if (!isOperator(op)) return cursor.fail('expected an operator', start)
  return { kind: 'compare', path, op, value: parseValue(cursor, op) }
}

function isOperator(word: string): word is Operator {
  return OPERATORS.has(word)
}

type Written = { -readonly [Key in keyof AttributePathNode]: AttributePathNode[Key] }

function parseAttributePath(cursor: Cursor, inElement: boolean): AttributePathNode {
  cursor.skipSpace()
  const start = cursor.at
  const token = cursor.takeName()
  const colon = token.lastIndexOf(':')
  const [name = '', sub, ...rest] = token.slice(colon + 1).split('.')
  const named = ATTRIBUTE_NAME.test(name) && (sub === undefined || ATTRIBUTE_NAME.test(sub)) && rest.length === 0
  if (!named || colon === 0) cursor.fail('expected the name of an attribute', start)
  const path: Written = { name, position: start + 1 }
  if (colon > 0) path.urn = token.slice(0, colon)
  if (sub !== undefined) path.sub = sub
  if (cursor.text[cursor.at] !== '[') return path
  if (inElement) cursor.fail('a filter in brackets cannot hold another one')
  if (sub !== undefined) cursor.fail('a filter in brackets belongs to an attribute, not to its sub-attribute')
  parseElementFilter(cursor, path)
  return path
}

/** `[filter]` and, where it follows, `.sub`. */
function parseElementFilter(cursor: Cursor, path: Written): void {
  cursor.take('[')
  path.filter = cursor.nested(() => parseOr(cursor, true))
  cursor.expect(']')
  if (!cursor.take('.')) return
  const start = cursor.at
  path.sub = cursor.takeName()
  if (!ATTRIBUTE_NAME.test(path.sub)) cursor.fail('expected the name of a sub-attribute', start)
}
