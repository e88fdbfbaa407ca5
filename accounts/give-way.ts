import { setTimeout as sleep } from 'node:timers/promises'

/** A rest where nothing else goes on: what is gathered meanwhile goes in one round. */
const SHORT_MS = 50
/** A rest where requests come, and how many of them within a short rest are such a time. */
const LONG_MS = 1_000
const BUSY_REQUESTS = 5
/** What has been behind for so long goes on without long rests until it has caught up. */
const MAX_BEHIND_MS = 60_000

/** A stopwatch in milliseconds, and a sleep that ends early when the signal says so. */
export interface Time {
  now(): number
  sleep(ms: number, signal: AbortSignal): Promise<void>
}
const REAL_TIME: Time = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
}

/**
 * The pace of work that can wait while a directory pushes: few large rounds in place of many small ones, and few of them
 * while requests come, so that a write hardly notices it. `requestsBegun` counts the requests of this process.
 */
export class GiveWay {
  readonly #requestsBegun: () => number
  readonly #time: Time
  readonly #stopped = new AbortController()
  #behindSince: number | undefined

  constructor(requestsBegun: () => number, time: Time = REAL_TIME) {
    this.#requestsBegun = requestsBegun
    this.#time = time
  }

  /** There was nothing to do. */
  caughtUp(): void {
    this.#behindSince = undefined
  }

  /** Between two rounds. Resolves at once after `stop`. */
  async rest(): Promise<void> {
    this.#behindSince ??= this.#time.now()
    const before = this.#requestsBegun()
    await this.#pause(SHORT_MS)
    const isBusy = this.#requestsBegun() - before >= BUSY_REQUESTS
    if (isBusy && this.#time.now() - this.#behindSince < MAX_BEHIND_MS) await this.#pause(LONG_MS - SHORT_MS)
  }

  stop(): void {
    this.#stopped.abort()
  }

  async #pause(ms: number): Promise<void> {
    if (!this.#stopped.signal.aborted) await this.#time.sleep(ms, this.#stopped.signal)
  }
}
