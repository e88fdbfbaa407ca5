import assert from 'node:assert/strict'
import { networkOf, RateLimiter } from '../../server/rate-limit.js'

describe('the limit by rate', () => {
  let seconds = 0
  const now = () => new Date(seconds * 1_000)
  beforeEach(() => {
    seconds = 1_000
  })

  it('lets so many pass in a window that begins with the first, and tells the others how long to wait', () => {
    const limiter = new RateLimiter({ limit: 2, windowSeconds: 60 }, now)
    assert.deepEqual([limiter.take('a'), limiter.take('a')], [undefined, undefined])
    assert.equal(limiter.take('a'), 60)
    seconds += 59.5
    assert.equal(limiter.take('a'), 1)
    assert.equal(limiter.take('b'), undefined)
    seconds += 0.5
    assert.deepEqual([limiter.take('a'), limiter.take('a'), limiter.take('a')], [undefined, undefined, 60])
  })

  it('counts failures alone where it is asked to', () => {
    const limiter = new RateLimiter({ limit: 1, windowSeconds: 10 }, now)
    for (let time = 0; time < 5; time++) assert.equal(limiter.waitSeconds('a'), undefined)
    limiter.count('a')
    assert.equal(limiter.waitSeconds('a'), 10)
    limiter.count('a')
    seconds += 10
    assert.equal(limiter.waitSeconds('a'), undefined)
  })

  it('remembers so many keys and no more: those go whose window began first', () => {
    const limiter = new RateLimiter({ limit: 1, windowSeconds: 60, maxKeys: 3 }, now)
    for (const key of ['a', 'b', 'c']) limiter.count(key)
    seconds += 60
    limiter.count('a')
    limiter.count('d')
    assert.equal(limiter.size, 3)
    assert.deepEqual(
      ['a', 'b', 'c', 'd'].map((key) => limiter.waitSeconds(key)),
      [60, undefined, undefined, 60],
    )
    for (let key = 0; key < 1_000; key++) limiter.take(String(key))
    assert.equal(limiter.size, 3)
  })

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
