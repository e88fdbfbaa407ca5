import assert from 'node:assert/strict'
import { type HealthFacts, healthOf } from '../../accounts/health-reasons.js'

const NOW = Date.UTC(2027, 0, 15)
const HOUR = 3_600_000
const DAY = 24 * HOUR

/** A live connection of which there is nothing to say. */
const WELL: HealthFacts = {
  mode: 'live',
  idpKind: 'okta',
  now: NOW,
  lastRequestAt: NOW - HOUR,
  lastSuccessAt: NOW - HOUR,
  recent: { requests: 0, failures: 0, code: null, codeCount: 0 },
  failingPeople: [],
  token: { last4: 'ab12', expiresAt: NOW + 300 * DAY },
  hasClient: false,
  refusal: undefined,
  certificate: { sha256: 'f', notAfter: NOW + 300 * DAY },
  metadataFailures: 0,
  samlChangePending: false,
  waiting: [],
  openMatchRequests: 0,
  warnings: { count: 0, code: null, more: false },
}
const refusedAt = (at: number) => ({ at, code: 'token_unknown', last4: '9f3c' })
const requests = (all: number, failures: number) => ({
  requests: all,
  failures,
  code: 'attr_type',
  codeCount: failures,
})

/** What is otherwise than well, the state, and the codes of its reasons. */
const CASES: readonly [what: string, facts: Partial<HealthFacts>, state: string, codes: string[]][] = [
  ['nothing is wrong', {}, 'healthy', []],
  ['it is a draft without a token', { mode: 'draft', token: undefined }, 'draft', []],
  [
    'it is disabled, and its token has ended',
    { mode: 'disabled', token: { last4: 'x', expiresAt: 0 } },
    'disabled',
    [],
  ],
  ['it is paused', { mode: 'paused' }, 'healthy', []],
  ['its token has ended', { token: { last4: 'ab12', expiresAt: NOW } }, 'stopped', ['token_expired']],
  [
    'its token has ended, but it has a client',
    { token: { last4: 'x', expiresAt: NOW }, hasClient: true },
    'healthy',
    [],
  ],
  ['there is no token', { token: undefined }, 'stopped', ['no_token']],
  ['there is no token, but a client', { token: undefined, hasClient: true }, 'healthy', []],
  ['a token was refused after the last success', { refusal: refusedAt(NOW) }, 'stopped', ['token_refused']],
  ['a token was refused before the last success', { refusal: refusedAt(NOW - DAY) }, 'healthy', []],
  [
    'a token was refused, and nothing ever succeeded',
    { refusal: refusedAt(1), lastSuccessAt: undefined },
    'stopped',
    ['token_refused'],
  ],
  ['four of twenty requests failed', { recent: requests(20, 4) }, 'failing', ['requests_failing']],
  ['three of twenty requests failed', { recent: requests(20, 3) }, 'healthy', []],
  ['all of nineteen requests failed', { recent: requests(19, 19) }, 'healthy', []],
  ['one person fails', { failingPeople: [{ userName: 'a', failures: 3, code: 'c' }] }, 'failing', ['person_failing']],
  ['the token ends in 60 days', { token: { last4: 'x', expiresAt: NOW + 60 * DAY } }, 'attention', ['token_expiring']],
  ['the token ends in 61 days', { token: { last4: 'x', expiresAt: NOW + 61 * DAY } }, 'healthy', []],
  [
    'the certificate ends tomorrow',
    { certificate: { sha256: 'f', notAfter: NOW + DAY } },
    'attention',
    ['certificate_expiring'],
  ],
  ['the certificate has ended', { certificate: { sha256: 'f', notAfter: NOW } }, 'attention', ['certificate_expired']],
  ['the metadata could not be read twice', { metadataFailures: 2 }, 'healthy', []],
  ['the metadata could not be read three times', { metadataFailures: 3 }, 'attention', ['metadata_failing']],
  ['the metadata has changed', { samlChangePending: true }, 'attention', ['saml_change_pending']],
  [
    'somebody waits for a seat',
    { waiting: [{ product: 'meet', name: 'Meet', waiting: 1 }] },
    'attention',
    ['seats_waiting'],
  ],
  ['a match request is open', { openMatchRequests: 2 }, 'attention', ['match_requests_open']],
  ['there was a warning', { warnings: { count: 1, code: 'no_seat', more: false } }, 'attention', ['warnings']],
  ['nothing has ever come', { lastRequestAt: undefined, lastSuccessAt: undefined }, 'quiet', ['never_used']],
  ['Okta says nothing for a day', { lastRequestAt: NOW - DAY }, 'quiet', ['quiet']],
  ['Entra says nothing for a day', { idpKind: 'entra', lastRequestAt: NOW - DAY }, 'healthy', []],
  ['Entra says nothing for a week', { idpKind: 'entra', lastRequestAt: NOW - 7 * DAY }, 'quiet', ['quiet']],
  [
    'much is wrong at once: the worst comes first',
    { openMatchRequests: 1, lastRequestAt: NOW - DAY, recent: requests(30, 30), refusal: refusedAt(NOW) },
    'stopped',
    ['token_refused', 'requests_failing', 'match_requests_open', 'quiet'],
  ],
]

describe('the health of a connection (PRODUCT 3.4)', () => {
  for (const [what, facts, state, codes] of CASES)
    it(`is ${state} where ${what}`, () => {
      const health = healthOf({ ...WELL, ...facts })
      assert.deepEqual([health.state, health.reasons.map(({ code }) => code)], [state, codes])
    })

  it('says with numbers what is wrong', () => {
    const [reason] = healthOf({ ...WELL, recent: requests(40, 16) }).reasons
    assert.deepEqual(reason?.params, {
      percent: 40,
      requests: 40,
      failures: 16,
      minutes: 15,
      code: 'attr_type',
      codeCount: 16,
    })
    const [refused] = healthOf({ ...WELL, refusal: refusedAt(NOW) }).reasons
    assert.deepEqual([refused?.params.received, refused?.params.current], ['9f3c', 'ab12'])
  })
})
