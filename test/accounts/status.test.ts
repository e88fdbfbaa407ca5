import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  type DerivedStatus,
  type FlagFacts,
  flagsOf,
  statusOf,
  type UserFacts,
  type UserFlag,
} from '../../accounts/status.js'

/** A user whom a directory manages and who has accepted. */
function facts(given: Partial<UserFacts> = {}): UserFacts {
  return {
    accepted: true,
    suspendedByAdmin: false,
    transferDeclined: false,
    transferredOut: false,
    deleted: false,
    desiredActive: true,
    ...given,
  }
}

const suspended = (reason: DerivedStatus['reason']): DerivedStatus => ({ status: 'suspended', reason })
const plain = (status: DerivedStatus['status']): DerivedStatus => ({ status, reason: null })

interface Transition {
  title: string
  before: Partial<UserFacts>
  change: Partial<UserFacts>
  from: DerivedStatus
  to: DerivedStatus
}

const TRANSITIONS: Transition[] = [
  {
    title: '2.3 invited → active: the first SAML sign-in accepts',
    before: { accepted: false },
    change: { accepted: true },
    from: plain('invited'),
    to: plain('active'),
  },
  {
    title: '2.3 invited → suspended: SCIM active=false',
    before: { accepted: false },
    change: { desiredActive: false },
    from: plain('invited'),
    to: suspended('directory'),
  },
  {
    title: '2.3 invited → deleted: SCIM DELETE',
    before: { accepted: false },
    change: { deleted: true, desiredActive: null },
    from: plain('invited'),
    to: plain('deleted'),
  },
  {
    title: '2.3 active → suspended: SCIM active=false',
    before: {},
    change: { desiredActive: false },
    from: plain('active'),
    to: suspended('directory'),
  },
  {
    title: '2.3 suspended → active: SCIM active=true brings back who had accepted',
    before: { desiredActive: false },
    change: { desiredActive: true },
    from: suspended('directory'),
    to: plain('active'),
  },
  {
    title: '2.3 suspended → invited: SCIM active=true brings back who had not accepted',
    before: { desiredActive: false, accepted: false },
    change: { desiredActive: true },
    from: suspended('directory'),
    to: plain('invited'),
  },
  {
    title: '2.3 suspended stays suspended: SCIM active=true does not lift an admin suspension',
    before: { desiredActive: false, suspendedByAdmin: true },
    change: { desiredActive: true },
    from: suspended('admin'),
    to: suspended('admin'),
  },
  {
    title: '2.3 suspended stays suspended: an admin does not lift a directory suspension',
    before: { desiredActive: false, suspendedByAdmin: true },
    change: { suspendedByAdmin: false },
    from: suspended('admin'),
    to: suspended('directory'),
  },
  {
    title: '2.3 suspended stays suspended: SCIM active=true does not undo a declined transfer',
    before: { desiredActive: false, transferDeclined: true },
    change: { desiredActive: true },
    from: suspended('transfer_declined'),
    to: suspended('transfer_declined'),
  },
  {
    title: '2.3 active → deleted: SCIM DELETE',
    before: {},
    change: { deleted: true, desiredActive: null },
    from: plain('active'),
    to: plain('deleted'),
  },
  {
    title: '2.3 suspended → deleted: SCIM DELETE, whoever suspended',
    before: { suspendedByAdmin: true, desiredActive: false },
    change: { deleted: true, desiredActive: null },
    from: suspended('admin'),
    to: plain('deleted'),
  },
  {
    title: '2.3 deleted → active: a POST of the same person restores her',
    before: { deleted: true, desiredActive: null },
    change: { deleted: false, desiredActive: true },
    from: plain('deleted'),
    to: plain('active'),
  },
  {
    title: '2.3 deleted → suspended: a restored person stays suspended by the admin',
    before: { deleted: true, desiredActive: null, suspendedByAdmin: true },
    change: { deleted: false, desiredActive: true },
    from: plain('deleted'),
    to: suspended('admin'),
  },
  {
    title: '2.3 active → suspended: the connection ends with onDisable suspend',
    before: {},
    change: { suspendedByDirectoryEnd: true },
    from: plain('active'),
    to: suspended('directory'),
  },
  {
    title: '2.3 suspended → active: a successor connection adopts the user',
    before: { suspendedByDirectoryEnd: true },
    change: { suspendedByDirectoryEnd: false, desiredActive: true },
    from: suspended('directory'),
    to: plain('active'),
  },
]

describe('2.3 transitions', () => {
  for (const { title, before, change, from, to } of TRANSITIONS)
    it(title, () => {
      const first = facts(before)
      assert.deepEqual(statusOf(first), from)
      assert.deepEqual(statusOf({ ...first, ...change }), to)
    })
})

