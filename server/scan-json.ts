import type { Work } from '../db/pace.js'

/** What a body may hold at most; what is more is never built. */
export interface JsonLimits {
  readonly depth: number
  /** Members of one object: looking one up takes longer, the more there are. */
  readonly members: number
  /** Values of the whole text, in lists and objects. */
  readonly values: number
}

/** The first limit that a text goes beyond; else where its long lists and objects end, by where they begin. */
export type Scanned =
  | { readonly exceeded: keyof JsonLimits }
  | { readonly exceeded?: undefined; readonly ends: ReadonlyMap<number, number>; readonly isClosed: boolean }

/** Characters between two pieces of work; lists and objects that are longer are parsed in parts. */
export const PIECE = 65_536

/** Look a text over before it is parsed. It need not be JSON: then it is the parser that refuses it. */
export function* scanJson(text: string, limits: JsonLimits): Work<Scanned> {
  const scan = new Scan(text, limits)
  for (let from = 0; from < text.length; from += PIECE) {
    const exceeded = scan.run(from, Math.min(text.length, from + PIECE))
    if (exceeded !== undefined) return { exceeded }
    yield
  }
  return { ends: scan.ends, isClosed: scan.isClosed }
}

class Scan {
  /** Where long lists and objects end, by where they begin. */
  readonly ends = new Map<number, number>()
  readonly #text: string
  readonly #limits: JsonLimits
  /** Where what is open began, and how many members it has so far. */
  readonly #starts: number[] = []
  readonly #members: number[] = []
  #values = 0
  #quoted = false
  #escaped = false

  constructor(text: string, limits: JsonLimits) {
    this.#text = text
    this.#limits = limits
  }

  /** Whether everything that was opened is closed. */
  get isClosed(): boolean {
    return this.#starts.length === 0 && !this.#quoted
  }

  run(from: number, to: number): keyof JsonLimits | undefined {
    for (let at = from; at < to; at++) {
      const code = this.#text.charCodeAt(at)
      if (this.#quoted) {
        if (this.#escaped) this.#escaped = false
        else if (code === BACKSLASH) this.#escaped = true
        else if (code === QUOTE) this.#quoted = false
      } else if (code === QUOTE) this.#quoted = true
      else if (code === COMMA) {
        if (++this.#values > this.#limits.values) return 'values'
      } else if (code === COLON) {
        const last = this.#members.length - 1
        if (last >= 0 && ++this.#members[last]! > this.#limits.members) return 'members'
      } else if (code === OPEN_OBJECT || code === OPEN_LIST) {
        if (this.#starts.push(at) > this.#limits.depth) return 'depth'
        this.#members.push(0)
      } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) this.#close(at)
    }
    return undefined
  }

  #close(at: number): void {
    const start = this.#starts.pop()
    this.#members.pop()
    if (start !== undefined && at - start > PIECE) this.ends.set(start, at)
  }
}

export const QUOTE = 0x22
export const BACKSLASH = 0x5c
export const COMMA = 0x2c
export const OPEN_OBJECT = 0x7b
export const OPEN_LIST = 0x5b
export const CLOSE_OBJECT = 0x7d
export const CLOSE_LIST = 0x5d
const COLON = 0x3a
