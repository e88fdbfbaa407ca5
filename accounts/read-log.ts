import { listsBy } from '../db/lists-by.js'
import { type ReadBatch, writeReads } from '../db/read-log.js'
import { addRequests, type RequestCount, slotOf } from '../db/request-counts.js'
import type { Deps } from './deps.js'

/** One answered read of a directory. */
export interface ReadEntry {
  readonly accountId: string
  readonly connectionId: string
  readonly tokenId: string
  readonly id: string
  /** Milliseconds since 1970. */
  readonly occurredAt: number
  readonly method: string
  readonly path: string
  readonly status: number
  readonly durationMs: number
  readonly address: string
  readonly userAgent: string | undefined
}

/** A request that was answered: at which connection, and when, in milliseconds. */
type Answered = Pick<ReadEntry, 'accountId' | 'connectionId' | 'occurredAt'>

/** How a request ended: done, refused or failed, or turned away because of its token. */
export type RequestEnd = 'requests' | 'failures' | 'refused'

const FLUSH_MS = 1_000
const MAX_BUFFERED = 5_000

/**
 * Reads are kept in batches off the hot path: a second of them may be lost in a crash, which no acknowledged write is.
 * The time a token was last used and the counts of requests travel with them.
 */
export class ReadLog {
  readonly #deps: Deps
  readonly #report: (error: unknown) => void
  readonly #timer: NodeJS.Timeout
  #entries: ReadEntry[] = []
  readonly #tokens = new Map<
    string,
    Pick<ReadEntry, 'accountId' | 'connectionId' | 'tokenId' | 'occurredAt' | 'address'>
  >()
  #writing: Promise<void> = Promise.resolve()
  readonly #counts = new Map<string, RequestCount>()

  /** `report` is told of a batch that could not be written. */
  constructor(deps: Deps, report: (error: unknown) => void) {
    this.#deps = deps
    this.#report = report
    this.#timer = setInterval(() => void this.flush(), FLUSH_MS)
    this.#timer.unref()
  }

  read(entry: ReadEntry): void {
    this.#entries.push(entry)
    this.used(entry)
    this.count(entry, 'requests')
    if (this.#entries.length >= MAX_BUFFERED) void this.flush()
  }

  /** A token was used, for a read or a write. */
  used(use: Pick<ReadEntry, 'accountId' | 'connectionId' | 'tokenId' | 'occurredAt' | 'address'>): void {
    this.#tokens.set(use.tokenId, use)
  }

  /** Count a request among those of its five minutes. `failures` are requests too. */
  count({ accountId, connectionId, occurredAt }: Answered, end: RequestEnd): void {
    const slot = slotOf(occurredAt)
    const key = `${connectionId} ${slot}`
    const known = this.#counts.get(key)
    const count = known ?? { accountId, connectionId, slot, requests: 0, failures: 0, refused: 0 }
    if (known === undefined) this.#counts.set(key, count)
    count[end] += 1
    if (end === 'failures') count.requests += 1
  }

  /** Write what is there, one flush after the other: whoever waits for one finds all that came before it. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write())
    return this.#writing
  }

  async #write(): Promise<void> {
    const entries = this.#entries
    const tokens = [...this.#tokens.values()]
    const counts = [...this.#counts.values()]
    if (tokens.length + counts.length === 0) return
    this.#entries = []
    this.#tokens.clear()
    this.#counts.clear()
    await this.#deps.db
      .transaction(async (tx) => {
        await writeReads(tx, batchesOf(entries), tokens.sort(byToken))
        await addRequests(tx, counts.sort(byPlace))
      })
      .catch((error: unknown) => this.#report(error))
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.flush()
  }
}

/** One row per connection: a row per read would cost more than the read. Sorted, since they are counted under locks. */
function batchesOf(entries: readonly ReadEntry[]): ReadBatch[] {
  const byConnection = listsBy(entries, (entry) => entry.connectionId)
  const batches = [...byConnection.values()].map((list) => batchOf(list[0]!, list))
  return batches.sort((a, b) => (a.connectionId < b.connectionId ? -1 : 1))
}

function batchOf({ accountId, connectionId, id, occurredAt }: ReadEntry, list: readonly ReadEntry[]): ReadBatch {
  return { accountId, connectionId, id, occurredAt, count: list.length, reads: JSON.stringify(list.map(keptOf)) }
}

/** Every part by its name: to copy an object but for some of its parts costs more than all else that is done with a read. */
function keptOf(read: ReadEntry): Omit<ReadEntry, 'accountId' | 'connectionId'> {
  const { tokenId, id, occurredAt, method, path, status, durationMs, address, userAgent } = read
  return { tokenId, id, occurredAt, method, path, status, durationMs, address, userAgent }
}

function byPlace(a: RequestCount, b: RequestCount): number {
  return a.connectionId === b.connectionId ? a.slot - b.slot : a.connectionId < b.connectionId ? -1 : 1
}

function byToken(a: { readonly tokenId: string }, b: { readonly tokenId: string }): number {
  return a.tokenId < b.tokenId ? -1 : 1
}
