import assert from 'node:assert/strict'
import { SCIM_ROUTES } from '../../../scim/routes.js'
import { aUser, OPERATOR_TOKEN, type TestConnection, useApp } from '../../harness/app.js'
import { forEachDatabaseInTime } from '../../harness/database.js'
import { type RawAnswer, rawCall } from '../../harness/raw-call.js'
import { assertInLog, type ExpectedError, faultsOf } from '../../harness/refusals.js'
import { type Dump, differences, LOG_TABLES, rowsOfAccount } from '../../harness/rows-of-account.js'
import { nameOf } from '../isolation/scim-attempts.js'
import { type Stage, WRITES } from './bad-bodies.js'

type Case = readonly [what: string, authorization: string | undefined, code: string, says: RegExp]

const MINUTE_MS = 60_000
const missing = ['token_missing', /The request had no token/] as const
const unknown = ['token_unknown', /is not valid for this connection/] as const

forEachDatabaseInTime((database) => {
  describe('wrong tokens over SCIM (PRODUCT 3.5; RFC 7644 §3.12)', () => {
    const app = useApp(database)
    let start: number
    let okta: TestConnection
    let stage: Stage
    let cases: readonly Case[]
    let untouched: Dump

    const rows = () => rowsOfAccount(app.server.deps.db, okta.account.id, { without: LOG_TABLES })
    const call = (method: string, path: string, authorization?: string): Promise<RawAnswer> => {
      const headers = authorization === undefined ? {} : { Authorization: authorization }
      const type = { 'Content-Type': 'application/scim+json' }
      const body = method === 'GET' || method === 'DELETE' ? {} : { body: '{}' }
      return rawCall(app.url, { method, path: `/scim/v2/${okta.id}${path}`, headers: { ...headers, ...type }, ...body })
    }

    before(async () => {
      start = Date.now()
      okta = await app.aConnection()
      const ada = await okta.provision(aUser())
      stage = { personId: ada.id, groupId: (await okta.aGroup('Analysts', [ada])).id }
      const tokens = `/connections/${okta.id}/tokens`
      const expiresAt = new Date(start + MINUTE_MS / 2).toISOString()
      const expired = (await okta.account.admin('post', tokens, { expiresAt }).expect(201)).body.token
      app.at(new Date(start + MINUTE_MS))
      const revoked = (await okta.account.admin('post', tokens, {}).expect(201)).body
      await okta.account.admin('delete', `${tokens}/${revoked.id}`).expect(204)
      const beside = await okta.account.aConnection()
      const elsewhere = await app.aConnection()
      const { token } = okta
      cases = [
        ['none', undefined, ...missing],
        ['an empty one', '', ...missing],
        ['Bearer alone', 'Bearer', ...unknown],
        ['Bearer twice', `Bearer Bearer ${token}`, ...missing],
        ['two tokens', `Bearer ${token} ${token}`, ...missing],
        ['two in a list', `Bearer ${token}, Bearer ${token}`, ...missing],
        ['Basic', `Basic ${Buffer.from(`scim:${token}`).toString('base64')}`, ...missing],
        ['Digest', `Digest token="${token}"`, ...missing],
        ['an unknown one', `Bearer scim_${'x'.repeat(43)}`, ...unknown],
        ['a word', 'Bearer __proto__', ...unknown],
        ['the beginning of one', `Bearer ${token.slice(0, -1)}`, ...unknown],
        ['one and more', `Bearer ${token}x`, ...unknown],
        ['in another case', `Bearer ${token.toUpperCase()}`, ...unknown],
        ['in quotes', `Bearer "${token}"`, ...unknown],
        ['a long one', `Bearer ${token}${'x'.repeat(8_000)}`, ...unknown],
        ['beyond ASCII', `Bearer ${token}\u00e9`, ...unknown],
        ['expired', `Bearer ${expired}`, 'token_expired', /expired on \d{4}-\d\d-\d\d/],
        ['revoked', `Bearer ${revoked.token}`, ...unknown],
        ['of a connection beside it', `Bearer ${beside.token}`, ...unknown],
        ['of another account', `Bearer ${elsewhere.token}`, ...unknown],
        ["the operator's", `Bearer ${OPERATOR_TOKEN}`, ...unknown],
      ]
      await app.settle()
      untouched = await rows()
    })
    after(() => app.at(undefined))

    for (const [index, route] of SCIM_ROUTES.entries()) {
      it(`${nameOf(route)}: 401 with WWW-Authenticate and an Error, and one event of each kind`, async () => {
        // Equal refusals of a minute are added up in one event (DESIGN 4, Events), so each route has its own minute.
        app.at(new Date(start + (index + 2) * MINUTE_MS))
        const path =
          WRITES[nameOf(route)]?.path(stage) ?? `/${route.endpoint}${route.withId ? `/${stage.personId}` : ''}`
        const first = new Map<string, { id: string; expected: ExpectedError }>()
        const wrong: string[] = []
        for (const [what, authorization, code, says] of cases) {
          const answer = await call(route.method, path, authorization)
          if (route.kind === 'discovery' && authorization === undefined) {
            assert.notEqual(answer.status, 401, 'what a connection can do is told to everyone (RFC 7643 §5)')
            continue
          }
          const expected = { what, status: 401, says }
          wrong.push(...faultsOf(answer, expected))
          assert.match(String(answer.headers['www-authenticate']), /^Bearer/)
          assert.equal(answer.text.includes(okta.token), false)
          if (!first.has(code)) first.set(code, { id: String(answer.headers['x-request-id']), expected })
        }
        assert.deepEqual(wrong, [])
        await assertInLog(okta.account, [...first.values()], 'token.refused')
        assert.deepEqual([...first.keys()].sort(), ['token_expired', 'token_missing', 'token_unknown'])
        assert.deepEqual(differences(untouched, await rows()), [])
      })
    }

    it('a token that is revoked while the body is on its way is refused (DESIGN 1, promise 7)', async () => {
      const now = start + (SCIM_ROUTES.length + 4) * MINUTE_MS
      app.at(new Date(now))
      const tokens = `/connections/${okta.id}/tokens`
      const fresh = (await okta.account.admin('post', tokens, {}).expect(201)).body
      const late = aUser()
      const answer = await rawCall(app.url, {
        method: 'POST',
        path: `/scim/v2/${okta.id}/Users`,
        headers: { Authorization: `Bearer ${fresh.token}`, 'Content-Type': 'application/scim+json' },
        body: JSON.stringify(late),
        meanwhile: async () => {
          // Until the server has read the head of the request.
          await okta.get('/Users?count=0').expect(200)
          await okta.account.admin('delete', `${tokens}/${fresh.id}`).expect(204)
          app.at(new Date(now + 2_000))
        },
      })
      assert.equal(answer.status, 401, answer.text)
      assert.deepEqual(await okta.find('Users', `userName eq "${late.userName}"`), [])
    })

    it('more than 60 of a minute are 429 with Retry-After; a right token is never refused because of them', async () => {
      app.at(new Date(start + (SCIM_ROUTES.length + 2) * MINUTE_MS))
      const statuses: number[] = []
      for (let count = 0; count <= 60; count++) statuses.push((await call('GET', '/Users', 'Bearer x')).status)
      assert.deepEqual([...new Set(statuses.slice(0, 60))], [401])
      const { status, headers, text } = await call('GET', '/Users', 'Bearer x')
      assert.deepEqual([status, headers['retry-after'], JSON.parse(text).status], [429, '60', '429'])
      assert.equal((await call('GET', '/Users', `Bearer ${okta.token}`)).status, 200)
      const [event] = await okta.account.events('action=token.refused&limit=1')
      assert.equal(event.code, 'token_unknown')
    })
  })
})
