import assert from 'node:assert/strict'
import { networkOf, RateLimit } from '../../server/rate-limit.js'
import { useApp } from '../harness/app.js'
import { forEachDatabaseInTime } from '../harness/database.js'

describe('the network that callers are counted by', () => {
  const NETWORKS: Readonly<Record<string, string>> = {
    '192.0.2.7': '192.0.2.7',
    '::ffff:192.0.2.7': '192.0.2.7',
    '::1': '0:0:0:0::/64',
    '2001:db8:1:2:3:4:5:6': '2001:db8:1:2::/64',
    '2001:0db8:1:2::99': '2001:db8:1:2::/64',
    '2001:db8::1:2:3': '2001:db8:0:0::/64',
    'fe80::1%eth0': 'fe80:0:0:0::/64',
    '': '',
  }
  for (const [address, network] of Object.entries(NETWORKS))
    it(`counts ${address || 'no address'} as ${network || 'one'}`, () => assert.equal(networkOf(address), network))
})

forEachDatabaseInTime((database) => {
  describe('a limit by rate', () => {
    const app = useApp(database)
    const minute = Math.floor(Date.now() / 60_000) * 60_000
    const address = '192.0.2.7'
    beforeEach(() => app.at(new Date(minute)))
    after(() => app.at(undefined))

    const refused = (seconds: number) => ({ code: 'rate_limited', details: { retryAfterSeconds: seconds } })

    it('lets so many pass in a minute, and tells the others how long to wait', async () => {
      const limit = new RateLimit(app.server.deps, 'passing', 2)
      await limit.take({ address })
      await limit.take({ address })
      await assert.rejects(limit.take({ address }), refused(60))
      app.at(new Date(minute + 59_500))
      await assert.rejects(limit.take({ address }), refused(1))
      await limit.take({ address: '192.0.2.8' })
      await new RateLimit(app.server.deps, 'another', 2).take({ address })
      app.at(new Date(minute + 60_000))
      await limit.take({ address })
    })

    it('counts failures alone where it is asked to, and says how many are beyond it', async () => {
      const limit = new RateLimit(app.server.deps, 'failing', 1)
      for (let time = 0; time < 5; time++) await limit.check({ address })
      assert.deepEqual([await limit.add({ address }), await limit.add({ address })], [0, 1])
      await assert.rejects(limit.check({ address }), refused(60))
    })

    it('counts each connection of each account by itself', async () => {
      const limit = new RateLimit(app.server.deps, 'apart', 1)
      for (const of of [
        undefined,
        { accountId: 'a', id: 'c' },
        { accountId: 'a', id: 'd' },
        { accountId: 'b', id: 'c' },
      ])
        await limit.take({ address, of })
      await assert.rejects(limit.take({ address, of: { accountId: 'a', id: 'c' } }), refused(60))
    })

    it('ten at once are counted as ten', async () => {
      const limit = new RateLimit(app.server.deps, 'at once', 5)
      const beyond = await Promise.all(Array.from({ length: 10 }, () => limit.add({ address })))
      assert.deepEqual(beyond.sort(), [0, 0, 0, 0, 0, 1, 2, 3, 4, 5])
    })

    it('is none where the operator says so', async () => {
      const off = new RateLimit(app.server.deps, 'off', undefined)
      await Promise.all(Array.from({ length: 10 }, () => off.take({ address })))
      assert.equal(await off.add({ address }), 0)
    })
  })
})
