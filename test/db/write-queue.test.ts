import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { StorageError } from '../../db/database.js'
import { WriteQueue } from '../../db/write-queue.js'

/** What a member writes with, until the queue takes it away. */
class Pen {
  readonly #connection: Sqlite.Database
  readonly giveWay: () => Promise<void>
  #open = true

  constructor(connection: Sqlite.Database, giveWay: () => Promise<void>) {
    this.#connection = connection
    this.giveWay = giveWay
  }

  async write(name: string): Promise<void> {
    await this.run('INSERT INTO notes (name) VALUES (?)', name)
  }

  /** A settled promise around a synchronous statement, as every call of a transaction is. */
  async run(sql: string, ...params: string[]): Promise<void> {
    if (!this.#open) throw new Error('the transaction is over')
    this.#connection.prepare(sql).run(...params)
  }

  close(): void {
    this.#open = false
  }
}

const TABLES = `CREATE TABLE notes (name TEXT PRIMARY KEY);
  CREATE TABLE marks (note TEXT NOT NULL REFERENCES notes (name) DEFERRABLE INITIALLY DEFERRED)`
/** Keeps its row until COMMIT, and fails that. */
const ORPHAN = `INSERT INTO marks (note) VALUES ('nothing')`

describe('group commit on one SQLite connection (DESIGN 2; DESIGN 4, Transactions)', () => {
  let folder: string
  let connection: Sqlite.Database
  let other: Sqlite.Database
  let log: string[]
  /** The queue's stopwatch stands still unless a test moves it: a slow machine makes no smaller batches. */
  let milliseconds: number
  let queue: WriteQueue<Pen>

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'usher-queue-'))
    log = []
    const file = join(folder, 'queue.db')
    connection = new Sqlite(file, { verbose: (sql) => log.push(String(sql)) })
    connection.pragma('journal_mode = WAL')
    connection.exec(TABLES)
    other = new Sqlite(file, { readonly: true })
    milliseconds = 0
    queue = new WriteQueue(
      connection,
      (giveWay) => new Pen(connection, giveWay),
      () => milliseconds,
    )
    log.length = 0
  })
  afterEach(() => {
    connection.close()
    other.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** What is on disk, as another connection sees it. */
  const notes = () => other.prepare('SELECT name FROM notes ORDER BY name').pluck().all()
  const count = (sql: string) => log.filter((line) => line === sql).length
  const write = (name: string) => queue.run((pen) => pen.write(name))
  const outcomes = async (members: Promise<unknown>[]) =>
    (await Promise.allSettled(members)).map((result) =>
      result.status === 'fulfilled' ? 'done' : (result.reason as Error),
    )

  it('transactions that wait at the same moment share one COMMIT; one alone has no savepoint', async () => {
    await Promise.all(['a', 'b', 'c'].map(write))
    assert.deepEqual([count('BEGIN IMMEDIATE'), count('SAVEPOINT member'), count('COMMIT')], [1, 3, 1])
    await write('d')
    assert.deepEqual([count('BEGIN IMMEDIATE'), count('SAVEPOINT member'), count('COMMIT')], [2, 3, 2])
    assert.deepEqual(notes(), ['a', 'b', 'c', 'd'])
  })

  it('members run one after another, never interleaved, however often they wait for the database', async () => {
    const both = (name: string) =>
      queue.run(async (pen) => {
        for (const part of [1, 2, 3]) await pen.write(`${name}${part}`)
      })
    await Promise.all([both('a'), both('b')])
    const written = log.flatMap((line) => /VALUES \('(\w+)'\)/.exec(line)?.[1] ?? [])
    assert.deepEqual(written, ['a1', 'a2', 'a3', 'b1', 'b2', 'b3'])
  })

  it('a member that throws is undone alone and hears its own error; its neighbours stay', async () => {
    const refusal = new Error('refused')
    const refused = queue.run(async (pen) => {
      await pen.write('lost')
      throw refusal
    })
    const results = await outcomes([write('a'), refused, write('a'), write('b')])
    assert.deepEqual([results[0], results[1], results[3]], ['done', refusal, 'done'])
    assert.equal((results[2] as { code?: string }).code, 'SQLITE_CONSTRAINT_PRIMARYKEY')
    assert.deepEqual(notes(), ['a', 'b'])
    assert.equal(count('COMMIT'), 1)
  })

  it('a member that throws alone in its batch is undone, and the next one is served', async () => {
    const results = await outcomes([queue.run((pen) => pen.write('lost').then(() => Promise.reject(new Error('no'))))])
    assert.match(String(results[0]), /no/)
    await write('a')
    assert.deepEqual(notes(), ['a'])
  })

  it('nobody is answered before the COMMIT, neither who succeeded nor who was refused', async () => {
    const seen: unknown[] = []
    const look = () => seen.push([count('COMMIT'), notes()])
    const refused = queue.run(() => Promise.reject(new Error('no')))
    await Promise.all([write('a').then(look), refused.catch(look), write('b').then(look)])
    assert.deepEqual(seen, Array(3).fill([1, ['a', 'b']]))
  })

  it('a COMMIT that fails fails every member with a StorageError, and nothing stays', async () => {
    const refused = queue.run(() => Promise.reject(new Error('no')))
    const results = await outcomes([write('a'), queue.run((pen) => pen.run(ORPHAN)), refused, write('b')])
    assert.ok(
      results.every((result) => result instanceof StorageError),
      String(results),
    )
    assert.match(String((results[0] as Error).cause), /FOREIGN KEY/)
    assert.deepEqual(notes(), [])
    await write('c')
    assert.deepEqual(notes(), ['c'])
  })

  it('a BEGIN that fails is a StorageError for who waits, and no end of the queue', async () => {
    const holder = new Sqlite(connection.name)
    holder.exec('BEGIN IMMEDIATE')
    connection.pragma('busy_timeout = 0')
    const results = await outcomes([write('a'), write('b')])
    assert.ok(
      results.every((result) => result instanceof StorageError),
      String(results),
    )
    holder.close()
    await write('c')
    assert.deepEqual(notes(), ['c'])
  })

  for (const neighbours of [0, 2]) {
    it(`where SQLite itself undid the transaction nobody is told that it is stored, with ${neighbours} neighbours`, async () => {
      await write('a')
      // As a full disk does: the whole transaction is gone. The member does not mind, but the queue does.
      const careless = (pen: Pen) => pen.run(`INSERT OR ROLLBACK INTO notes (name) VALUES ('a')`).catch(() => undefined)
      const before = ['b', 'c'].slice(0, neighbours).map(write)
      const results = await outcomes([...before, queue.run(careless)])
      assert.ok(
        results.every((result) => result instanceof StorageError),
        String(results),
      )
      assert.deepEqual(notes(), ['a'])
    })
  }

  it('a batch closes at 64 members', async () => {
    await Promise.all(Array.from({ length: 150 }, (_, n) => write(`n${n}`)))
    const batches = log.join('\n').split('COMMIT').slice(0, -1)
    assert.deepEqual(
      batches.map((batch) => batch.split('SAVEPOINT member').length - 1),
      [64, 64, 22],
    )
  })

  it('a batch closes when 5 ms have passed', async () => {
    const lasting = (name: string, length: number) =>
      queue.run(async (pen) => {
        await pen.write(name)
        milliseconds += length
      })
    await Promise.all([lasting('a', 4), lasting('b', 1), write('c'), write('d')])
    const batches = log.join('\n').split('COMMIT').slice(0, -1)
    assert.deepEqual(
      batches.map((batch) => [...batch.matchAll(/VALUES \('(\w)'\)/g)].map(([, name]) => name)),
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    )
  })

  describe('a member whose work is long gives way to the event loop', () => {
    /** Writes in pieces of 20 ms each, and notes in which turn of the loop it wrote them. */
    const long = (name: string, pieces: number, turnOf: () => number, turns: number[]) =>
      queue.run(async (pen) => {
        for (let piece = 1; piece <= pieces; piece++) {
          await pen.write(`${name}${piece}`)
          turns.push(turnOf())
          milliseconds += 20
          await pen.giveWay()
        }
      })
    /** Counts the turns of the loop until it is stopped. */
    function countTurns() {
      let [turns, on] = [0, true]
      const next = () => {
        turns += 1
        if (on) setImmediate(next)
      }
      setImmediate(next)
      return { turnOf: () => turns, stop: () => (on = false) }
    }

    it('others have turns between its pieces, and nobody writes or sees anything until it is done', async () => {
      const { turnOf, stop } = countTurns()
      const turns: number[] = []
      const seen: unknown[] = []
      const all = [long('a', 4, turnOf, turns), write('b')]
      while (turns.length < 4) {
        await new Promise((resolve) => setImmediate(resolve))
        seen.push(...notes())
      }
      // Arrives while the batch is under way, and has to wait for the next one.
      await Promise.all([...all, write('c')])
      stop()
      assert.equal(new Set(turns).size, 4, `in the turns ${turns}`)
      assert.deepEqual(seen, [])
      const [first, second] = log.join('\n').split('COMMIT')
      assert.match(first ?? '', /'a1'[\s\S]*'a4'/)
      assert.doesNotMatch(first ?? '', /'[bc]'/)
      assert.match(second ?? '', /'b'[\s\S]*'c'/)
      assert.deepEqual(notes(), ['a1', 'a2', 'a3', 'a4', 'b', 'c'])
    })

    it('short work does not: it is done in its turn', async () => {
      const { turnOf, stop } = countTurns()
      const turns: number[] = []
      await queue.run(async (pen) => {
        for (const piece of [1, 2, 3]) {
          await pen.write(`a${piece}`)
          turns.push(turnOf())
          await pen.giveWay()
        }
      })
      stop()
      assert.equal(new Set(turns).size, 1)
    })

    it('is undone alone where it throws afterwards, and is failed like any other where it then waits for something else', async () => {
      const refusal = new Error('refused')
      const giving = (name: string, then: () => Promise<unknown>) =>
        queue.run(async (pen) => {
          await pen.write(name)
          milliseconds += 20
          await pen.giveWay()
          await then()
        })
      const results = await outcomes([
        write('a'),
        giving('lost', () => Promise.reject(refusal)),
        giving('stuck', () => pause(20)),
        write('b'),
      ])
      assert.deepEqual([results[0], results[1], results[3]], ['done', refusal, 'done'])
      assert.match(String(results[2]), /not the database/)
      assert.deepEqual(notes(), ['a', 'b'])
    })
  })

  describe('a member awaits something that is not the database', () => {
    /** Writes, waits for a timer, and writes again wherever it then is. */
    const stuck = (name: string, awoke: (end: Promise<void>) => void = () => undefined) =>
      queue.run(async (pen) => {
        await pen.write(`${name}-before`)
        await pause(5)
        const late = pen.write(`${name}-after`)
        awoke(late)
        await late
      })

    for (const behind of [0, 3]) {
      it(`it is failed after one turn and undone, with ${behind} behind it, who are served`, async () => {
        const names = ['b', 'c', 'd'].slice(0, behind)
        const results = await outcomes([write('a'), stuck('s'), ...names.map(write)])
        assert.match(String(results[1]), /awaited something that is not the database/)
        assert.deepEqual(results.toSpliced(1, 1), Array(behind + 1).fill('done'))
        assert.deepEqual(notes(), ['a', ...names])
      })
    }

    it('who stands behind it runs in the next batch', async () => {
      await outcomes([write('a'), stuck('s'), write('b'), write('c')])
      const [first, second] = log.join('\n').split('COMMIT')
      assert.match(first ?? '', /'a'[\s\S]*'s-before'[\s\S]*ROLLBACK TO member/)
      assert.doesNotMatch(first ?? '', /'b'/)
      assert.match(second ?? '', /'b'[\s\S]*'c'/)
    })

    it('each of several is failed by itself', async () => {
      const results = await outcomes([stuck('s'), write('a'), stuck('t'), write('b')])
      assert.deepEqual([results[1], results[3]], ['done', 'done'])
      for (const index of [0, 2]) assert.match(String(results[index]), /not the database/)
      assert.deepEqual(notes(), ['a', 'b'])
    })

    it('it cannot write into a later transaction when it wakes', async () => {
      const woken = new Promise<unknown>((resolve) => {
        stuck('s', (late) => resolve(late.catch((error: Error) => error.message))).catch(() => undefined)
      })
      // Others write all the time, so it wakes between or inside their batches.
      let told: unknown
      void woken.then((message) => {
        told = message
      })
      for (let n = 0; told === undefined; n++) await write(`n${n}`)
      assert.equal(told, 'the transaction is over')
      assert.ok(!notes().some((name) => String(name).startsWith('s-')))
    })
  })
})
