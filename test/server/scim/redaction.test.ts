import assert from 'node:assert/strict'
import request, { type Test } from 'supertest'
import { statement } from '../../../db/statement.js'
import { aUser, type Body, ENTERPRISE_URN, patchOf, type TestConnection, USER_URN, useApp } from '../../harness/app.js'
import { forEachDatabaseInTime } from '../../harness/database.js'

const SECRET = 'correct-horse-battery-staple'
const EVENTS = statement(`SELECT detail FROM events WHERE account_id = ?`)
const PAYLOADS = statement(`SELECT request, response FROM event_payloads WHERE account_id = ?`)

forEachDatabaseInTime((database) => {
  describe('secrets in what the log keeps (PRODUCT 2.9, DESIGN 1 promise 10)', () => {
    const app = useApp(database)
    let okta: TestConnection
    let user: Body
    before(async () => {
      okta = await app.aConnection()
      user = await okta.provision(aUser())
    })

    /** Everything that the log of the account holds, as one text. */
    async function logText(): Promise<string> {
      const { db } = app.server.deps
      const { id } = okta.account
      return JSON.stringify([await db.all(EVENTS, [id]), await db.all(PAYLOADS, [id])])
    }

    async function payloadOf({ headers }: { headers: Record<string, string> }): Promise<Body> {
      return (await okta.account.admin('get', `/events/${headers['x-request-id']}`).expect(200)).body.payload
    }

    const patch = (...operations: object[]) => okta.patch(`/Users/${user.id}`, patchOf(...operations))
    const inPath = (path: string) => patch({ op: 'replace', path, value: SECRET })
    const bodies: [string, () => Test, status: number][] = [
      ['POST', () => okta.post('/Users', aUser({ password: SECRET })), 201],
      ['POST in capitals', () => okta.post('/Users', aUser({ PASSWORD: SECRET })), 201],
      ['POST under a URN', () => okta.post('/Users', aUser({ [ENTERPRISE_URN]: { password: SECRET } })), 201],
      [
        'POST in an unknown extension',
        () => okta.post('/Users', aUser({ 'urn:x': { in: [{ Password: SECRET }] } })),
        201,
      ],
      ['POST that is refused', () => okta.post('/Users', { ...aUser({ password: SECRET }), userName: null }), 400],
      ['POST of an odd type', () => okta.post('/Users', aUser({ password: { value: [SECRET] } })), 201],
      ['PUT', () => okta.put(`/Users/${user.id}`, { ...user, password: SECRET }), 200],
      ['PATCH with a path', () => inPath('password'), 200],
      ['PATCH with a path in capitals', () => inPath('PassWord'), 200],
      ['PATCH with a path that has a URN', () => inPath(`${USER_URN}:password`), 200],
      ['PATCH without a path', () => patch({ op: 'replace', value: { password: SECRET } }), 200],
      ['PATCH without a path, by URN', () => patch({ op: 'Add', value: { [`${USER_URN}:password`]: SECRET } }), 200],
      ['PATCH with members in capitals', () => patch({ Op: 'replace', PATH: 'password', Value: SECRET }), 200],
      ['PATCH that is refused', () => patch({ op: 'add', path: 'password', value: SECRET }, { op: 'remove' }), 400],
      [
        'PATCH of a group',
        () => okta.patch('/Groups/none', patchOf({ op: 'add', path: 'password', value: SECRET })),
        404,
      ],
      ['PATCH with a filter on it', () => inPath(`password[value eq "${SECRET}"]`), 400],
      ['PATCH of a part of it', () => inPath('password.value'), 400],
      [
        'PATCH with a filter in a key',
        () => patch({ op: 'add', value: { [`password[value eq "${SECRET}"]`]: 1 } }),
        400,
      ],
    ]
    for (const [what, send, status] of bodies)
      it(`${what}: the password is taken out before anything is kept`, async () => {
        const answer = await send()
        assert.equal(answer.status, status, answer.text)
        assert.equal(answer.text.includes(SECRET), false, 'the answer is without it')
        assert.match((await payloadOf(answer)).request, /\[redacted\]/)
        assert.equal((await logText()).includes(SECRET), false)
      })

    it('a password changes nothing and is stored nowhere (check 44)', async () => {
      const before = await okta.read(user.id)
      await inPath('password').expect(200)
      assert.deepEqual(await okta.read(user.id), before)
      const { directoryUser } = await okta.userOf(user)
      assert.equal(JSON.stringify(directoryUser).includes('password'), false)
    })

    it('what is sent beside a password is kept', async () => {
      const answer = await okta.post('/Users', aUser({ password: SECRET, title: 'Admiral' })).expect(201)
      const { request: kept } = await payloadOf(answer)
      assert.deepEqual([JSON.parse(kept).title, JSON.parse(kept).password], ['Admiral', '[redacted]'])
    })

    it('a filter on the password is refused, and the value is not kept (check 98)', async () => {
      for (const filter of [`password eq "${SECRET}"`, `userName eq "x" and password sw "${SECRET}"`]) {
        const { body } = await okta.get(`/Users?filter=${encodeURIComponent(filter)}`).expect(400)
        assert.equal(body.detail.includes(SECRET), false)
      }
      assert.equal((await logText()).includes(SECRET), false)
    })

    it('a body that is not JSON is not kept at all', async () => {
      const answer = await request(app.url)
        .post(`/scim/v2/${okta.id}/Users`)
        .set({ Authorization: `Bearer ${okta.token}`, 'Content-Type': 'application/scim+json' })
        .send(`{"password":"${SECRET}",`)
        .expect(400)
      assert.equal(answer.body.scimType, 'invalidSyntax')
      assert.equal((await logText()).includes(SECRET), false)
    })

    it('no token is kept but for its last four characters', async () => {
      const text = await logText()
      assert.equal(text.includes(okta.token), false)
      assert.ok(text.includes(`····${okta.token.slice(-4)}`))
    })

    it('a body is kept up to 64 KiB (DESIGN 4, Events)', async () => {
      const photos = Array.from({ length: 1_000 }, (_, n) => ({
        type: `t${n}`,
        value: `https://x.example/${'p'.repeat(60)}`,
      }))
      const { request: kept, response } = await payloadOf(await okta.post('/Users', aUser({ photos })).expect(201))
      assert.ok(kept.length > 65_000 && kept.length < 66_000, String(kept.length))
      assert.ok(response.length > 65_000 && response.length < 66_000, String(response.length))
    })
  })
})
