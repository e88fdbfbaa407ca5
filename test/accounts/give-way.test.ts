import assert from 'node:assert/strict'
import { GiveWay } from '../../accounts/give-way.js'

/** A pace on a clock of the test, whose sleeps pass at once while `perSecond` requests come. */
function paceAt(perSecond: number) {
  const slept: number[] = []
  let now = 0
  const time = {
    now: () => now,
    sleep: async (ms: number) => {
      slept.push(ms)
      now += ms
    },
  }
  const pace = new GiveWay(() => Math.floor((now * perSecond) / 1_000), time)
  return { pace, slept, rested: () => slept.splice(0).reduce((sum, ms) => sum + ms, 0) }
}

describe('giving way to requests', () => {
  it('rests for a moment where nothing else goes on, and for a second while a directory pushes', async () => {
    for (const [perSecond, expected] of [
      [0, 50],
      [80, 50],
      [100, 1_000],
      [5_000, 1_000],
    ] as const) {
      const { pace, rested } = paceAt(perSecond)
      await pace.rest()
      assert.equal(rested(), expected, `${perSecond} requests a second`)
    }
  })

  it('takes no long rest once it has been behind for a minute, until it has caught up', async () => {
    const { pace, rested } = paceAt(500)
    for (let second = 0; second < 60; second++) await pace.rest()
    assert.equal(rested(), 60_000)
    for (let round = 0; round < 10; round++) await pace.rest()
    assert.equal(rested(), 500)
    pace.caughtUp()
    await pace.rest()
    assert.equal(rested(), 1_000)
  })

  it('ends a rest that is under way when it is stopped, and takes none after', async () => {
    const pace = new GiveWay(() => 0)
    const rest = pace.rest()
    pace.stop()
    await rest
    const { pace: other, slept } = paceAt(500)
    other.stop()
    await other.rest()
    assert.deepEqual(slept, [])
  })
})
