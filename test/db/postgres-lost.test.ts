import assert from 'node:assert/strict'
import { StorageError, type Tx } from '../../db/database.js'
import { openPostgres } from '../../db/postgres.js'
import { statement } from '../../db/statement.js'
import { aUser, useApp } from '../harness/app.js'
import { forEachDatabase } from '../harness/database.js'

const OWN_PID = statement('SELECT pg_backend_pid() AS pid')
const END = statement('SELECT pg_terminate_backend(CAST(? AS INTEGER))')
const END_OTHERS = statement(
  `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
)
const ONE = statement('SELECT 1 AS one')

forEachDatabase((database) => {
  if (database.kind !== 'postgres') return

  describe('PostgreSQL goes away (DESIGN 1, promise 7)', () => {
    const app = useApp(database)

    it('a connection that ends inside a transaction fails that transaction, and the process lives on', async () => {
      const { db } = app.server.deps
      const work = async (tx: Tx) => {
        const backend = await tx.get<{ pid: number }>(OWN_PID, [])
        await db.all(END, [backend!.pid])
        await new Promise((resolve) => setTimeout(resolve, 50))
        return tx.get(ONE, [])
      }
      await assert.rejects(db.transaction(work), StorageError)
      assert.deepEqual(await db.transaction((tx) => tx.get(ONE, [])), { one: 1 })
    })

    it('a connection that ends under a statement is a StorageError, in a transaction and outside', async () => {
      const { db } = app.server.deps
      const end = statement('SELECT pg_terminate_backend(pg_backend_pid())')
      await assert.rejects(
        db.transaction((tx) => tx.get(end, [])),
        StorageError,
      )
      await assert.rejects(db.get(end, []), StorageError)
    })

    it('a transaction in which a statement failed is never taken as committed', async () => {
      const bad = statement('SELECT 1 / 0 AS never')
      const work = (tx: Tx) => tx.get(bad, []).catch(() => 'swallowed')
      await assert.rejects(app.server.deps.db.transaction(work), StorageError)
    })

    it('after all connections ended the next requests are served by new ones', async () => {
      const okta = await app.aConnection()
      await app.server.deps.db.all(END_OTHERS, [])
      await new Promise((resolve) => setTimeout(resolve, 50))
      await okta.post('/Users', aUser()).expect(201)
    })

    it('where nobody listens, reads and writes are StorageErrors', async () => {
      const away = openPostgres('postgres://usher@127.0.0.1:9/usher')
      await assert.rejects(away.get(ONE, []), StorageError)
      await assert.rejects(
        away.transaction((tx) => tx.get(ONE, [])),
        StorageError,
      )
      await away.close()
    })
  })
})
