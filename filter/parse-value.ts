import type { Cursor } from './cursor.js'
import type { Literal, Operator } from './syntax.js'

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const STARTS_AS_WORD = /^[A-Za-z0-9]/
const UNSTORABLE = /[\0\p{Surrogate}]/u
const KEYWORDS = new Set(['and', 'or', 'not', 'pr', 'eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'])

/**
 * Read the value after an operator: a JSON string, number, true, false or null (RFC 7644 §3.4.2.2). After `eq` a single
 * word without quotes is taken as text, as in the documentation of Entra: it can only match that very text.
 */
export function parseValue(cursor: Cursor, op: Operator): Literal {
  cursor.skipSpace()
  if (cursor.text[cursor.at] === '"') return parseString(cursor)
  const start = cursor.at
  const word = cursor.takeBare()
  if (word === 'true') return true
  if (word === 'false') return false
  if (word === 'null') return null
  if (NUMBER.test(word)) return parseNumber(cursor, word, start)
  const isText = op === 'eq' && STARTS_AS_WORD.test(word) && !KEYWORDS.has(word.toLowerCase())
  return isText ? word : cursor.fail('expected a value, with text in double quotes', start)
}

function parseNumber(cursor: Cursor, word: string, start: number): number {
  const number = Number(word)
  if (!Number.isFinite(number)) cursor.fail('the number is too large', start)
  return number === 0 ? 0 : number
}

/** A JSON string. NUL and halves of surrogate pairs are refused: no database stores them, so they match nothing. */
function parseString(cursor: Cursor): string {
  const start = cursor.at
  const value = decode(cursor, start, endOfString(cursor))
  if (UNSTORABLE.test(value)) cursor.fail('the text holds a character that cannot be stored', start)
  return value
}

function decode(cursor: Cursor, start: number, end: number): string {
  const token = cursor.text.slice(start, end)
  if (!token.includes('\\')) return token.slice(1, -1)
  try {
    return JSON.parse(token) as string
  } catch {
    return cursor.fail('the text holds a backslash that is no JSON escape', start)
  }
}

/** Move past the closing quote, and say where that is. */
function endOfString(cursor: Cursor): number {
  const { text } = cursor
  const start = cursor.at
  for (cursor.at++; cursor.at < text.length; cursor.at++) {
    const code = text.charCodeAt(cursor.at)
    if (code < 0x20) cursor.fail('a control character in a text must be written as a JSON escape')
    if (code === 0x5c) cursor.at++
    else if (code === 0x22) return ++cursor.at
  }
  return cursor.fail('the text that starts here has no closing quote', start)
}
