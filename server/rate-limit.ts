import { isIPv6 } from 'node:net'
import type { Deps } from '../accounts/deps.js'
import { addAttempt, attemptsOf } from '../db/attempt-counts.js'
import type { Tx } from '../db/database.js'
import { RequestError } from './problem.js'

const MINUTE_MS = 60_000

/** What a limit counts: by the caller's address, and where it belongs to an account, by what in it. */
export interface Counted {
  readonly address: string
  /** The account and what of it, such as a connection's id. */
  readonly of?: { readonly accountId: string; readonly id: string } | undefined
}

/**
 * So many of something a minute. Counted in the database, so that all processes count together (DESIGN 1, promise 7); what
 * is beyond the limit costs one read.
 */
export class RateLimit {
  readonly #deps: Pick<Deps, 'db' | 'now'>
  readonly #name: string
  /** Undefined: no limit. */
  readonly #most: number | undefined

  constructor(deps: Pick<Deps, 'db' | 'now'>, name: string, most: number | undefined) {
    this.#deps = deps
    this.#name = name
    this.#most = most
  }

  /** Throws RequestError rate_limited where the limit is reached. Counts nothing. */
  async check(counted: Counted): Promise<void> {
    if (await this.isReached(counted)) throw this.reached()
  }

  async isReached(counted: Counted): Promise<boolean> {
    const most = this.#most
    return most !== undefined && (await attemptsOf(this.#deps.db, this.#subject(counted))) >= most
  }

  /** Count one. Resolves to how many there are beyond the limit, in this minute. */
  async add(counted: Counted): Promise<number> {
    const most = this.#most
    if (most === undefined) return 0
    const attempts = await this.#deps.db.transaction((tx) => addAttempt(tx, this.#subject(counted)))
    return Math.max(0, attempts - most)
  }

  /** Count one in a transaction that is made anyway. */
  async addIn(tx: Tx, counted: Counted): Promise<void> {
    if (this.#most !== undefined) await addAttempt(tx, this.#subject(counted))
  }

  /** Check and count. Throws RequestError rate_limited. */
  async take(counted: Counted): Promise<void> {
    await this.check(counted)
    await this.add(counted)
  }

  /** The refusal, which says when to come back. */
  reached(): RequestError {
    const retryAfterSeconds = Math.ceil((this.#minute() + MINUTE_MS - this.#deps.now().getTime()) / 1_000)
    const text = `This came too often. Try again in ${retryAfterSeconds} seconds.`
    return new RequestError('rate_limited', text, [], { retryAfterSeconds })
  }

  #minute(): number {
    return Math.floor(this.#deps.now().getTime() / MINUTE_MS) * MINUTE_MS
  }

  #subject({ address, of }: Counted) {
    const subject = [this.#name, ...(of === undefined ? [] : [of.id]), networkOf(address)].join(' ')
    return { accountId: of?.accountId ?? '', subject, minute: this.#minute() }
  }
}

/** Under which key an address is counted: who has one IPv6 address has 2⁶⁴, so these are counted by their network. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':'))
  const missing = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length
  const all = [...groups(head), ...Array<string>(Math.max(0, missing)).fill('0'), ...groups(tail ?? '')]
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
