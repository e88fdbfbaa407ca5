import { setTimeout as sleep } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import pg from 'pg'

/**
 * Preloaded into a server to break it: COMMIT is answered at once and happens a moment later, so that the crash script
 * has something to find. Whoever uses the connection meanwhile waits for it; everything else stays right.
 */
const LATE_MS = 20

const prepare = Sqlite.prototype.prepare as (this: Sqlite.Database, text: string) => Sqlite.Statement<unknown[]>
/** The COMMIT that each connection still owes. */
const owed = new WeakMap<Sqlite.Database, () => void>()
/** Connections that write. A COMMIT of the others ends what they read, and nobody is told of it. */
const writers = new WeakSet<Sqlite.Database>()

Object.assign(Sqlite.prototype, {
  prepare(this: Sqlite.Database, text: string) {
    const statement = prepare.call(this, text)
    const run = statement.run.bind(statement)
    if (text === 'COMMIT') {
      statement.run = () => {
        if (!writers.has(this)) return run()
        owed.set(this, run)
        setTimeout(() => pay(this), LATE_MS)
        return { changes: 0, lastInsertRowid: 0 }
      }
    }
    if (text === 'BEGIN IMMEDIATE') {
      statement.run = () => {
        // The answers are out by now. Under load the next transaction follows at once; this is where the kill falls.
        if (owed.has(this)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LATE_MS)
        pay(this)
        writers.add(this)
        return run()
      }
    }
    return statement
  },
})

function pay(connection: Sqlite.Database): void {
  owed.get(connection)?.()
  owed.delete(connection)
}

const query = pg.Client.prototype.query as (this: pg.Client, ...args: unknown[]) => Promise<unknown>
const late = new WeakMap<pg.Client, Promise<unknown>>()

Object.assign(pg.Client.prototype, {
  query(this: pg.Client, ...args: unknown[]) {
    if (args[0] === 'COMMIT') {
      const commit = sleep(LATE_MS).then(() => {
        late.delete(this)
        return query.call(this, 'COMMIT')
      })
      late.set(this, commit)
      return Promise.resolve({ rows: [], rowCount: 0, command: 'COMMIT' })
    }
    const before = late.get(this)
    return before === undefined ? query.apply(this, args) : before.then(() => query.apply(this, args))
  },
})
