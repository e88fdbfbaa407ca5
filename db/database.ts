import type { Dialect } from './dialect.js'
import type { Statement } from './statement.js'

export type Param = string | number | null

/** What a query function needs: the database outside a transaction, or a transaction. */
export interface Queries {
  readonly dialect: Dialect
  /** Every row of the answer. */
  all<Row>(statement: Statement, params: readonly Param[]): Promise<Row[]>
  /** The first row, or undefined. */
  get<Row>(statement: Statement, params: readonly Param[]): Promise<Row | undefined>
  /** Run a statement without an answer; resolves to the number of rows that it changed. */
  run(statement: Statement, params: readonly Param[]): Promise<number>
}

/** A transaction. It awaits nothing but itself: no network, no timer (DESIGN 4, Transactions). */
export interface Tx extends Queries {
  /**
   * Between two pieces of long work: let reads and everything else of this process have a turn, once this one has kept the
   * event loop for some time. Nobody writes in between where there is one writer.
   */
  giveWay(): Promise<void>
  /** Run something once the transaction is durable; never when it rolls back. */
  afterCommit(action: () => void): void
}

export interface Database extends Queries {
  /**
   * Run `work` in a transaction and resolve when its COMMIT reached the disk. Where `work` throws, nothing of it stays.
   * `work` may run again after a conflict between transactions, so it keeps no state outside.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Is the database there and migrated? Throws what is wrong. */
  ready(): Promise<void>
  close(): Promise<void>
}

/** Told of every statement: its text and how many rows came into the process. For tests, metrics and traces. */
export type StatementObserver = (text: string, rows: number) => void

/** Thrown by the work of a transaction that has to begin again: it has not locked all that it is about to change. */
export class LockMissing extends Error {
  override readonly name = 'LockMissing'
}

/** The store did not take the transaction, through no fault of the request: it may be sent again (HTTP 503). */
export class StorageError extends Error {
  override readonly name = 'StorageError'
}
