import { StorageError } from './database.js'

/** What the queue needs of the write connection. */
export interface WriteConnection {
  exec(sql: string): unknown
  readonly inTransaction: boolean
}

interface Member {
  run(batch: Batch): Promise<void>
  reject(error: unknown): void
}

interface Batch {
  readonly savepoints: boolean
  /** Rejects when a member is still unsettled after one turn of the event loop. */
  readonly stuck: Promise<never>
  /** Called with undefined after COMMIT, or with the error that undid the batch. */
  readonly settle: ((failure: StorageError | undefined) => void)[]
}

const MAX_MEMBERS = 64
const MAX_MILLISECONDS = 5

/**
 * Group commit: transactions that wait at the same moment share one COMMIT, hence one fsync. Members run strictly one
 * after another, each in a savepoint of its own, and are answered only after the COMMIT. A member that throws is
 * rolled back alone; a COMMIT that fails fails all of them (DESIGN 2, DESIGN 4 Transactions).
 */
export class WriteQueue<Scope extends { close(): void }> {
  readonly #connection: WriteConnection
  readonly #open: () => Scope
  readonly #waiting: Member[] = []
  #busy = false

  /** `open` makes what a member works with; it is closed when the member has settled. */
  constructor(connection: WriteConnection, open: () => Scope) {
    this.#connection = connection
    this.#open = open
  }

  /** Queue `work`; resolves after its batch is on disk. */
  run<T>(work: (scope: Scope) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ run: (batch) => this.#runMember(batch, work, resolve, reject), reject })
      this.#wake()
    })
  }

  #wake(): void {
    if (this.#busy || this.#waiting.length === 0) return
    this.#busy = true
    // The end of the current turn: whoever arrives in it shares the batch.
    setImmediate(() => void this.#commitBatch())
  }

  async #commitBatch(): Promise<void> {
    const watch = watchTurn()
    const batch: Batch = { savepoints: this.#waiting.length > 1, stuck: watch.stuck, settle: [] }
    const failure = await this.#runBatch(batch)
    watch.end()
    for (const settle of batch.settle) settle(failure)
    this.#busy = false
    this.#wake()
  }

  async #runBatch(batch: Batch): Promise<StorageError | undefined> {
    try {
      this.#connection.exec('BEGIN IMMEDIATE')
    } catch (cause) {
      const failure = new StorageError('the database did not begin a transaction', { cause })
      for (const member of this.#waiting.splice(0, MAX_MEMBERS)) member.reject(failure)
      return failure
    }
    try {
      await this.#runMembers(batch)
      if (this.#connection.inTransaction) this.#connection.exec('COMMIT')
      return undefined
    } catch (cause) {
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK')
      return new StorageError('the transaction could not be committed', { cause })
    }
  }

  async #runMembers(batch: Batch): Promise<void> {
    const start = performance.now()
    const limit = batch.savepoints ? MAX_MEMBERS : 1
    for (let count = 0; count < limit && performance.now() - start < MAX_MILLISECONDS; count++) {
      const member = this.#waiting.shift()
      if (member === undefined) return
      await member.run(batch)
    }
  }

  async #runMember<T>(
    batch: Batch,
    work: (scope: Scope) => Promise<T>,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
  ): Promise<void> {
    const scope = this.#open()
    try {
      if (batch.savepoints) this.#connection.exec('SAVEPOINT member')
      const value = await Promise.race([work(scope), batch.stuck])
      if (batch.savepoints) this.#connection.exec('RELEASE member')
      batch.settle.push((failure) => (failure === undefined ? resolve(value) : reject(failure)))
    } catch (error) {
      batch.settle.push((failure) => reject(failure ?? error))
      this.#undoMember(batch)
    } finally {
      scope.close()
    }
  }

  #undoMember(batch: Batch): void {
    // A full disk or an I/O error makes SQLite itself roll back everything: then the whole batch has failed.
    if (!this.#connection.inTransaction) throw new StorageError('the database rolled the batch back')
    if (!batch.savepoints) {
      this.#connection.exec('ROLLBACK')
      return
    }
    this.#connection.exec('ROLLBACK TO member')
    this.#connection.exec('RELEASE member')
  }
}

/** A member that awaits something besides the database would hold the only writer: it is failed after one turn. */
function watchTurn(): { stuck: Promise<never>; end(): void } {
  let fail: (error: Error) => void = () => undefined
  const stuck = new Promise<never>((_, reject) => {
    fail = reject
  })
  stuck.catch(() => undefined)
  const timer = setImmediate(() => fail(new Error('a transaction awaited something that is not the database')))
  return { stuck, end: () => clearImmediate(timer) }
}
