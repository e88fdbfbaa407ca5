import assert from 'node:assert/strict'
import { nextNotice } from '../../accounts/expiry-notices.js'
import { type Body, type TestConnection, useApp } from '../harness/app.js'
import { forEachDatabase } from '../harness/database.js'

const DAY_MS = 86_400_000
const KINDS = [
  ['token', 'tokens'],
  ['secret', 'secrets'],
] as const

describe('when the end of a token is announced', () => {
  const cases: readonly [days: number, next: number | null][] = [
    [365, 305],
    [60.5, 0.5],
    [60, 30],
    [20, 6],
    [8, 1],
    [5, 4],
    [1, 1],
    [0.5, 0.5],
    [0, null],
    [-1, null],
  ]
  for (const [days, next] of cases)
    it(`${days} days before it, ${next === null ? 'never again' : `in ${next} days`}`, () =>
      assert.equal(nextNotice(days * DAY_MS, 0), next === null ? null : next * DAY_MS))
})

forEachDatabase((database) => {
  describe('tokens and secrets that come to their end (PRODUCT 3.4)', () => {
    const app = useApp(database)
    const start = Date.now()
    let connection: TestConnection

    after(() => app.at(undefined))

    /** So many days after the start, when the hourly work has been done. */
    async function daysLater(days: number): Promise<void> {
      app.at(new Date(start + days * DAY_MS + DAY_MS / 24))
      await app.settle()
    }
    const make = async (path: string, days: number): Promise<Body> => {
      const expiresAt = new Date(start + days * DAY_MS).toISOString()
      return (
        await connection.account.admin('post', `/connections/${connection.id}/${path}`, { expiresAt }).expect(201)
      ).body
    }
    /** Announced so far, the oldest first: how many days before. */
    async function announced(kind: string, id: string): Promise<number[]> {
      const events = await connection.account.events(`action=${kind}.expiring&tokenId=${id}&limit=100`)
      return events.map(({ effects }: Body) => effects[0].days).reverse()
    }

    it('are announced at 60, 30, 14, 7 and 1 days and at the end, each once; after a pause the last of those that passed', async () => {
      connection = await app.aConnection({ name: 'Entra' })
      const { account } = connection
      const { items } = (await account.admin('get', `/connections/${connection.id}/tokens`)).body
      await account.admin('delete', `/connections/${connection.id}/tokens/${items[0].id}`).expect(204)
      const made: Record<string, { id: string; week: string }> = {}
      for (const [kind, path] of KINDS) made[kind] = { id: (await make(path, 100)).id, week: (await make(path, 5)).id }
      const seen: [days: number, number[]][] = [
        [0, []],
        [39, []],
        [40, [60]],
        [41, [60]],
        [70, [60, 30]],
        [94, [60, 30, 7]],
        [99, [60, 30, 7, 1]],
        [100, [60, 30, 7, 1, 0]],
        [160, [60, 30, 7, 1, 0]],
      ]
      for (const [days, expected] of seen) {
        await daysLater(days)
        for (const [kind] of KINDS) assert.deepEqual(await announced(kind, made[kind]!.id), expected, `${kind} ${days}`)
      }
      // Who makes one for five days is not told at once that it ends within a week.
      for (const [kind] of KINDS) assert.deepEqual(await announced(kind, made[kind]!.week), [0])
      const log = await account.events('action=secret.expiring&limit=10')
      const { outcome, code, message, subject, actor } = log[0]
      assert.deepEqual([outcome, code, subject.type, actor.type], ['warning', 'expired', 'secret', 'system'])
      assert.match(message, /^The secret ending in .{4} expired on \d{4}-\d\d-\d\d\. Make a new one/)
      assert.deepEqual([log[1].code, log[1].subject.id], ['expiring', made.secret!.id])
    })

    it('and not where they were revoked', async () => {
      app.at(new Date(start))
      for (const [kind, path] of KINDS) {
        const other = await connection.account.aConnection()
        const one = `/connections/${other.id}/${path}`
        const { id } = (await other.account.admin('post', one, {}).expect(201)).body
        await other.account.admin('delete', `${one}/${id}`).expect(204)
        await daysLater(400)
        assert.deepEqual(await announced(kind, id), [])
        app.at(new Date(start))
      }
    })
  })
})
