import pg from 'pg'
import {
  type Database,
  LockMissing,
  type Param,
  type Queries,
  type StatementObserver,
  StorageError,
  type Tx,
} from './database.js'
import { POSTGRES } from './dialect.js'
import { Pace } from './pace.js'
import type { Statement } from './statement.js'
import { fromPostgresError, UniqueViolation } from './unique-violation.js'

/** Serialization failure, deadlock: PostgreSQL asks to run the transaction again. */
const AGAIN = new Set(['40001', '40P01'])
const MAX_ATTEMPTS = 4
/** The server is going away, starting, or full: SQLSTATE classes 08, 57, 53; or the network says so: ECONNREFUSED. */
const UNAVAILABLE = /^(08|57|53|E[A-Z]+$)/
/** What the driver says, without a code, of a connection that broke. */
const BROKEN = /^(Connection terminated|Client has encountered a connection error)/

export interface PostgresOptions {
  readonly observe?: StatementObserver
  /** Connections at most; one transaction holds one. */
  readonly poolSize?: number
  /** Awaited before each COMMIT: tests widen the window of a race with it. */
  readonly beforeCommit?: () => Promise<void>
}

/** Open PostgreSQL: READ COMMITTED transactions that are run again after a conflict, a bounded number of times. */
export function openPostgres(url: string, options: PostgresOptions = {}): Database {
  const pool = new pg.Pool({ connectionString: url, max: options.poolSize ?? 20, types: { getTypeParser } })
  // A connection that breaks while idle is replaced at the next query; without a listener the process would end.
  pool.on('error', () => undefined)
  return Object.assign(new Client(pool, options.observe), {
    transaction: <T>(work: (tx: Tx) => Promise<T>) => attempt(() => runOnce(pool, options, work)),
    ready: async () => void (await pool.query('SELECT count(*) FROM knex_migrations')),
    close: () => pool.end(),
  })
}

/** bigint arrives as text because it may exceed 2^53; ours are instants, counters and versions, which never do. */
const getTypeParser = ((oid: number, format?: 'text' | 'binary') =>
  oid === pg.types.builtins.INT8
    ? Number
    : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser

/**
 * A unique violation is tried again as well: the check that precedes every insert then sees the row that won the race
 * and refuses in the domain's own words.
 */
async function attempt<T>(once: () => Promise<T>): Promise<T> {
  for (let count = 1; ; count++) {
    try {
      return await once()
    } catch (error) {
      const collided = error instanceof LockMissing || AGAIN.has((error as { code?: string }).code ?? '')
      if (!collided && !(error instanceof UniqueViolation)) throw error
      if (count < MAX_ATTEMPTS) continue
      throw collided ? new StorageError('the transaction kept colliding with others', { cause: error }) : error
    }
  }
}

async function runOnce<T>(pool: pg.Pool, options: PostgresOptions, work: (tx: Tx) => Promise<T>): Promise<T> {
  const connection = await pool.connect().catch((cause) => {
    throw new StorageError('no connection to the database', { cause })
  })
  // A connection that breaks between two statements is told here; without a listener the process would end.
  connection.on('error', ignore)
  const tx = new PostgresTx(connection, options.observe)
  let broken: Error | undefined
  try {
    await connection.query('BEGIN')
    const value = await work(tx)
    await options.beforeCommit?.()
    const { command } = await connection.query('COMMIT')
    // PostgreSQL answers the COMMIT of a transaction in which a statement failed with a ROLLBACK, and no error.
    if (command !== 'COMMIT') throw new StorageError('the transaction was rolled back')
    for (const action of tx.actions) action()
    return value
  } catch (error) {
    await connection.query('ROLLBACK').catch((cause: Error) => {
      broken = cause
    })
    if (broken !== undefined) throw new StorageError('the connection to the database broke', { cause: error })
    throw fromServerError(error)
  } finally {
    connection.off('error', ignore)
    connection.release(broken)
  }
}

/** The next statement on the connection fails, and that is what counts. */
const ignore = (): void => undefined

function fromServerError(error: unknown): unknown {
  const { code, message } = error as { code?: unknown; message?: unknown }
  if (UNAVAILABLE.test(String(code)) || BROKEN.test(String(message))) {
    return new StorageError('the database is not available', { cause: error })
  }
  return fromPostgresError(error)
}

/** Runs statements on a pool, or on the one connection of a transaction. */
class Client implements Queries {
  readonly dialect = POSTGRES
  readonly #target: pg.Pool | pg.PoolClient
  readonly #observe: StatementObserver | undefined

  constructor(target: pg.Pool | pg.PoolClient, observe: StatementObserver | undefined) {
    this.#target = target
    this.#observe = observe
  }

  async all<Row>(statement: Statement, params: readonly Param[]): Promise<Row[]> {
    return (await this.#query(statement, params)).rows as Row[]
  }

  async get<Row>(statement: Statement, params: readonly Param[]): Promise<Row | undefined> {
    return (await this.#query(statement, params)).rows[0] as Row | undefined
  }

  async run(statement: Statement, params: readonly Param[]): Promise<number> {
    return (await this.#query(statement, params)).rowCount ?? 0
  }

  async #query(statement: Statement, params: readonly Param[]): Promise<pg.QueryResult> {
    const query = { text: statement.postgres, values: params as Param[] }
    const result = await this.#target
      .query(statement.name === undefined ? query : { ...query, name: statement.name })
      .catch((error: unknown) => {
        throw fromServerError(error)
      })
    this.#observe?.(statement.postgres, result.rows.length)
    return result
  }
}

class PostgresTx extends Client implements Tx {
  readonly actions: (() => void)[] = []
  readonly #pace = new Pace()

  giveWay(): Promise<void> {
    return this.#pace.giveWay()
  }

  afterCommit(action: () => void): void {
    this.actions.push(action)
  }
}
