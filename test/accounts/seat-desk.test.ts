import assert from 'node:assert/strict'
import type { EffectiveProduct } from '../../accounts/evaluate-types.js'
import { SeatDesk } from '../../accounts/seat-desk.js'
import type { UserStatus } from '../../accounts/status.js'
import type { LicenseRow, SeatState } from '../../db/licenses.js'
import type { PoolRow } from '../../db/pools.js'

const NOW = 1_000
const MEET: EffectiveProduct = { source: 'rule', ruleId: 'rule-1', features: {}, viaBundle: null }

/** A pool of three seats, two of them taken, one of these reserved. */
function aPool(given: Partial<PoolRow> = {}): PoolRow {
  const counts = { seats: 3, used: 2, reserved: 1, waiting: 0 }
  return { id: 'meet', key: 'meet', policy: 'reserve_on_invite', ...counts, ...given }
}

function aLicense(state: SeatState): LicenseRow {
  return {
    user_id: 'ada',
    product_id: 'meet',
    state,
    source: 'rule',
    source_id: 'rule-1',
    via_product_id: null,
    features: '{}',
    waiting_since: state === 'waiting' ? 1 : null,
    created_at: 1,
    updated_at: 1,
  }
}

/** Serve Ada, who has this license and is now of this status; `wanted` is what she is granted. */
function served(pool: PoolRow, before: SeatState | null, status: UserStatus, wanted: EffectiveProduct | null = MEET) {
  const desk = new SeatDesk([pool], before === null ? [] : [aLicense(before)], NOW)
  const claim = { userId: 'ada', status, acceptedAt: null, wanted: new Map(wanted === null ? [] : [['meet', wanted]]) }
  desk.release(claim)
  desk.serve(claim)
  const { used, reserved, waiting } = desk.changedPools()[0] ?? pool
  return { state: desk.written[0]?.state ?? null, pool: [used, reserved, waiting] }
}

/** What she has, her status, the counts of the pool before; then her license and the counts (used, reserved, waiting). */
const MOVES: [string, Parameters<typeof served>, { state: SeatState | null; pool: number[] }][] = [
  ['reserved → assigned: accepted', [aPool(), 'reserved', 'active'], { state: 'assigned', pool: [2, 0, 0] }],
  ['– → reserved: invited', [aPool(), null, 'invited'], { state: 'reserved', pool: [3, 2, 0] }],
  ['– → assigned: granted to an active user', [aPool(), null, 'active'], { state: 'assigned', pool: [3, 1, 0] }],
  ['– → waiting: no seat free', [aPool({ used: 3 }), null, 'active'], { state: 'waiting', pool: [3, 1, 1] }],
  ['reserved → released', [aPool(), 'reserved', 'suspended', null], { state: null, pool: [1, 0, 0] }],
  ['assigned → released', [aPool(), 'assigned', 'suspended', null], { state: null, pool: [1, 1, 0] }],
  ['waiting → released', [aPool({ waiting: 1 }), 'waiting', 'deleted', null], { state: null, pool: [2, 1, 0] }],
  [
    'pending → assigned under assign_on_accept',
    [aPool({ policy: 'assign_on_accept' }), 'pending', 'active'],
    { state: 'assigned', pool: [3, 1, 0] },
  ],
  [
    'pending → waiting under assign_on_accept',
    [aPool({ policy: 'assign_on_accept', used: 3 }), 'pending', 'active'],
    { state: 'waiting', pool: [3, 1, 1] },
  ],
]

describe('2.5 the states of a seat and what its pool counts', () => {
  for (const [move, [pool, before, status, wanted], after] of MOVES)
    it(`2.5 ${move}`, () => assert.deepEqual(served(pool, before, status, wanted), after))

  it('2.5 stays as it is where nothing changed: nothing is written', () => {
    assert.deepEqual(served(aPool(), 'assigned', 'active'), { state: null, pool: [2, 1, 0] })
  })
})
