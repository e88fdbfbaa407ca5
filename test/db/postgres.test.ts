import assert from 'node:assert/strict'
import { type Database, LockMissing, StorageError, type Tx } from '../../db/database.js'
import { openPostgres } from '../../db/postgres.js'
import { composed, numbered, statement } from '../../db/statement.js'
import { UniqueViolation } from '../../db/unique-violation.js'
import { forEachDatabase } from '../harness/database.js'

const MAKE = composed('CREATE TABLE notes (folder TEXT, name TEXT, size BIGINT, PRIMARY KEY (folder, name))')
const WRITE = statement(`INSERT INTO notes (folder, name, size) VALUES ('f', ?, ?)`)
const FIND = statement(`SELECT size FROM notes WHERE folder = 'f' AND name = ?`)
const ADD = statement(`UPDATE notes SET size = size + ? WHERE name = ?`)
const NAMES = statement('SELECT name FROM notes ORDER BY name')
const AS_OF_BEGIN = composed('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ')
const QUICK_DEADLOCK = composed(`SET LOCAL deadlock_timeout = '10ms'`)

/** Resolves for everyone when so many have come. */
function meeting(size: number): () => Promise<void> {
  let open: () => void = () => undefined
  const all = new Promise<void>((resolve) => {
    open = resolve
  })
  let come = 0
  return () => {
    if (++come >= size) open()
    return all
  }
}

