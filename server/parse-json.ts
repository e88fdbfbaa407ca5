import type { Work } from '../db/pace.js'
import { BACKSLASH, CLOSE_LIST, CLOSE_OBJECT, COMMA, OPEN_LIST, OPEN_OBJECT, PIECE, QUOTE } from './scan-json.js'

/** Where long lists and objects end, by where they begin. */
interface Closings {
  readonly ends: ReadonlyMap<number, number>
  readonly isClosed: boolean
}

/**
 * What `JSON.parse` makes of a text, which it reads in pieces: the elements of a long list or object in runs of some 64 KB,
 * so that sixteen megabytes do not keep the event loop for as long as they take. The second parameter is what `scanJson` said.
 * Throws SyntaxError.
 */
export function* parseJson(text: string, { ends, isClosed }: Closings): Work<unknown> {
  if (!isClosed) throw new SyntaxError('something is not closed')
  const start = text.length - text.replace(/^[ \t\n\r]+/, '').length
  const end = ends.get(start)
  if (end === undefined) return JSON.parse(text)
  const value = yield* new Parser(text, ends).container(start, end)
  requireBlank(text.slice(end + 1))
  return value
}

class Parser {
  readonly #text: string
  readonly #ends: ReadonlyMap<number, number>

  constructor(text: string, ends: ReadonlyMap<number, number>) {
    this.#text = text
    this.#ends = ends
  }

  /** The long list or object between these brackets. */
  *container(start: number, end: number): Work<unknown> {
    const isList = this.#text.charCodeAt(start) === OPEN_LIST
    if (this.#text.charCodeAt(end) !== (isList ? CLOSE_LIST : CLOSE_OBJECT)) throw new SyntaxError('a bracket is wrong')
    const parts = isList ? new ListParts() : new ObjectParts()
    // Where the elements begin that are not parsed yet, and the one that is looked at.
    let run = start + 1
    let element = start + 1
    for (let at = start + 1; element <= end; ) {
      const { stop, long } = this.#elementEnd(at, end)
      if (long !== undefined) {
        if (element > run) parts.add(something(this.#text.slice(run, element - 1)))
        const head = this.#text.slice(element, long)
        const longEnd = this.#ends.get(long)!
        requireBlank(this.#text.slice(longEnd + 1, stop))
        parts.addLong(head, yield* this.container(long, longEnd))
        run = stop + 1
      } else if (stop - run > PIECE || stop === end) {
        const text = this.#text.slice(run, stop)
        const isWhole = run === start + 1 && stop === end
        parts.add(isWhole ? text : something(text))
        run = stop + 1
        yield
      }
      element = stop + 1
      at = element
    }
    return parts.value
  }

  /** The comma or bracket behind an element, and where the long list or object begins that it holds. */
  #elementEnd(from: number, end: number): { readonly stop: number; readonly long: number | undefined } {
    let depth = 0
    let long: number | undefined
    for (let at = from; at < end; at++) {
      const code = this.#text.charCodeAt(at)
      if (code === QUOTE) at = this.#stringEnd(at)
      else if (code === OPEN_LIST || code === OPEN_OBJECT) {
        const longEnd = depth === 0 ? this.#ends.get(at) : undefined
        if (longEnd === undefined) depth += 1
        else if (long === undefined) {
          long = at
          at = longEnd
        } else throw new SyntaxError('two values without a comma')
      } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth -= 1
      else if (code === COMMA && depth === 0) return { stop: at, long }
    }
    return { stop: end, long }
  }

  #stringEnd(from: number): number {
    let at = from + 1
    for (; at < this.#text.length; at++) {
      const code = this.#text.charCodeAt(at)
      if (code === BACKSLASH) at += 1
      else if (code === QUOTE) return at
    }
    return at
  }
}

class ListParts {
  readonly value: unknown[] = []

  /** Short elements as they stand, with commas between them. */
  add(text: string): void {
    for (const one of JSON.parse(`[${text}]`) as unknown[]) this.value.push(one)
  }

  /** A long one, with what stands before it. */
  addLong(head: string, value: unknown): void {
    requireBlank(head)
    this.value.push(value)
  }
}

class ObjectParts {
  readonly value: Record<string, unknown> = {}

  add(text: string): void {
    for (const [name, value] of Object.entries(JSON.parse(`{${text}}`) as object)) this.#set(name, value)
  }

  addLong(head: string, value: unknown): void {
    const [name] = Object.keys(JSON.parse(`{${head}[]}`) as object)
    if (name === undefined) throw new SyntaxError('a value without a name')
    this.#set(name, value)
  }

  /** Whatever the name is, it is a member and nothing else, as JSON.parse has it. */
  #set(name: string, value: unknown): void {
    Object.defineProperty(this.value, name, { value, writable: true, enumerable: true, configurable: true })
  }
}

const BLANK = /^[ \t\n\r]*$/

function requireBlank(text: string): void {
  if (!BLANK.test(text)) throw new SyntaxError('a value is followed by something else')
}

function something(text: string): string {
  if (BLANK.test(text)) throw new SyntaxError('a comma without a value')
  return text
}
