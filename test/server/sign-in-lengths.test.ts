import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import request, { type Response } from 'supertest'
import { aUser, type TestAccount, type TestConnection, useApp } from '../harness/app.js'
import { forEachDatabaseInTime } from '../harness/database.js'
import { type Claims, signed, TestIdp } from '../saml/an-idp.js'

/** Of which nothing can be packed away: an index of PostgreSQL compresses what repeats itself. */
const random = (length: number) => randomBytes(length).toString('hex').slice(0, length)
/** Letters of four bytes each. */
const wide = (letters: number) =>
  Array.from(randomBytes(letters), (byte) => String.fromCodePoint(0x1d400 + byte)).join('')

forEachDatabaseInTime((database) => {
  describe('names in an assertion as long as they may be, and longer', () => {
    const app = useApp(database)
    let idp: TestIdp
    let account: TestAccount
    let connection: TestConnection

    before(async () => {
      idp = await TestIdp.create('https://idp.example/entity')
      account = await app.anAccount()
      await account.admin('post', '/domains', { name: 'acme.example', verified: true }).expect(201)
      connection = await account.aConnection()
      await connection.provision(aUser({ userName: 'ada@acme.example' }))
      await setUp({})
    })

    const setUp = (attributes: object) => {
      const body = { idpMetadataXml: idp.metadata(), allowIdpInitiated: true, attributes }
      return account.admin('put', `/connections/${connection.id}/saml`, body).expect(200)
    }

    /** Ada is found by her address, whatever else stands in the assertion. */
    async function signIn(claims: Claims): Promise<Response> {
      const base = `${app.server.publicUrl}/saml/${connection.id}`
      const target = { entityId: `${base}/metadata`, acsUrl: `${base}/acs` }
      const attributes = { email: ['ada@acme.example'], ...claims.attributes }
      const ids = { assertionId: `_${random(20)}`, inResponseTo: null }
      const SAMLResponse = await idp.response(target, { ...ids, ...claims, attributes })
      const form = { SAMLResponse }
      const posted = await request(app.url).post(`/saml/${connection.id}/acs`).type('form').send(form).redirects(0)
      return posted.status === 303 ? request(app.url).get(posted.headers.location!).redirects(0) : posted
    }

    const cases: [what: string, fits: Claims, code: string, isLonger: Claims][] = [
      ['ID', { assertionId: `_${random(511)}` }, 'shape', { assertionId: `_${random(512)}` }],
      ['ID of wide letters', { assertionId: wide(128) }, 'shape', { assertionId: wide(129) }],
      ['NameID', { nameId: random(1_024) }, 'no_identifier', { nameId: random(1_025) }],
      ['NameID of wide letters', { nameId: wide(256) }, 'no_identifier', { nameId: wide(257) }],
      ['NameID of 100,000 letters', { nameId: random(64) }, 'no_identifier', { nameId: random(100_000) }],
      ['SessionIndex', { sessionIndex: random(1_024) }, 'shape', { sessionIndex: random(1_025) }],
    ]
    for (const [what, fits, code, longer] of cases)
      it(`${what}: the longest is taken, a longer one refused as ${code}`, async () => {
        assert.equal((await signIn({ nameId: random(32), ...fits })).status, 303)
        const refused = await signIn({ nameId: random(32), ...longer })
        assert.deepEqual([refused.status, refused.headers['x-usher-code']], [403, code])
      })

    it('an attribute that identifies the person has the same limit as a NameID', async () => {
      await setUp({ identifier: 'uid' })
      assert.equal((await signIn({ attributes: { uid: [random(1_024)] } })).status, 303)
      const refused = await signIn({ attributes: { uid: [random(1_025)] } })
      assert.deepEqual([refused.status, refused.headers['x-usher-code']], [403, 'no_identifier'])
      await setUp({})
    })

    it('a LogoutRequest may have no longer ones either', async () => {
      const sloUrl = `${app.server.publicUrl}/saml/${connection.id}/slo`
      const logout = async (nameId: string, id: string) => {
        const xml = signed(idp.logoutRequest(sloUrl, nameId, { id }), 'LogoutRequest', idp.key)
        const form = { SAMLRequest: Buffer.from(xml).toString('base64') }
        return request(app.url).post(`/saml/${connection.id}/slo`).type('form').send(form).redirects(0)
      }
      assert.ok((await logout(random(1_024), `_${random(511)}`)).status < 400)
      assert.equal((await logout(random(1_025), `_${random(20)}`)).headers['x-usher-code'], 'no_identifier')
      assert.equal((await logout(random(20), `_${random(512)}`)).headers['x-usher-code'], 'shape')
    })
  })
})
