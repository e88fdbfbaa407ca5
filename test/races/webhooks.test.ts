import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { type Answer, send } from '../../bench/client.js'
import { aUser, type Body, GROUP_URN, patchOf, replace } from '../harness/app.js'
import { forEachDatabase } from '../harness/database.js'
import { THOROUGH } from '../harness/effort.js'
import { type Random, randomFrom, seedFrom } from '../harness/random.js'
import { Town } from './webhooks.js'

const CLIENTS = 4
const KILLS = THOROUGH ? 5 : 1
const STEP_MS = 60_000
/** Far enough for the next try of everything, and all of it together well before anything is given up. */
const NEXT_TRY_MS = 40 * 60_000

forEachDatabase((database) => {
  if (database.kind === 'postgres' && !THOROUGH) return
  describe('webhooks whose receiver and whose servers are killed at random', () => {
    const random = randomFrom(seedFrom(process.env.TEST_SEED))
    const town = new Town(random)
    before(async function () {
      this.timeout(60_000)
      await town.open(database, database.kind === 'postgres' ? 2 : 1)
    })
    after(() => town.close())

    it(`bring every change at least once, and those of one subject in order (TEST_SEED=${random.seed})`, async function () {
      this.timeout(THOROUGH ? 600_000 : 60_000)
      const account = await town.admin('POST', '/accounts', { name: 'Acme' })
      const base = `/accounts/${account.id}`
      const connection = await town.admin('POST', `${base}/connections`, {
        name: 'Okta',
        idpKind: 'okta',
        mode: 'live',
      })
      const { token } = await town.admin('POST', `${base}/connections/${connection.id}/tokens`, {})
      await town.admin('POST', `${base}/webhooks`, { url: town.hook })
      const load = startLoad(town, `/scim/v2/${connection.id}`, token, random)
      for (let kill = 0; kill < KILLS; kill++) {
        await letTimePass(town, random)
        await town.killReceiver(random.below(100))
        await letTimePass(town, random)
        await Promise.all([town.killServer(), ...(random.chance(0.5) ? [town.killReceiver(random.below(300))] : [])])
      }
      await letTimePass(town, random)
      const acknowledged = await load.stop()

      const sent = await allSent(town, base, acknowledged)
      const changes = new Set(sent.map(({ txn }) => txn))
      assert.deepEqual(
        acknowledged.filter((id) => !changes.has(id)),
        [],
        'what was acknowledged is in the feed',
      )
      assert.ok(acknowledged.length > KILLS * 10, `${acknowledged.length} changes`)
      const noted = [...new Set(town.noted)]
      assert.ok(town.noted.length > noted.length, 'something was lost on its way back, and came again')
      assert.deepEqual(
        orderBySubject(noted, sent),
        orderBySubject(
          sent.map(({ jti }) => jti),
          sent,
        ),
      )
      const { items } = await town.admin('GET', `${base}/webhooks`)
      const deliveries = await town.admin('GET', `${base}/webhooks/${items[0].id}/deliveries?limit=1000`)
      assert.deepEqual(new Set(deliveries.items.map(({ state }: Body) => state)), new Set(['delivered']))
    })
  })
})

/** A while of load, in which the clock runs fast, so that what failed is tried again. */
async function letTimePass(town: Town, random: Random): Promise<void> {
  for (let step = 0; step < 8; step++) {
    await pause(20 + random.below(60))
    await town.pass(STEP_MS)
  }
}

/** So often nothing comes in a row before what is still missing counts as lost. */
const TRIES = 40

/** What the feed has, once all that was acknowledged is there and all of it was noted, or that stays out. */
async function allSent(town: Town, base: string, acknowledged: readonly string[]): Promise<Body[]> {
  let before = 0
  for (let left = TRIES; ; ) {
    town.calm()
    await pause(THOROUGH ? 500 : 150)
    const feed = await wholeFeed(town, base)
    const [noted, changes] = [new Set(town.noted), new Set(feed.map(({ txn }) => txn))]
    const isAll = feed.every(({ jti }) => noted.has(jti)) && acknowledged.every((id) => changes.has(id))
    if (isAll || left === 0) return feed
    // A quick machine has much to bring: while something comes, it only takes time, and no next try.
    if (noted.size === before) {
      left -= 1
      await town.pass(NEXT_TRY_MS)
    }
    before = noted.size
  }
}

async function wholeFeed(town: Town, base: string): Promise<Body[]> {
  const items: Body[] = []
  for (let cursor = ''; ; ) {
    const page = await town.admin('GET', `${base}/feed?limit=1000${cursor === '' ? '' : `&cursor=${cursor}`}`)
    items.push(...page.items)
    if (page.nextCursor === undefined) return items
    cursor = page.nextCursor
  }
}

/** The ids of each subject, in their order. */
function orderBySubject(ids: readonly string[], feed: readonly Body[]): Record<string, string[]> {
  const subjects = new Map(
    feed.map(({ jti, usher, sub_id }) => [jti as string, (usher.userId ?? sub_id.uri) as string]),
  )
  const orders: Record<string, string[]> = {}
  for (const id of ids) {
    const subject = subjects.get(id) ?? 'nobody whom the feed tells of'
    orders[subject] = [...(orders[subject] ?? []), id]
  }
  return orders
}

/** Clients that change people and a group until they are stopped; resolves then to the requests that were acknowledged and change something for certain. */
function startLoad(town: Town, path: string, token: string, random: Random): { stop(): Promise<string[]> } {
  let stopped = false
  const acknowledged: string[] = []
  const client = async (): Promise<void> => {
    const people: string[] = []
    let group: string | undefined
    while (!stopped) {
      await pause(random.below(12))
      const change = async (method: string, rest: string, body?: object): Promise<Answer | undefined> => {
        const answer = await ask(method, rest, body)
        if (answer !== undefined && answer.status < 300) acknowledged.push(answer.requestId)
        return answer
      }
      const ask = async (method: string, rest: string, body?: object): Promise<Answer | undefined> => {
        // No answer comes of a process that was killed: only what was answered counts.
        const answer = await send(method, `${town.url}${path}${rest}`, token, body).catch(() => undefined)
        if (answer !== undefined && answer.status >= 300)
          assert.ok([404, 409, 503].includes(answer.status), answer.text)
        return answer
      }
      const person = random.oneOf(people)
      const luck = random.next()
      if (person === undefined || luck < 0.15) {
        const created = await change('POST', '/Users', aUser())
        if (created?.status === 201) people.push(JSON.parse(created.text).id)
      } else if (group === undefined) {
        const created = await change('POST', '/Groups', { schemas: [GROUP_URN], displayName: `Group ${random.next()}` })
        group = created?.status === 201 ? JSON.parse(created.text).id : undefined
      } else if (luck < 0.5) await change('PATCH', `/Users/${person}`, replace('title', `Title ${random.next()}`))
      else if (luck < 0.65) await ask('PATCH', `/Users/${person}`, replace('active', random.chance(0.5)))
      else if (luck < 0.95) {
        const op = random.chance(0.5) ? 'add' : 'remove'
        await ask('PATCH', `/Groups/${group}`, patchOf({ op, path: 'members', value: [{ value: person }] }))
      } else {
        // Without an answer nobody knows whether she is still there, and of a group she can be no member if she is not.
        const removed = await change('DELETE', `/Users/${person}`)
        if (removed === undefined || removed.status === 204) people.splice(people.indexOf(person), 1)
      }
    }
  }
  const running = Promise.all(Array.from({ length: CLIENTS }, client))
  return {
    stop: async () => {
      stopped = true
      await running
      return acknowledged
    },
  }
}
