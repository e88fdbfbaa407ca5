import { ATTRIBUTES, attributeOf, type ConditionAttribute, type FindAttribute } from './attributes.js'
import { readTokens, type Token } from './filter-tokens.js'

/** What a row of the builder may ask; `not_` before an operator of RFC 7644 §3.4.2.2 stands for `not (…)` around it. */
export const OPERATORS = ['eq', 'not_eq', 'co', 'not_co', 'sw', 'not_sw', 'ew', 'not_ew', 'pr', 'not_pr'] as const
export type Operator = (typeof OPERATORS)[number]

/** One question about one attribute. `path` is as the filter has it; `pr` needs no value. */
export interface Clause {
  readonly path: string
  readonly operator: Operator
  readonly value: string | boolean
}

/** A condition that rows can show: clauses, all of which or any of which have to hold. None means everyone. */
export interface Built {
  readonly join: 'and' | 'or'
  readonly clauses: readonly Clause[]
}

export const EVERYONE: Built = { join: 'and', clauses: [] }

/** The operators that make sense for an attribute. */
export function operatorsFor(attribute: ConditionAttribute | undefined): readonly Operator[] {
  if (attribute?.type === 'boolean') return ['eq', 'pr', 'not_pr']
  if (attribute?.type === 'choice') return ['eq', 'not_eq', 'pr', 'not_pr']
  return attribute?.type === 'group' ? ['eq', 'not_eq', 'co', 'sw', 'ew', 'pr', 'not_pr'] : OPERATORS
}

export const needsValue = (operator: Operator): boolean => !operator.endsWith('pr')

/** Whether every row says what it asks for. */
export function isComplete({ clauses }: Built): boolean {
  return clauses.every(({ path, operator, value }) => path !== '' && (!needsValue(operator) || value !== ''))
}

/** The SCIM filter of these rows, or null for everyone. */
export function filterFromBuilt({ join, clauses }: Built): string | null {
  return clauses.length === 0 ? null : clauses.map(filterFromClause).join(` ${join} `)
}

function filterFromClause({ path, operator, value }: Clause): string {
  const isNot = operator.startsWith('not_')
  const word = isNot ? operator.slice(4) : operator
  const comparison = word === 'pr' ? `${path} pr` : `${path} ${word} ${JSON.stringify(value)}`
  return isNot ? `not (${comparison})` : comparison
}

/**
 * Read a filter as rows, or undefined where rows cannot show it: brackets, mixed and/or, orders, numbers, or what is no
 * filter at all. The server reads it with its whole grammar; here it stays text.
 */
export function builtFromFilter(text: string | null, find: FindAttribute = attributeOf): Built | undefined {
  if (text === null || text.trim() === '') return EVERYONE
  const tokens = readTokens(text)
  if (tokens === undefined) return undefined
  const reader = new Reader(tokens, find)
  const clauses = [reader.clause()]
  let join: Built['join'] | undefined
  while (!reader.done) {
    const word = reader.word()
    if ((word !== 'and' && word !== 'or') || (join !== undefined && word !== join)) return undefined
    join = word
    clauses.push(reader.clause())
  }
  return clauses.includes(undefined) ? undefined : { join: join ?? 'and', clauses: clauses as Clause[] }
}

class Reader {
  readonly #tokens: readonly Token[]
  readonly #find: FindAttribute
  #at = 0

  constructor(tokens: readonly Token[], find: FindAttribute) {
    this.#tokens = tokens
    this.#find = find
  }

  get done(): boolean {
    return this.#at >= this.#tokens.length
  }

  /** The next token, if it is one of these words or signs; whatever it is, it is taken. */
  word(): string | undefined {
    const token = this.#tokens[this.#at++]
    return token?.kind === 'word' ? token.text.toLowerCase() : token?.kind === 'sign' ? token.text : undefined
  }

  clause(): Clause | undefined {
    const start = this.#at
    if (this.word() !== 'not') {
      this.#at = start
      return this.#comparison(false)
    }
    if (this.word() !== '(') return undefined
    const clause = this.#comparison(true)
    return this.word() === ')' ? clause : undefined
  }

  #comparison(isNot: boolean): Clause | undefined {
    const token = this.#tokens[this.#at++]
    const operator = this.word()
    if (token?.kind !== 'word' || operator === undefined) return undefined
    const attribute = this.#find(token.text)
    const path = attribute?.path ?? token.text
    if (operator === 'pr') return { path, operator: isNot ? 'not_pr' : 'pr', value: '' }
    const value = readValue(this.#tokens[this.#at++], attribute)
    const asked = operatorOf(operator, isNot, attribute)
    if (value === undefined || asked === undefined || !operatorsFor(attribute).includes(asked)) return undefined
    return { path, operator: asked, value }
  }
}

/** `ne` of an attribute with one value is `not (… eq …)`; of one with several it asks something else. */
function operatorOf(word: string, isNot: boolean, attribute: ConditionAttribute | undefined): Operator | undefined {
  const known = OPERATORS.find((operator) => operator === (isNot ? `not_${word}` : word))
  if (known !== undefined) return known
  return word === 'ne' && !isNot && attribute !== undefined && !attribute.several ? 'not_eq' : undefined
}

function readValue(token: Token | undefined, attribute: ConditionAttribute | undefined): string | boolean | undefined {
  if (token === undefined || token.kind === 'sign') return undefined
  if (attribute?.type === 'boolean') {
    const word = token.text.toLowerCase()
    return word === 'true' ? true : word === 'false' ? false : undefined
  }
  return token.kind === 'text' && token.text !== '' ? token.text : undefined
}

/** A new row: what is asked most, with an empty value. */
export const NEW_CLAUSE: Clause = { path: ATTRIBUTES[0].path, operator: 'eq', value: '' }
