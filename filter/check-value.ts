import type { Attribute } from './attribute.js'
import { canonicalDateTime } from './date-time.js'
import { foldText } from './fold-value.js'
import type { Comparison } from './resolved.js'
import type { Literal, Operator } from './syntax.js'

const EQUALITY: readonly Operator[] = ['eq', 'ne']
const ORDER: readonly Operator[] = [...EQUALITY, 'gt', 'ge', 'lt', 'le']
const TEXT: readonly Operator[] = [...ORDER, 'co', 'sw', 'ew']

/** The operators that make sense for a type (RFC 7644 §3.4.2.2: no order of booleans or binaries). */
const OPERATORS: Readonly<Record<Attribute['type'], readonly Operator[]>> = {
  string: TEXT,
  reference: TEXT,
  dateTime: ORDER,
  decimal: ORDER,
  integer: ORDER,
  boolean: EQUALITY,
  binary: EQUALITY,
  complex: [],
}

export function fitsOperator(attribute: Attribute, op: Operator): boolean {
  return OPERATORS[attribute.type].includes(op)
}

/**
 * The value of a comparison, as written and as compared, or undefined if it is not of the attribute's type. The words
 * "True" and "False" stand for booleans, because Entra sends them so; a dateTime needs its time zone.
 */
export function checkValue(attribute: Attribute, literal: Literal): Pick<Comparison, 'value' | 'literal'> | undefined {
  switch (attribute.type) {
    case 'boolean': {
      const value = typeof literal === 'string' ? booleanWord(literal) : literal
      return typeof value === 'boolean' ? { value, literal: value } : undefined
    }
    case 'decimal':
    case 'integer':
      return typeof literal === 'number' ? { value: literal, literal } : undefined
    case 'dateTime': {
      const value = typeof literal === 'string' ? canonicalDateTime(literal) : undefined
      return value === undefined || typeof literal !== 'string' ? undefined : { value, literal }
    }
    default:
      return typeof literal === 'string' ? { value: foldText(attribute, literal), literal } : undefined
  }
}

function booleanWord(word: string): boolean | undefined {
  const folded = word.toLowerCase()
  return folded === 'true' ? true : folded === 'false' ? false : undefined
}