describe('2.3 creation', () => {
  it('2.3 – → invited: a SCIM create without acceptance', () => {
    assert.deepEqual(statusOf(facts({ accepted: false })), plain('invited'))
  })

  it('2.3 – → suspended: a SCIM create with active=false', () => {
    assert.deepEqual(statusOf(facts({ accepted: false, desiredActive: false })), suspended('directory'))
  })

  it('a local user has no directory to suspend her', () => {
    assert.deepEqual(statusOf(facts({ desiredActive: null })), plain('active'))
  })
})

describe('statusOf', () => {
  const anyFacts = fc.record({
    accepted: fc.boolean(),
    suspendedByAdmin: fc.boolean(),
    transferDeclined: fc.boolean(),
    transferredOut: fc.boolean(),
    deleted: fc.boolean(),
    desiredActive: fc.constantFrom(true, false, null),
    suspendedByDirectoryEnd: fc.boolean(),
  })

  it('gives a reason exactly to the suspended', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const { status, reason } = statusOf(given)
        assert.equal(reason !== null, status === 'suspended')
      }),
    )
  })

  it('lets nobody in while any fact speaks against it', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const barred =
          given.deleted ||
          given.suspendedByAdmin ||
          given.transferDeclined ||
          given.transferredOut ||
          given.desiredActive === false ||
          given.suspendedByDirectoryEnd
        assert.equal(['active', 'invited'].includes(statusOf(given).status), !barred)
      }),
    )
  })

  it('shows the reason that takes most to lift', () => {
    const all = { desiredActive: false, transferDeclined: true, transferredOut: true, suspendedByAdmin: true }
    assert.equal(statusOf(facts(all)).reason, 'admin')
    assert.equal(statusOf(facts({ ...all, suspendedByAdmin: false })).reason, 'transferred_out')
    assert.equal(
      statusOf(facts({ ...all, suspendedByAdmin: false, transferredOut: false })).reason,
      'transfer_declined',
    )
  })
})

describe('2.3 flags', () => {
  const DAY = 86_400_000
  const now = Date.UTC(2026, 10, 21)
  const calm: FlagFacts = {
    status: 'active',
    licenses: ['assigned'],
    email: 'ada@example.com',
    webLoginAllowed: true,
    override: false,
    held: false,
    lastSignInAt: now - DAY,
    createdAt: now - 400 * DAY,
    inactivityDays: 30,
    now,
  }

  const CASES: { title: string; given: Partial<FlagFacts>; flags: UserFlag[] }[] = [
    { title: 'none for an active user with a license who signed in yesterday', given: {}, flags: [] },
    { title: 'inactive after exactly 30 days', given: { lastSignInAt: now - 30 * DAY }, flags: ['inactive'] },
    { title: 'not inactive a millisecond before', given: { lastSignInAt: now - 30 * DAY + 1 }, flags: [] },
    {
      title: 'not inactive after 89 days where the account says 90',
      given: { lastSignInAt: now - 89 * DAY, inactivityDays: 90 },
      flags: [],
    },
    { title: 'inactive if she never signed in', given: { lastSignInAt: null }, flags: ['inactive'] },
    {
      title: 'not inactive if she never signed in but is new',
      given: { lastSignInAt: null, createdAt: now },
      flags: [],
    },
    { title: 'not inactive while invited', given: { status: 'invited', lastSignInAt: null }, flags: [] },
    { title: 'no_products without a license', given: { licenses: [] }, flags: ['no_products'] },
    { title: 'no_products when all are released', given: { licenses: ['released'] }, flags: ['no_products'] },
    { title: 'no no_products while one is reserved', given: { status: 'invited', licenses: ['reserved'] }, flags: [] },
    { title: 'no no_products while one is pending', given: { status: 'invited', licenses: ['pending'] }, flags: [] },
    {
      title: 'waiting_for_seat beside an assigned one',
      given: { licenses: ['assigned', 'waiting'] },
      flags: ['waiting_for_seat'],
    },
    {
      title: 'no_products and waiting_for_seat when the only one waits',
      given: { licenses: ['waiting'] },
      flags: ['no_products', 'waiting_for_seat'],
    },
    { title: 'no_sign_in without an e-mail', given: { email: null }, flags: ['no_sign_in'] },
    { title: 'no_sign_in with web login off', given: { webLoginAllowed: false }, flags: ['no_sign_in'] },
    { title: 'override', given: { override: true }, flags: ['override'] },
    { title: 'held', given: { held: true }, flags: ['held'] },
    {
      title: 'all in the order of the table',
      given: { lastSignInAt: null, licenses: ['waiting'], email: null, override: true, held: true },
      flags: ['inactive', 'no_products', 'waiting_for_seat', 'no_sign_in', 'override', 'held'],
    },
  ]

  for (const { title, given, flags } of CASES)
    it(title, () => {
      assert.deepEqual(flagsOf({ ...calm, ...given }), flags)
    })
})
