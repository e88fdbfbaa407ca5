import assert from 'node:assert/strict'
import { REQUEST_STEPS, type SteppedEvent, stepsOf } from '../../accounts/event-steps.js'

const http = { method: 'PATCH', path: '/scim/v2/c/Users/1', status: 200, durationMs: 3, address: '192.0.2.1' }
const EVENT: SteppedEvent = {
  source: 'scim',
  action: 'user.updated',
  outcome: 'success',
  actor: { type: 'token', id: 't', label: 'token ····ab12 of Okta' },
  subject: { type: 'user', id: 'u', displayName: 'Ada' },
  http,
  changes: [{ attribute: 'title', before: null, after: 'Boss' }],
  effects: [{ kind: 'role', before: 'member', after: 'admin', source: 'rule', ruleId: 'r1' }],
  warnings: [],
}
const refused = (code: string, action = 'request.refused') =>
  ({ action, outcome: 'failure', code, changes: [], effects: [] }) as const
const signIn = {
  flow: 'sp',
  expected: 'urn:us',
  received: 'urn:them',
  checks: [
    { check: 'signature', passed: true },
    { check: 'audience', passed: false },
  ],
} as const
const warnings = (...codes: string[]) => ({
  outcome: 'warning',
  warnings: codes.map((code) => ({ code, message: '' })),
})
const group = { kind: 'group', groupId: 'g', displayName: 'Sales', change: 'added' } as const

/** An event, and its steps in short: `p` passed, `f` failed, `s` skipped, `w` warning, in the order of REQUEST_STEPS. */
const REQUESTS: readonly [what: string, event: Partial<SteppedEvent>, results: string][] = [
  ['a change that a rule followed', {}, 'ppppppp'],
  ['a change that no rule followed', { effects: [] }, 'pppppsp'],
  ['a repeat', { outcome: 'no_change', changes: [], effects: [] }, 'pppppss'],
  ['a change on trial', { outcome: 'observed' }, 'pppppps'],
  ['a removal', { action: 'user.deleted', effects: [] }, 'ppppssp'],
  ['an unknown role', warnings('unknown_role'), 'pppppwp'],
  ['no seat', warnings('no_seat'), 'ppppppw'],
  ['an unknown token', refused('token_unknown', 'token.refused'), 'pfsssss'],
  ['a bad body', refused('bad_json'), 'ppfssss'],
  ['an unknown path', refused('patch_path'), 'ppfssss'],
  ['nobody of that id', refused('user_not_found'), 'pppfsss'],
  ['a taken name', refused('user_exists_directory'), 'pppfsss'],
  ['a value that stays', refused('mutability'), 'ppppfss'],
  ['an unknown entitlement', refused('unknown_entitlement'), 'pppppfs'],
  ['a seat that is needed and not free', refused('no_seat_reject'), 'ppppppf'],
]

describe('the steps of an event (PRODUCT 3.2)', () => {
  for (const [what, event, results] of REQUESTS)
    it(`${what}: ${results}`, () => {
      const steps = stepsOf({ ...EVENT, ...event })
      assert.deepEqual(
        steps.map(({ step }) => step),
        REQUEST_STEPS,
      )
      assert.equal(steps.map(({ result }) => result[0]).join(''), results)
      const failed = steps.filter(({ result }) => result === 'failed')
      assert.deepEqual(
        failed.map(({ params }) => params),
        event.outcome === 'failure' ? [{ code: event.code }] : [],
      )
    })

  it('say what came, from whom, who was found, what differed and which rules decided', () => {
    const [received, token, , found, compared, rules, applied] = stepsOf(EVENT).map(({ params }) => params)
    assert.deepEqual(received, { method: 'PATCH', path: '/scim/v2/c/Users/1', address: '192.0.2.1' })
    assert.deepEqual(token, { label: 'token ····ab12 of Okta' })
    assert.deepEqual(found, { found: 'by_id', type: 'user', name: 'Ada' })
    assert.deepEqual(compared, { changed: 1, attributes: ['title'] })
    assert.deepEqual([rules, applied], [{ rules: ['r1'] }, { effects: ['role'] }])
  })

  it('tell somebody new from a local user and from whom comes back', () => {
    const found = ['user.created', 'user.linked', 'user.restored'].map(
      (action) => stepsOf({ ...EVENT, action })[3]?.params.found,
    )
    assert.deepEqual(found, ['new', 'local_user', 'deleted_user'])
  })

  it('are few for a client that signs in, and for many operations at once', () => {
    const names = (event: Partial<SteppedEvent>) =>
      stepsOf({ ...EVENT, ...event }).map(({ step, result }) => [step, result])
    const [received, token] = [
      ['received', 'passed'],
      ['token', 'passed'],
    ]
    assert.deepEqual(names({ action: 'client.signed_in' }), [received, token])
    assert.deepEqual(names(refused('invalid_client', 'client.refused')), [received, ['token', 'failed']])
    assert.deepEqual(
      names({ action: 'bulk.finished' }).map(([step]) => step),
      ['received', 'token', 'understood', 'applied'],
    )
  })

  it('of a sign-in are its checks, and the one that failed says what was expected', () => {
    assert.deepEqual(stepsOf({ ...EVENT, source: 'sso', signIn }), [
      { step: 'signature', result: 'passed', params: {} },
      { step: 'audience', result: 'failed', params: { expected: 'urn:us', received: 'urn:them' } },
    ])
  })

  it('of what followed for somebody are rules and effects; an act of an administrator has none', () => {
    const { http: _, ...child } = { ...EVENT, action: 'user.access_changed', effects: [...EVENT.effects, group] }
    assert.deepEqual(stepsOf(child), [
      { step: 'rules', result: 'passed', params: { rules: ['r1'] } },
      { step: 'applied', result: 'passed', params: { effects: ['role', 'group'] } },
    ])
    assert.deepEqual(stepsOf({ ...EVENT, source: 'admin' }), [])
  })
})
