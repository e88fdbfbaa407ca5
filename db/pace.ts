import { turn } from './turns.js'

/** How long a work that can be cut keeps the event loop at a time. */
export const LONGEST_MS = 10

/**
 * The pace of one long work in pieces: `giveWay` between them lets everybody else on this event loop have a turn as soon
 * as the work has kept it for `LONGEST_MS`, and costs next to nothing before. Where there are a hundred thousand pieces,
 * ask `isDue` first, which awaits nothing.
 */
export class Pace {
  readonly #milliseconds: () => number
  #since: number

  /** `milliseconds` is a stopwatch. */
  constructor(milliseconds: () => number = () => performance.now()) {
    this.#milliseconds = milliseconds
    this.#since = milliseconds()
  }

  get isDue(): boolean {
    return this.#milliseconds() - this.#since >= LONGEST_MS
  }

  async giveWay(): Promise<void> {
    if (!this.isDue) return
    await turn()
    this.#since = this.#milliseconds()
  }
}

/** Work in pieces: it yields wherever it may be interrupted, as often as it likes, and returns what it comes to. */
export type Work<T> = Generator<undefined, T, undefined>

/**
 * Do the work to its end, and let others have a turn now and then; inside a transaction by its own `giveWay`. Throws what
 * the work throws.
 */
export async function inTurns<T>(work: Work<T>, pace: Pick<Pace, 'giveWay'> = new Pace()): Promise<T> {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
    if (!(pace instanceof Pace) || pace.isDue) await pace.giveWay()
  }
}

/** Do the work in one go, where it is known to be small. Throws what the work throws. */
export function atOnce<T>(work: Work<T>): T {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
  }
}