forEachDatabase((database) => {
  if (database.kind !== 'postgres') return

  describe('PostgreSQL: transactions that collide are run again (DESIGN 4, Transactions)', () => {
    let url: string
    let db: Database
    let drop: () => Promise<void>
    const seen: [text: string, rows: number][] = []

    before(async () => {
      const made = await database.create()
      assert.ok(made.location.kind === 'postgres')
      url = made.location.url
      db = openPostgres(url, { observe: (text, rows) => seen.push([text, rows]) })
      drop = made.drop
      await db.run(MAKE, [])
    })
    beforeEach(async () => {
      await db.run(composed('DELETE FROM notes'), [])
      seen.length = 0
    })
    after(async () => {
      await db.run(composed('DROP TABLE notes'), [])
      await db.close()
      await drop()
    })

    const write = (name: string, size = 0) => db.transaction((tx) => tx.run(WRITE, [name, size]))
    const sizeOf = async (name: string) => (await db.get<{ size: number }>(FIND, [name]))?.size

    it('a serialization failure: the second run sees what the other one wrote', async () => {
      await write('a', 1)
      const read: unknown[] = []
      const total = await db.transaction(async (tx) => {
        await tx.run(AS_OF_BEGIN, [])
        read.push((await tx.get<{ size: number }>(FIND, ['a']))?.size)
        if (read.length === 1) await db.run(ADD, [10, 'a'])
        await tx.run(ADD, [100, 'a'])
        return (await tx.get<{ size: number }>(FIND, ['a']))?.size
      })
      assert.deepEqual([read, total, await sizeOf('a')], [[1, 11], 111, 111])
    })

    it('a deadlock: both come through, and neither is counted twice', async () => {
      await write('a')
      await write('b')
      const meet = meeting(2)
      let runs = 0
      const move = (first: string, second: string) =>
        db.transaction(async (tx) => {
          runs++
          await tx.run(QUICK_DEADLOCK, [])
          await tx.run(ADD, [1, first])
          await meet()
          await tx.run(ADD, [1, second])
        })
      await Promise.all([move('a', 'b'), move('b', 'a')])
      assert.deepEqual([await sizeOf('a'), await sizeOf('b')], [2, 2])
      // PostgreSQL ends one of them, or both where both look in the same moment.
      assert.ok(runs === 3 || runs === 4, `${runs} runs`)
    })

    it('two who insert one key: the loser looks again, sees the winner and refuses in its own words', async () => {
      const meet = meeting(2)
      const claim = (size: number) =>
        db.transaction(async (tx) => {
          if ((await tx.get(FIND, ['one'])) !== undefined) throw new Error('taken')
          await meet()
          await tx.run(WRITE, ['one', size])
          return size
        })
      const results = await Promise.allSettled([claim(1), claim(2)])
      const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
      const lost = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []))
      assert.deepEqual(lost, ['Error: taken'])
      assert.deepEqual(won, [await sizeOf('one')])
    })

    /** Runs work that ends in the same way every time. */
    async function repeated(work: (tx: Tx) => Promise<unknown>): Promise<[runs: number, error: Error, told: string[]]> {
      let runs = 0
      const told: string[] = []
      const error = await db
        .transaction(async (tx) => {
          runs++
          tx.afterCommit(() => told.push('committed'))
          await tx.run(WRITE, ['mine', runs])
          return work(tx)
        })
        .then(
          () => assert.fail('it came through'),
          (thrown: Error) => thrown,
        )
      assert.equal(await sizeOf('mine'), undefined)
      return [runs, error, told]
    }
    const raised = (code: string) => composed(`DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '${code}'; END $$`)

    const ENDLESS: [name: string, work: (tx: Tx) => Promise<unknown>][] = [
      ['serialization failures', (tx) => tx.run(raised('40001'), [])],
      ['deadlocks', (tx) => tx.run(raised('40P01'), [])],
      ['missing locks', () => Promise.reject(new LockMissing())],
    ]
    for (const [name, work] of ENDLESS) {
      it(`${name} without end are a StorageError after four runs`, async () => {
        const [runs, error, told] = await repeated(work)
        assert.ok(error instanceof StorageError)
        assert.deepEqual([runs, told], [4, []])
      })
    }

    it('a unique violation that stays is told as itself, with its column', async () => {
      await write('theirs')
      const [runs, error, told] = await repeated((tx) => tx.run(WRITE, ['theirs', 1]))
      assert.ok(error instanceof UniqueViolation)
      assert.deepEqual([runs, error.column, told], [4, 'notes.name', []])
    })

    it('any other error ends it at once', async () => {
      const refusal = new Error('refused')
      assert.deepEqual(await repeated(() => Promise.reject(refusal)), [1, refusal, []])
      const [runs, error] = await repeated((tx) => tx.run(raised('22012'), []))
      assert.deepEqual([runs, (error as { code?: string }).code], [1, '22012'])
    })

    it('a lock that is missing once is taken in the second run, whose actions alone are run', async () => {
      const told: number[] = []
      let runs = 0
      const work = async (tx: Tx) => {
        const run = ++runs
        tx.afterCommit(() => told.push(run))
        await tx.run(WRITE, ['a', run])
        if (run === 1) throw new LockMissing()
      }
      await db.transaction(work)
      assert.deepEqual([told, await sizeOf('a')], [[2], 2])
    })

    it('afterCommit runs when others can see what was written', async () => {
      let seenThen: Promise<number | undefined> | undefined
      await db.transaction(async (tx) => {
        tx.afterCommit(() => {
          seenThen = sizeOf('a')
        })
        await tx.run(WRITE, ['a', 7])
        assert.equal(await sizeOf('a'), undefined, 'READ COMMITTED: nobody sees it yet')
      })
      assert.equal(await seenThen, 7)
    })

    it('more transactions than connections wait for one, also where some of them throw', async () => {
      const narrow = openPostgres(url, { poolSize: 2 })
      const work = (n: number) =>
        narrow.transaction(async (tx) => {
          await tx.run(WRITE, [`n${n}`, n])
          if (n % 3 === 0) throw new Error('no')
        })
      const results = await Promise.allSettled(Array.from({ length: 12 }, (_, n) => work(n)))
      assert.equal(results.filter(({ status }) => status === 'rejected').length, 4)
      assert.equal((await narrow.all(NAMES, [])).length, 8)
      const open = `SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'`
      assert.deepEqual(await narrow.get(composed(open), []), { n: 0 })
      await narrow.close()
    })

    it('beforeCommit is awaited in the transaction, before anybody sees it', async () => {
      let seenThen: unknown = 'never'
      const slow = openPostgres(url, {
        beforeCommit: async () => {
          seenThen = await sizeOf('a')
        },
      })
      await slow.transaction((tx) => tx.run(WRITE, ['a', 1]))
      assert.deepEqual([seenThen, await sizeOf('a')], [undefined, 1])
      await slow.close()
    })

    it('an acknowledged commit is flushed: nothing turns synchronous_commit off (DESIGN 1, promise 2)', async () => {
      const shown = await db.transaction((tx) => tx.get(composed('SHOW synchronous_commit'), []))
      assert.deepEqual(shown, { synchronous_commit: 'on' })
    })

    it('placeholders are numbered in the order in which they stand', async () => {
      assert.equal(
        numbered(`a = ? AND b IN (${Array(11).fill('?').join(', ')})`)
          .match(/\$\d+/g)
          ?.at(-1),
        '$12',
      )
      const text = composed(`SELECT ${Array.from({ length: 12 }, (_, n) => `?::int AS c${n}`).join(', ')}`)
      const values = Array.from({ length: 12 }, (_, n) => n * n)
      assert.deepEqual(Object.values((await db.get<Record<string, number>>(text, values))!), values)
    })

    it('tells of every statement how many rows came into the process', async () => {
      await write('a', 1)
      await db.all(NAMES, [])
      await db.get(FIND, ['nobody'])
      assert.deepEqual(seen, [
        [WRITE.postgres, 0],
        [NAMES.postgres, 1],
        [FIND.postgres, 0],
      ])
    })

    it('a database that was never migrated is not ready', async () => {
      await db.ready()
      const empty = openPostgres(url.replace(/\/\w+$/, '/postgres'))
      await assert.rejects(empty.ready(), /knex_migrations/)
      await empty.close()
    })
  })
})
