import { FilterError } from './errors.js'

/** The largest text, in UTF-16 code units, that is read at all. */
export const MAX_LENGTH = 4096
/** How deep parentheses, `not ( )` and `[ ]` may stand in each other; the parser calls itself no deeper. */
const MAX_DEPTH = 20
/** How many comparisons one filter may hold. */
const MAX_TERMS = 100

const NAME = 1
const BARE = 2
const CLASSES = new Uint8Array(128)
for (const char of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:/')
  CLASSES[char.charCodeAt(0)] = NAME | BARE
for (const char of '$#') CLASSES[char.charCodeAt(0)] = NAME
for (const char of '@+~') CLASSES[char.charCodeAt(0)] = BARE

/**
 * A place in the text of a filter or path. It only moves forward and looks at each character a fixed number of
 * times, so reading takes linear time whatever the text is. It also counts what the limits are about.
 */
export class Cursor {
  readonly text: string
  readonly subject: 'filter' | 'path'
  at = 0
  #depth = 0
  #terms = 0

  /** Throws FilterError filter_too_large. */
  constructor(text: string, subject: 'filter' | 'path') {
    this.text = text
    this.subject = subject
    if (text.length > MAX_LENGTH) this.refuseSize(`${MAX_LENGTH} characters`)
  }

  fail(expected: string, at = this.at): never {
    const message = `The ${this.subject} could not be read at position ${at + 1}: ${expected}.`
    throw new FilterError('filter_bad', at + 1, message)
  }

  refuseSize(limit: string): never {
    throw new FilterError('filter_too_large', this.at + 1, `The ${this.subject} is over the limit of ${limit}.`)
  }

  get done(): boolean {
    return this.at >= this.text.length
  }

  skipSpace(): void {
    while (isSpace(this.text.charCodeAt(this.at))) this.at++
  }

  /** Step over `char` if it is next. */
  take(char: string): boolean {
    if (this.text[this.at] !== char) return false
    this.at++
    return true
  }

  expect(char: string): void {
    this.skipSpace()
    if (!this.take(char)) this.fail(`expected "${char}"`)
  }

  /** Step over `word`, in any case, if it is next and ends there. `word` is in lower case. */
  takeWord(word: string): boolean {
    const end = this.at + word.length
    if (this.text.slice(this.at, end).toLowerCase() !== word || this.#is(NAME, end)) return false
    this.at = end
    return true
  }

  /** The longest run of characters that can stand in an attribute path, empty if there is none. */
  takeName(): string {
    return this.#run(NAME)
  }

  /** The longest run of characters that a value without quotes may have, empty if there is none. */
  takeBare(): string {
    return this.#run(BARE)
  }

  /** Run `read` one level deeper. */
  nested<Result>(read: () => Result): Result {
    if (++this.#depth > MAX_DEPTH) this.refuseSize(`${MAX_DEPTH} levels`)
    const result = read()
    this.#depth--
    return result
  }

  countTerm(): void {
    if (++this.#terms > MAX_TERMS) this.refuseSize(`${MAX_TERMS} comparisons`)
  }

  #run(kind: number): string {
    const start = this.at
    while (this.#is(kind, this.at)) this.at++
    return this.text.slice(start, this.at)
  }

  #is(kind: number, at: number): boolean {
    return ((CLASSES[this.text.charCodeAt(at)] ?? 0) & kind) !== 0
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d)
}
