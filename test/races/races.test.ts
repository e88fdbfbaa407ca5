import assert from 'node:assert/strict'
import { composed } from '../../db/statement.js'
import { attributeRaces } from './attributes.js'
import { forEachFleet } from './fleet.js'
import { groupRaces } from './groups.js'
import { peopleRaces } from './people.js'
import { ruleRaces } from './rules.js'
import { seatRaces } from './seats.js'
import { signInRaces } from './sign-in.js'

const DEADLOCKS = composed('SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()')

describe('races (DESIGN 4, Transactions)', () => {
  forEachFleet((races) => {
    seatRaces(races)
    groupRaces(races)
    peopleRaces(races)
    ruleRaces(races)
    attributeRaces(races)
    signInRaces(races)

    describe('locks', () => {
      it('are taken in one order: nobody waited in a circle', async () => {
        const db = races.db()
        if (db.dialect.name === 'sqlite') return
        await db.run(composed('SELECT pg_stat_force_next_flush()'), [])
        const row = await db.get<{ deadlocks: number }>(DEADLOCKS, [])
        assert.equal(row?.deadlocks, 0)
      })
    })
  })
})
