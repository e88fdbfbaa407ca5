import assert from 'node:assert/strict'
import { RETENTION_DAYS } from '../../accounts/retention.js'
import type { Event } from '../../console/api/schema.js'
import { countsOf } from '../../console/pages/log/counts.js'
import { chosenFilters, endsOf, eventIdIn, queryOf, rangeOf, without } from '../../console/pages/log/filters.js'
import { KEPT_DAYS } from '../../console/pages/log/kept-days.js'
import { supportText } from '../../console/pages/log/support-text.js'
import { AUDIT, LOG, SIGN_INS } from '../../console/pages/log/views.js'

const NOW = Date.UTC(2026, 4, 20, 12)
const DAY_AGO = '2026-05-19T12:00:00.000Z'

describe('the log asks for what its address says (PRODUCT 3.2)', () => {
  it('shows a day of directories and background, without what changed nothing', () => {
    assert.deepEqual(queryOf(LOG, {}, NOW), {
      from: DAY_AGO,
      outcome: 'success,warning,failure,held,observed',
      source: 'scim,system',
    })
  })

  it('shows problems, changes or everything by its chips', () => {
    assert.equal(queryOf(LOG, { show: 'problems' }, NOW)?.outcome, 'failure,warning,held')
    assert.equal(queryOf(LOG, { show: 'changes' }, NOW)?.outcome, 'success,warning,observed')
    assert.equal(queryOf(LOG, { show: 'all' }, NOW)?.outcome, undefined)
  })

  it('takes an outcome over a chip, and a chip that a view does not have for none', () => {
    assert.equal(queryOf(LOG, { show: 'problems', outcome: 'no_change' }, NOW)?.outcome, 'no_change')
    assert.equal(queryOf(AUDIT, { show: 'problems' }, NOW)?.outcome, queryOf(AUDIT, {}, NOW)?.outcome)
  })

  it('looks everywhere and at all times for a person or a request, and everywhere for a text', () => {
    assert.deepEqual(queryOf(LOG, { userId: 'u1' }, NOW), {
      userId: 'u1',
      outcome: queryOf(LOG, {}, NOW)?.outcome,
      source: undefined,
    })
    assert.equal(queryOf(LOG, { q: 'anna' }, NOW)?.source, undefined)
    assert.equal(queryOf(LOG, { q: 'anna' }, NOW)?.from, DAY_AGO)
    assert.equal(queryOf(LOG, { userId: 'u1', range: '1h' }, NOW)?.from, '2026-05-20T11:00:00.000Z')
  })

  it('asks for no text of one letter, which the API would refuse', () => {
    assert.equal(queryOf(LOG, { q: ' a ' }, NOW)?.q, undefined)
    assert.equal(queryOf(LOG, { q: 'an' }, NOW)?.q, 'an')
  })

  it('keeps to the sources of its view', () => {
    assert.equal(queryOf(SIGN_INS, { q: 'anna' }, NOW)?.source, 'sso,self')
    assert.equal(queryOf(AUDIT, { source: 'any' }, NOW)?.source, undefined)
    assert.equal(queryOf(LOG, { source: 'admin' }, NOW)?.source, 'admin')
  })

  it('takes ends of its own, and leaves out one that is no instant', () => {
    assert.deepEqual(endsOf({ from: DAY_AGO, to: 'nonsense' }, NOW), { from: DAY_AGO })
    assert.equal(rangeOf({ to: DAY_AGO }), 'own')
    assert.equal(rangeOf({ range: 'nonsense' }), '24h')
    assert.deepEqual(endsOf({ range: 'all' }, NOW), {})
  })

  it('names what was chosen, and takes each away', () => {
    const search = { q: 'anna', code: 'no_seat', range: '7d', show: 'problems', columns: 'id' }
    assert.deepEqual(chosenFilters(search), ['q', 'code', 'range'])
    assert.deepEqual(chosenFilters({ ...search, ...without('range'), ...without('q') }), ['code'])
  })

  it('knows the id of an event, as headers have it and as the page of a refused sign-in shows it', () => {
    const id = '019a2c4e-7b1d-7e55-8f00-0123456789ab'
    assert.equal(eventIdIn(` ${id.toUpperCase()} `), id)
    assert.equal(eventIdIn(id.replaceAll('-', '')), id)
    assert.equal(eventIdIn('anna@acme.example'), undefined)
    assert.equal(eventIdIn(`${id}0`), undefined)
  })
})

describe('what followed from an event, in numbers', () => {
  it('counts seats that were freed, licenses that wait and sessions that ended', () => {
    const effects = [
      { kind: 'status', before: 'active', after: 'suspended', reason: 'directory' },
      { kind: 'license', product: 'meet', before: 'assigned', after: null },
      { kind: 'license', product: 'phone', before: 'reserved', after: null },
      { kind: 'license', product: 'assist', before: null, after: 'waiting' },
      { kind: 'session', ended: 3 },
      { kind: 'members', added: 0, removed: 4 },
      { kind: 'job', jobId: 'j', people: null },
    ]
    assert.deepEqual(countsOf({ effects }), [
      { kind: 'status', count: 1, after: 'suspended' },
      { kind: 'licensesWaiting', count: 1 },
      { kind: 'seatsFreed', count: 2 },
      { kind: 'sessions', count: 3 },
      { kind: 'membersRemoved', count: 4 },
      { kind: 'job', count: 0 },
    ])
  })
})

describe('what the panel tells of an event', () => {
  it('says for how long bodies are kept, as the server does', () => {
    assert.deepEqual(KEPT_DAYS, { payloads: RETENTION_DAYS.payloads, answers: RETENTION_DAYS.signInTraces })
  })

  it('makes a text for support without addresses and values', () => {
    const event: Event = {
      id: 'e1',
      time: '2026-05-20T12:00:00.000Z',
      source: 'scim',
      action: 'user.updated',
      outcome: 'failure',
      code: 'user_exists_local',
      message: "'anna.rossi@acme.example' is a user already.",
      actor: { type: 'token', id: 't', label: 'token ····ab12 of Okta' },
      subject: { type: 'user', id: 'u1', userName: 'anna.rossi@acme.example', displayName: 'Anna Rossi' },
      correlationId: 'e1',
      http: { method: 'POST', path: '/Users', status: 409, durationMs: 12.4, address: '203.0.113.7' },
      changes: [{ attribute: 'title', before: null, after: 'Secret agent' }],
      effects: [],
      warnings: [],
    }
    const text = supportText(event, 'https://usher.example/log/e1')
    assert.match(text, /^request id: e1\n/)
    assert.match(text, /outcome: failure, user_exists_local/)
    assert.match(text, /request: POST \/Users -> 409 in 12 ms/)
    assert.doesNotMatch(text, /anna\.rossi|Anna Rossi|Secret agent|203\.0\.113\.7/)
  })
})
