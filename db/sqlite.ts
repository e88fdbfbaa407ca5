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
 * much as looking a row up. It ends with the turn, and before each COMMIT of the writer. So the same question has the same
 * answer within it, and a statement that is `shared` is asked once.
 */
class Snapshot {
  readonly #reader: Sqlite.Database
  readonly #begin: Sqlite.Statement
  readonly #end: Sqlite.Statement
  readonly #answers = new Map<string, { readonly row: unknown }>()
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

  /** The first row of a statement's answer, read unless it was read in this turn already. */
  once<Row>({ name }: Statement, params: readonly Param[], read: () => Row): Row {
    const question = `${name} ${JSON.stringify(params)}`
    const known = this.#answers.get(question)
    if (known !== undefined) return known.row as Row
    const row = read()
    this.#answers.set(question, { row })
    return row
  }

  leave(): void {
    if (this.#turn === undefined) return
    clearImmediate(this.#turn)
    this.#turn = undefined
    this.#answers.clear()
    // An I/O error has ended it already.
    if (this.#reader.inTransaction) this.#end.run()
  }
}

/** A statement, ready to be run at once. */
class Prepared {
  /** Its rows come as values alone: the binding would look up the name of every column anew for each row. */
  readonly compiled: Sqlite.Statement
  #columns: readonly string[]

  constructor(compiled: Sqlite.Statement) {
    this.compiled = compiled.reader ? compiled.raw() : compiled
    this.#columns = columnsOf(compiled)
  }

  rowOf<Row>(values: readonly unknown[]): Row {
    // `SELECT *` of a table to which another process has added a column since.
    if (values.length !== this.#columns.length) this.#columns = columnsOf(this.compiled)
    const row: Record<string, unknown> = {}
    for (let at = 0; at < values.length; at++) row[this.#columns[at]!] = values[at]
    return row as Row
  }
}

function columnsOf(compiled: Sqlite.Statement): string[] {
  return compiled.reader ? compiled.columns().map(({ name }) => name) : []
}

/** One connection and the statements prepared on it. Every answer is a settled promise around a synchronous call. */
class Connection implements Queries {
  readonly dialect = SQLITE
  readonly #connection: Sqlite.Database
  readonly #prepared = new Map<string, Prepared>()
  readonly #observe: StatementObserver | undefined
  readonly #snapshot: Snapshot | undefined

  constructor(connection: Sqlite.Database, observe: StatementObserver | undefined, snapshot?: Snapshot) {
    this.#connection = connection
    this.#observe = observe
    this.#snapshot = snapshot
  }

  async all<Row>(statement: Statement, params: readonly Param[]): Promise<Row[]> {
    try {
      const prepared = this.#prepare(statement.sqlite)
      const rows = (prepared.compiled.all(...params) as unknown[][]).map((values) => prepared.rowOf<Row>(values))
      this.#observe?.(statement.sqlite, rows.length)
      return rows
    } catch (error) {
      throw fromSqliteError(error)
    }
  }

  async get<Row>(statement: Statement, params: readonly Param[]): Promise<Row | undefined> {
    try {
      if (!statement.shared || this.#snapshot === undefined) return this.#first(statement, params)
      return this.#snapshot.once(statement, params, () => this.#first(statement, params))
    } catch (error) {
      throw fromSqliteError(error)
    }
  }

  #first<Row>({ sqlite }: Statement, params: readonly Param[]): Row | undefined {
    const prepared = this.#prepare(sqlite)
    const values = prepared.compiled.get(...params) as unknown[] | undefined
    this.#observe?.(sqlite, values === undefined ? 0 : 1)
    return values && prepared.rowOf<Row>(values)
  }

  async run(statement: Statement, params: readonly Param[]): Promise<number> {
    try {
      const { changes } = this.#prepare(statement.sqlite).compiled.run(...params)
      this.#observe?.(statement.sqlite, 0)
      return changes
    } catch (error) {
      throw fromSqliteError(error)
    }
  }

  #prepare(text: string): Prepared {
    this.#snapshot?.enter()
    const known = this.#prepared.get(text)
    if (known !== undefined) return known
    const fresh = new Prepared(this.#connection.prepare(text))
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
