import { StorageError } from './database.js'
import { Pace } from './pace.js'

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
  readonly turn: Turn
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
  readonly #open: (giveWay: () => Promise<void>) => Scope
  readonly #milliseconds: () => number
  readonly #waiting: Member[] = []
  #busy = false

  /**
   * `open` makes what a member works with, and can give way to the event loop by; it is closed when the member has settled.
   * `milliseconds` is a stopwatch.
   */
  constructor(
    connection: WriteConnection,
    open: (giveWay: () => Promise<void>) => Scope,
    milliseconds: () => number = () => performance.now(),
  ) {
    this.#connection = connection
    this.#open = open
    this.#milliseconds = milliseconds
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
    const batch: Batch = { savepoints: this.#waiting.length > 1, turn: new Turn(this.#milliseconds), settle: [] }
    const failure = await this.#runBatch(batch)
    batch.turn.end()
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
    const start = this.#milliseconds()
    const limit = batch.savepoints ? MAX_MEMBERS : 1
    for (let count = 0; count < limit && this.#milliseconds() - start < MAX_MILLISECONDS; count++) {
      const member = this.#waiting.shift()
      if (member === undefined) return
      await member.run(batch)
      // Who comes behind a member that was stuck begins a turn of his own, in the next batch.
      if (batch.turn.passed) return
    }
  }

  async #runMember<T>(
    batch: Batch,
    work: (scope: Scope) => Promise<T>,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
  ): Promise<void> {
    const scope = this.#open(() => batch.turn.giveWay())
    try {
      if (batch.savepoints) this.#connection.exec('SAVEPOINT member')
      const value = await Promise.race([work(scope), batch.turn.stuck])
      this.#checkTransaction()
      if (batch.savepoints) this.#connection.exec('RELEASE member')
      batch.settle.push((failure) => (failure === undefined ? resolve(value) : reject(failure)))
    } catch (error) {
      batch.settle.push((failure) => reject(failure ?? error))
      this.#undoMember(batch)
    } finally {
      scope.close()
    }
  }

  /** A full disk or an I/O error makes SQLite itself roll back everything: then the whole batch has failed. */
  #checkTransaction(): void {
    if (!this.#connection.inTransaction) throw new StorageError('the database rolled the batch back')
  }

  #undoMember(batch: Batch): void {
    this.#checkTransaction()
    if (!batch.savepoints) {
      this.#connection.exec('ROLLBACK')
      return
    }
    this.#connection.exec('ROLLBACK TO member')
    this.#connection.exec('RELEASE member')
  }
}

/**
 * The turn of the event loop in which a batch has to be done. Members that await nothing but the database are; one that
 * awaits something else would hold the only writer, and is failed when the turn has passed. A member whose work is long
 * gives way, and has another turn after it: the batch keeps the writer meanwhile, so nobody writes in between.
 */
class Turn {
  /** Rejects when the turn has passed. */
  readonly stuck: Promise<never>
  readonly #pace: Pace
  readonly #fail: (error: Error) => void
  #passed = false
  #timer: NodeJS.Immediate

  constructor(milliseconds: () => number) {
    let fail: (error: Error) => void = () => undefined
    this.stuck = new Promise<never>((_, reject) => {
      fail = reject
    })
    // Whoever waits races against it; where nobody does, its rejection must not end the process.
    this.stuck.catch(() => undefined)
    this.#fail = fail
    this.#pace = new Pace(milliseconds)
    this.#timer = this.#begin()
  }

  get passed(): boolean {
    return this.#passed
  }

  async giveWay(): Promise<void> {
    if (!this.#pace.isDue || this.#passed) return
    this.end()
    await this.#pace.giveWay()
    this.#timer = this.#begin()
  }

  end(): void {
    clearImmediate(this.#timer)
  }

  #begin(): NodeJS.Immediate {
    return setImmediate(() => {
      this.#passed = true
      this.#fail(new Error('a transaction awaited something that is not the database'))
    })
  }
}
