import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { type Database, StorageError, type Tx } from '../../db/database.js'
import { openDatabase } from '../../db/open.js'
import { openSqlite } from '../../db/sqlite.js'
import { composed, shared, statement } from '../../db/statement.js'
import { UniqueViolation } from '../../db/unique-violation.js'

const TABLES = `CREATE TABLE notes (folder TEXT NOT NULL, name TEXT NOT NULL, size INTEGER, PRIMARY KEY (folder, name));
  CREATE TABLE marks (id INTEGER PRIMARY KEY, other INTEGER REFERENCES marks (id) DEFERRABLE INITIALLY DEFERRED)`
const WRITE = statement(`INSERT INTO notes (folder, name, size) VALUES ('f', ?, ?)`)
const NAMES = statement('SELECT name FROM notes ORDER BY name')
const FIRST = statement('SELECT name FROM notes ORDER BY name LIMIT ?')
/** Refused at COMMIT and not before. */
const ORPHAN = statement('INSERT INTO marks (id, other) VALUES (1, 2)')

describe('SQLite: a connection that writes and one that reads', () => {
  let file: string
  let db: Database
  const seen: [text: string, rows: number][] = []

  beforeEach(() => {
    file = join(mkdtempSync(join(tmpdir(), 'usher-sqlite-')), 'notes.db')
    const fresh = new Sqlite(file)
    fresh.exec(TABLES)
    fresh.close()
    db = openSqlite(file, (text, rows) => seen.push([text, rows]))
    seen.length = 0
  })
  afterEach(async () => {
    await db.close()
    rmSync(dirname(file), { recursive: true })
  })

  const names = async () => (await db.all<{ name: string }>(NAMES, [])).map(({ name }) => name)
  const write = (name: string) => db.transaction((tx) => tx.run(WRITE, [name, null]))

  it('writes are durable: WAL with synchronous=FULL (DESIGN 1, promise 2)', async () => {
    const pragma = (q: Tx | Database, name: string) => q.get<Record<string, unknown>>(composed(`PRAGMA ${name}`), [])
    assert.deepEqual(await pragma(db, 'journal_mode'), { journal_mode: 'wal' })
    await db.transaction(async (tx) => {
      assert.deepEqual(await pragma(tx, 'synchronous'), { synchronous: 2 })
      assert.deepEqual(await pragma(tx, 'query_only'), { query_only: 0 })
    })
  })

  it('who reads outside a transaction cannot write', async () => {
    await assert.rejects(db.run(WRITE, ['a', 1]), /readonly/)
    assert.deepEqual(await names(), [])
  })

  it('a read sees only what is committed; the transaction sees its own', async () => {
    await db.transaction(async (tx) => {
      await tx.run(WRITE, ['a', null])
      assert.deepEqual(await tx.all(NAMES, []), [{ name: 'a' }])
      assert.deepEqual(await names(), [])
    })
  })

  it('a read after a COMMIT sees it, though others have read in the same turn before', async () => {
    let turns = 0
    let atCommit = -1
    const work = async (tx: Tx) => {
      setImmediate(() => turns++)
      assert.deepEqual(await names(), [])
      tx.afterCommit(() => {
        atCommit = turns
      })
      await tx.run(WRITE, ['a', null])
    }
    const neighbour = write('b').then(names)
    await db.transaction(work)
    assert.deepEqual(await names(), ['a', 'b'])
    assert.deepEqual([turns, atCommit], [0, 0], 'all of it was one turn')
    assert.deepEqual(await neighbour, ['a', 'b'])
  })

  it('what is read in one turn is of one moment, what is read in the next turn is new', async () => {
    const other = new Sqlite(file)
    assert.deepEqual(await names(), [])
    other.exec(`INSERT INTO notes VALUES ('f', 'a', 1)`)
    assert.deepEqual(await names(), [])
    await nextTurn()
    assert.deepEqual(await names(), ['a'])
    other.close()
  })

  it('a reader never keeps the log from being written back', async () => {
    await write('a')
    await names()
    await nextTurn()
    const other = new Sqlite(file)
    assert.deepEqual(other.pragma('wal_checkpoint(TRUNCATE)'), [{ busy: 0, log: 0, checkpointed: 0 }])
    other.close()
  })

  it('afterCommit runs once the COMMIT is on disk, in order, before the caller goes on', async () => {
    const told: unknown[] = []
    const other = new Sqlite(file, { readonly: true })
    await db.transaction(async (tx) => {
      tx.afterCommit(() => told.push(other.prepare('SELECT name FROM notes').pluck().all()))
      await tx.run(WRITE, ['a', null])
      tx.afterCommit(() => told.push('second'))
      assert.deepEqual(told, [])
    })
    assert.deepEqual(told, [['a'], 'second'])
    other.close()
  })

  it('afterCommit never runs for work that threw, nor where the COMMIT failed', async () => {
    const told: string[] = []
    const failing = async (tx: Tx) => {
      tx.afterCommit(() => told.push('threw'))
      await tx.run(WRITE, ['a', null])
      throw new Error('no')
    }
    await assert.rejects(db.transaction(failing), /^Error: no$/)
    const mark = async (tx: Tx) => {
      tx.afterCommit(() => told.push('not committed'))
      await tx.run(ORPHAN, [])
    }
    await assert.rejects(db.transaction(mark), StorageError)
    assert.deepEqual([told, await names()], [[], []])
  })

  it('a transaction that is over takes no more statements', async () => {
    let kept: Tx | undefined
    await db.transaction(async (tx) => {
      kept = tx
    })
    for (const use of ['all', 'get', 'run'] as const)
      await assert.rejects(async () => kept?.[use](WRITE, ['late', null]), /the transaction is over/)
    assert.deepEqual(await names(), [])
  })

  it('two rows with one key are a UniqueViolation that names the column, in either statement form', async () => {
    await write('a')
    const clash = (error: unknown) => error instanceof UniqueViolation && error.column === 'notes.name'
    await assert.rejects(write('a'), clash)
    const returning = statement(`INSERT INTO notes (folder, name) VALUES ('f', ?) RETURNING name`)
    await assert.rejects(
      db.transaction((tx) => tx.get(returning, ['a'])),
      clash,
    )
    await assert.rejects(
      db.transaction((tx) => tx.all(returning, ['a'])),
      clash,
    )
  })

  it('a transaction in which a statement failed may go on, and what it did else is stored', async () => {
    await write('a')
    await db.transaction(async (tx) => {
      await tx.run(WRITE, ['b', null])
      await tx.run(WRITE, ['a', null]).catch(() => undefined)
    })
    assert.deepEqual(await names(), ['a', 'b'])
  })

  it('tells of every statement how many rows came into the process', async () => {
    await Promise.all(['a', 'b', 'c'].map(write))
    await db.all(NAMES, [])
    await db.get(NAMES, [])
    await db.get(FIRST, [0])
    assert.deepEqual(
      seen.map(([, rows]) => rows),
      [0, 0, 0, 3, 1, 0],
    )
    assert.equal(seen[0]?.[0], WRITE.sqlite)
  })

  it('run says how many rows changed, and values come back as they went in', async () => {
    const large = Number.MAX_SAFE_INTEGER - 1
    const text = `"'\\ é 👩 \u0001`
    const changed = await db.transaction(async (tx) => {
      await tx.run(WRITE, [text, large])
      await tx.run(WRITE, ['b', null])
      return tx.run(statement(`UPDATE notes SET folder = ? WHERE folder = 'f'`), ['g'])
    })
    assert.equal(changed, 2)
    assert.deepEqual(await db.all(statement('SELECT * FROM notes WHERE folder = ? ORDER BY name'), ['g']), [
      { folder: 'g', name: text, size: large },
      { folder: 'g', name: 'b', size: null },
    ])
  })

  it('columns that another process adds later are named, too', async () => {
    await write('a')
    const whole = statement(`SELECT notes.*, 'last' AS more FROM notes`)
    assert.deepEqual(await db.get(whole, []), { folder: 'f', name: 'a', size: null, more: 'last' })
    await nextTurn()
    const other = new Sqlite(file)
    other.exec(`ALTER TABLE notes ADD COLUMN colour TEXT DEFAULT 'red'`)
    other.close()
    assert.deepEqual(await db.all(whole, []), [{ folder: 'f', name: 'a', size: null, colour: 'red', more: 'last' }])
  })

  it('what is shared is read once in a turn, and anew in the next and after a COMMIT', async () => {
    const sizeOf = shared('SELECT size FROM notes WHERE name = ?')
    const size = (q: Tx | Database, name: string) => q.get<{ size: number | null }>(sizeOf, [name])
    const reads = () => seen.filter(([text]) => text === sizeOf.sqlite).length
    await Promise.all(['a', 'b'].map(write))
    await nextTurn()
    assert.deepEqual([await size(db, 'a'), await size(db, 'a'), reads()], [{ size: null }, { size: null }, 1])
    assert.deepEqual([await size(db, 'none'), await size(db, 'none'), reads()], [undefined, undefined, 2])
    await db.transaction(async (tx) => {
      await tx.run(statement(`UPDATE notes SET size = 1 WHERE name = 'a'`), [])
      assert.deepEqual([await size(tx, 'a'), await size(tx, 'a')], [{ size: 1 }, { size: 1 }])
      assert.deepEqual(await size(db, 'a'), { size: null })
    })
    assert.deepEqual([await size(db, 'a'), await size(db, 'b')], [{ size: 1 }, { size: null }])
    const other = new Sqlite(file)
    await nextTurn()
    other.exec('UPDATE notes SET size = 2')
    other.close()
    assert.deepEqual([await size(db, 'a'), await size(db, 'b')], [{ size: 2 }, { size: 2 }])
  })

  it('a limit is planned once for every value, and gives as many rows as asked for', async () => {
    assert.match(FIRST.sqlite, /LIMIT \+\?$/)
    assert.match(FIRST.postgres, /LIMIT \$1$/)
    assert.match(composed('SELECT 1 LIMIT ? OFFSET ?').sqlite, /LIMIT \+\? OFFSET \?$/)
    await Promise.all(['a', 'b', 'c'].map(write))
    for (const limit of [0, 1, 2, 3, 9]) assert.equal((await db.all(FIRST, [limit])).length, Math.min(limit, 3))
  })

  it('more texts than are kept prepared are served, the first of them again', async () => {
    const texts = Array.from({ length: 1_100 }, (_, n) => composed(`SELECT ${n} AS number`))
    for (const [n, text] of [...texts.entries(), [0, texts[0]!] as const])
      assert.deepEqual(await db.get(text, []), { number: n })
  })

  it('what was written is there when the file is opened again, also beside a process that was never closed', async () => {
    await write('a')
    const second = openSqlite(file)
    assert.deepEqual(await second.all(NAMES, []), [{ name: 'a' }])
    await second.transaction((tx) => tx.run(WRITE, ['b', null]))
    await second.close()
    await nextTurn()
    assert.deepEqual(await names(), ['a', 'b'])
    await write('c')
    await db.close()
    db = openSqlite(file)
    assert.deepEqual(await names(), ['a', 'b', 'c'])
  })

  it('a file that was never migrated is not ready', async () => {
    await assert.rejects(db.ready(), /knex_migrations/)
    const migrated = await openDatabase({ kind: 'sqlite', file: join(dirname(file), 'a/new/folder/usher.db') })
    await migrated.ready()
    await migrated.close()
  })

  it('a throwaway database is migrated, and its folder goes when it is closed', async () => {
    const throwaway = await openDatabase({ kind: 'sqlite-memory' })
    const [{ file: at } = { file: '' }] = await throwaway.all<{ file: string }>(composed('PRAGMA database_list'), [])
    assert.ok(existsSync(at))
    await throwaway.ready()
    await throwaway.close()
    assert.ok(!existsSync(dirname(at)))
  })
})
