import Sqlite from 'better-sqlite3'
import type { Database, Param, Queries, StatementObserver, Tx } from './database.js'
import { SQLITE } from './dialect.js'
import type { Statement } from './statement.js'
import { fromSqliteError } from './unique-violation.js'
import { type WriteConnection, WriteQueue } from './write-queue.js'

/** Statements of composed lists are many; beyond this number the longest unused one is prepared anew. */
const MAX_PREPARED = 1_000

/**
 * Open SQLite: one connection that writes, in WAL with `synchronous=FULL`, and one that only reads what is committed.
 */
export function openSqlite(file: string, observe?: StatementObserver): Database {
  const writer = openWriter(file)
  const reader = openReader(file)
  const snapshot = new Snapshot(reader)
  const write = new Connection(writer, observe)
  const queue = new WriteQueue(control(writer, snapshot), (giveWay) => new SqliteTx(write, giveWay))
  return Object.assign(new Connection(reader, observe, snapshot), {
    transaction: async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
      const actions: (() => void)[] = []
      const value = await queue.run((tx) => {
        tx.actions = actions
        return work(tx)
      })
      for (const action of actions) action()
      return value
    },
    ready: async () => void reader.prepare('SELECT count(*) FROM knex_migrations').get(),
    close: async () => {
      snapshot.leave()
      reader.close()
      writer.close()
    },
  })
}

/** BEGIN, SAVEPOINT, COMMIT and the like run thousands of times a second: each is compiled once. */
function control(writer: Sqlite.Database, snapshot: Snapshot): WriteConnection {
  const prepared = new Map<string, Sqlite.Statement>()
  return {
    exec(sql) {
      // Whoever reads after a COMMIT sees it, in the same turn too.
      if (sql === 'COMMIT') snapshot.leave()
      const statement = prepared.get(sql) ?? writer.prepare(sql)
      prepared.set(sql, statement)
      return statement.run()
    },
    get inTransaction() {
      return writer.inTransaction
    },
  }
}

function openWriter(path: string): Sqlite.Database {
  const connection = new Sqlite(path, { timeout: 5_000 })
  connection.pragma('journal_mode = WAL')
  connection.pragma('synchronous = FULL')
  connection.pragma('cache_size = -32000')
  connection.pragma('temp_store = MEMORY')
  return connection
}

function openReader(path: string): Sqlite.Database {
  const connection = new Sqlite(path, { timeout: 5_000 })
  connection.pragma('query_only = ON')
  connection.pragma('cache_size = -32000')
  connection.pragma('temp_store = MEMORY')
  return connection
}

/**
 * What is read in one turn of the event loop is read in one transaction: taking and giving back SQLite's locks costs as
 * much as looking a row up. It ends with the turn, and before each COMMIT of the writer.
 */
class Snapshot {
  readonly #reader: Sqlite.Database
  readonly #begin: Sqlite.Statement
  readonly #end: Sqlite.Statement
  #turn: NodeJS.Immediate | undefined

  constructor(reader: Sqlite.Database) {
    this.#reader = reader
    this.#begin = reader.prepare('BEGIN')
    this.#end = reader.prepare('COMMIT')
  }

  enter(): void {
    if (this.#turn !== undefined) return
    this.#begin.run()
    this.#turn = setImmediate(() => this.leave())
  }

  leave(): void {
    if (this.#turn === undefined) return
    clearImmediate(this.#turn)
    this.#turn = undefined
    // An I/O error has ended it already.
    if (this.#reader.inTransaction) this.#end.run()
  }
}

/** One connection and the statements prepared on it. Every answer is a settled promise around a synchronous call. */
class Connection implements Queries {
  readonly dialect = SQLITE
  readonly #connection: Sqlite.Database
  readonly #prepared = new Map<string, Sqlite.Statement>()
  readonly #observe: StatementObserver | undefined
  readonly #snapshot: Snapshot | undefined

  constructor(connection: Sqlite.Database, observe: StatementObserver | undefined, snapshot?: Snapshot) {
    this.#connection = connection
    this.#observe = observe
    this.#snapshot = snapshot
  }

  async all<Row>(statement: Statement, params: readonly Param[]): Promise<Row[]> {
    try {
      const rows = this.#prepare(statement.sqlite).all(...params) as Row[]
      this.#observe?.(statement.sqlite, rows.length)
      return rows
    } catch (error) {
      throw fromSqliteError(error)
    }
  }

  async get<Row>(statement: Statement, params: readonly Param[]): Promise<Row | undefined> {
    try {
      const row = this.#prepare(statement.sqlite).get(...params) as Row | undefined
      this.#observe?.(statement.sqlite, row === undefined ? 0 : 1)
      return row
    } catch (error) {
      throw fromSqliteError(error)
    }
  }

  async run(statement: Statement, params: readonly Param[]): Promise<number> {
    try {
      const { changes } = this.#prepare(statement.sqlite).run(...params)
      this.#observe?.(statement.sqlite, 0)
      return changes
    } catch (error) {
      throw fromSqliteError(error)
    }
  }

  /** The statement, ready to be run at once. */
  #prepare(text: string): Sqlite.Statement {
    this.#snapshot?.enter()
    const known = this.#prepared.get(text)
    if (known !== undefined) return known
    const fresh = this.#connection.prepare(text)
    if (this.#prepared.size >= MAX_PREPARED) this.#prepared.delete(this.#prepared.keys().next().value as string)
    this.#prepared.set(text, fresh)
    return fresh
  }
}

/** The write connection for the length of one transaction. */
class SqliteTx implements Tx {
  readonly dialect = SQLITE
  readonly #connection: Connection
  readonly #giveWay: () => Promise<void>
  #open = true
  actions: (() => void)[] = []

  constructor(connection: Connection, giveWay: () => Promise<void>) {
    this.#connection = connection
    this.#giveWay = giveWay
  }

  giveWay(): Promise<void> {
    this.#check()
    return this.#giveWay()
  }

  afterCommit(action: () => void): void {
    this.actions.push(action)
  }

  close(): void {
    this.#open = false
  }

  all<Row>(statement: Statement, params: readonly Param[]): Promise<Row[]> {
    this.#check()
    return this.#connection.all(statement, params)
  }

  get<Row>(statement: Statement, params: readonly Param[]): Promise<Row | undefined> {
    this.#check()
    return this.#connection.get(statement, params)
  }

  run(statement: Statement, params: readonly Param[]): Promise<number> {
    this.#check()
    return this.#connection.run(statement, params)
  }

  #check(): void {
    if (!this.#open) throw new Error('the transaction is over')
  }
}
