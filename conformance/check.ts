import type { Lab } from './lab.js'

/** `must`: the RFC demands it, or clients need it; `should`: advised; `may`: optional, and right where it is offered. */
export type Level = 'must' | 'should' | 'may'

/** One thing that a SCIM server is expected to do, tried over HTTP against any server. */
export interface Check {
  /** Its number in the checklist of docs/conformance.md. */
  readonly number: number
  /** `RFC 7644 §3.5.2`. */
  readonly source: string
  readonly level: Level
  /** What is expected, as a sentence part: `no match is 200 with an empty list`. */
  readonly title: string
  /** Throws Fault with what is wrong, NotOffered where the server says that it lacks the feature. */
  readonly run: (lab: Lab) => Promise<void>
}

/** The server did something else than what is expected. */
export class Fault extends Error {
  override readonly name = 'Fault'
}

/** The server says, in its ServiceProviderConfig or with 501, that it does not offer this. */
export class NotOffered extends Error {
  override readonly name = 'NotOffered'
}

type Row = readonly [number: number, level: Level, title: string, run: (lab: Lab) => Promise<void>]

/** Checks of one section. */
export function checksOf(source: string, rows: readonly Row[]): Check[] {
  return rows.map(([number, level, title, run]) => ({ number, source, level, title, run }))
}

/** As the test of it is called: `RFC 7644 §3.5.2 [133] add without a path …`. */
export function nameOf({ source, number, title }: Check): string {
  return `${source} [${number}] ${title}`
}
