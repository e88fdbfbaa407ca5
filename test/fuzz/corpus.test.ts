import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { OPERATOR_TOKEN, useApp } from '../harness/app.js'
import { forEachDatabaseInTime } from '../harness/database.js'
import { faultOf } from './checks.js'
import { seeds } from './seeds.js'
import { bytesOf, type Shot, type World } from './shot.js'
import { fire } from './wire.js'
import { makeWorld } from './world.js'

const FOLDER = new URL('./corpus/', import.meta.url)

/** Each file is a request that `npm run fuzz` found wanting, and what was wrong then. */
interface Found {
  readonly fault: string
  readonly shot: Shot
}

function found(): readonly (readonly [name: string, found: Found])[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'))
  return names.map((name) => [name, JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))])
}

forEachDatabaseInTime((database) => {
  describe('what the fuzzer found', () => {
    const app = useApp(database, { USHER_RATE_LIMITS: 'off', USHER_ALLOW_PRIVATE_FETCH: 'on' })
    let world: World
    const shoot = (shot: Shot) => fire(app.server.port, bytesOf(shot, world), shot.raw !== undefined)
    before(async function () {
      this.timeout(20_000)
      world = await makeWorld({ port: app.server.port, operatorToken: OPERATOR_TOKEN })
    })

    for (const [name, { fault, shot }] of found())
      it(`${name} is answered without ${fault}`, async () => {
        const reply = await shoot(shot)
        assert.equal(faultOf(shot, reply), undefined, `${reply.status} ${reply.text}`)
        await app.settle()
      })

    it('and what it begins with is answered as it should be, and mostly taken', async () => {
      const faults: string[] = []
      let taken = 0
      const all = seeds()
      for (const shot of all) {
        const reply = await shoot(shot)
        const fault = faultOf(shot, reply)
        if (fault !== undefined) faults.push(`${shot.method} ${shot.path}: ${fault} ${reply.text}`)
        if (reply.status >= 200 && reply.status < 400) taken += 1
      }
      assert.deepEqual(faults, [])
      assert.ok(taken > all.length * 0.6, `${taken} of ${all.length}`)
    }).timeout(60_000)
  })
})
