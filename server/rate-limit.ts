import { isIPv6 } from 'node:net'

export interface RateLimit {
  /** How often within one window. */
  readonly limit: number
  readonly windowSeconds: number
  /** How many keys are remembered; beyond it those go whose window began first. */
  readonly maxKeys?: number
}

interface Window {
  count: number
  readonly endsAt: number
}

const MAX_KEYS = 10_000

/**
 * Counts by key, in windows that begin with the first of each key: within two of them up to twice the limit may come close
 * together. It lives in the memory of one process and is forgotten with it, so several processes allow several times as
 * much. What it guards is effort, not a secret: who wants to count for certain, or for the log, counts in the database, as
 * refused tokens are (accounts/refused-attempts.ts).
 *
 * Where everything counts, ask `take`; where only failures do, ask `waitSeconds` first and `count` when it has failed.
 */
export class RateLimiter {
  readonly #windows = new Map<string, Window>()
  readonly #limit: number
  readonly #windowMs: number
  readonly #maxKeys: number
  readonly #now: () => Date

  constructor({ limit, windowSeconds, maxKeys = MAX_KEYS }: RateLimit, now: () => Date) {
    this.#limit = limit
    this.#windowMs = windowSeconds * 1_000
    this.#maxKeys = maxKeys
    this.#now = now
  }

  /** How many seconds this key has to wait; undefined where it may pass. Counts nothing. */
  waitSeconds(key: string): number | undefined {
    const window = this.#current(key)
    if (window === undefined || window.count < this.#limit) return undefined
    return Math.max(1, Math.ceil((window.endsAt - this.#now().getTime()) / 1_000))
  }

  /** One more of this key. */
  count(key: string): void {
    const window = this.#current(key)
    if (window !== undefined) {
      window.count += 1
      return
    }
    // Set anew, so that the map stays in the order in which windows began.
    this.#windows.delete(key)
    if (this.#windows.size >= this.#maxKeys) this.#forgetOldest()
    this.#windows.set(key, { count: 1, endsAt: this.#now().getTime() + this.#windowMs })
  }

  /** Count one more where it may pass, and say as `waitSeconds` whether it may. */
  take(key: string): number | undefined {
    const wait = this.waitSeconds(key)
    if (wait === undefined) this.count(key)
    return wait
  }

  get size(): number {
    return this.#windows.size
  }

  #current(key: string): Window | undefined {
    const window = this.#windows.get(key)
    return window !== undefined && window.endsAt > this.#now().getTime() ? window : undefined
  }

  #forgetOldest(): void {
    for (const key of this.#windows.keys()) return void this.#windows.delete(key)
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
