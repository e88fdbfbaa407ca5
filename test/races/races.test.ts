import { forEachFleet } from './fleet.js'
import { groupRaces } from './groups.js'
import { peopleRaces } from './people.js'
import { ruleRaces } from './rules.js'
import { seatRaces } from './seats.js'

describe('races (DESIGN 4, Transactions)', () => {
  forEachFleet((races) => {
    seatRaces(races)
    groupRaces(races)
    peopleRaces(races)
    ruleRaces(races)
  })
})
