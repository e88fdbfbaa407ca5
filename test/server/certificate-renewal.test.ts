import assert from 'node:assert/strict'
import request, { type Response } from 'supertest'
import { runDueJobs } from '../../accounts/worker.js'
import { type DatabaseLocation, openDatabase } from '../../db/open.js'
import { askForRefresh } from '../../db/saml-refresh.js'
import { createKeyPair, type KeyPair } from '../../saml/key-pair.js'
import { aUser, type TestAccount, type TestConnection, useApp } from '../harness/app.js'
import { forEachDatabaseInTime } from '../harness/database.js'
import { TestIdp } from '../saml/an-idp.js'
import { useMetadataServer } from '../saml/metadata-server.js'

const MINUTE_MS = 60_000

forEachDatabaseInTime(({ kind, create }) => {
  describe('signing in after the identity provider has changed its certificate (SAML.md e, step 10)', () => {
    let location: DatabaseLocation
    const app = useApp(
      {
        kind,
        create: async () => {
          const made = await create()
          location = made.location
          return made
        },
      },
      { USHER_ALLOW_PRIVATE_FETCH: 'on' },
    )
    const server = useMetadataServer()
    let idp: TestIdp
    let [next, third]: KeyPair[] = []
    let account: TestAccount
    let connection: TestConnection
    let count = 0

    before(async () => {
      idp = await TestIdp.create('https://idp.example/entity')
      next = await createKeyPair('next', new Date())
      third = await createKeyPair('third', new Date())
      account = await app.anAccount()
      connection = await account.aConnection()
      await connection.provision(aUser({ userName: 'ada@acme.example' }))
    })
    /** Later than everything before it, so that what each test asks for may be fetched again. */
    let clock = Date.now()
    beforeEach(async () => {
      pass(20)
      await setUp({ idpMetadataUrl: server.url })
    })
    after(() => app.at(undefined))

    function pass(minutes: number): void {
      clock += minutes * MINUTE_MS
      app.at(new Date(clock))
    }

    async function setUp(way: object): Promise<void> {
      server.answer = idp.metadata()
      await account.admin('put', `/connections/${connection.id}/saml`, { ...way, allowIdpInitiated: true }).expect(200)
      server.asked = 0
    }

    /** What was signed with a key arrives, begun at the identity provider; resolves to the last answer. */
    async function signIn(key?: KeyPair): Promise<Response> {
      const base = `${app.server.publicUrl}/saml/${connection.id}`
      const target = { entityId: `${base}/metadata`, acsUrl: `${base}/acs` }
      const ids = { assertionId: `_a${++count}`, responseId: `_r${count}`, aheadMs: clock - Date.now() }
      const claims = { ...ids, nameId: 'ada@acme.example', inResponseTo: null }
      const SAMLResponse = await idp.response(target, claims, key === undefined ? {} : { key })
      const form = { SAMLResponse }
      const posted = await request(app.url).post(`/saml/${connection.id}/acs`).type('form').send(form).redirects(0)
      return posted.status === 303 ? request(app.url).get(posted.headers.location!).redirects(0) : posted
    }

    async function refused(key: KeyPair): Promise<void> {
      const answer = await signIn(key)
      assert.deepEqual([answer.status, answer.headers['x-usher-code']], [403, 'bad_signature'])
    }

    it('reads the metadata once more and lets in everybody who is signed by what stands there now', async () => {
      server.answer = idp.metadata({ certificates: [next!.certificate] })
      const rush = await Promise.all(Array.from({ length: 5 }, () => signIn(next)))
      assert.deepEqual(
        rush.map(({ status }) => status),
        [303, 303, 303, 303, 303],
      )
      assert.equal(server.asked, 1)
      assert.equal((await signIn(next)).status, 303)
      assert.equal(server.asked, 1)
      const [event] = await account.events('action=saml.metadata_refreshed')
      assert.equal(event.source, 'system')
      const attributes = event.changes.map(({ attribute }: { attribute: string }) => attribute)
      assert.deepEqual(attributes, ['certificates.added', 'certificates.removed'])
      // The old certificate went with the metadata that no longer names it.
      await refused(idp.key)
    })

    it('is asked once in ten minutes, however many bad signatures come, and refuses them all', async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => signIn(third)))
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([403]))
      assert.equal(server.asked, 1)
      pass(9)
      await refused(third!)
      assert.equal(server.asked, 1)
      pass(1)
      await refused(third!)
      assert.equal(server.asked, 2)
    })

    it('in all processes together', async () => {
      const other = await openDatabase(location)
      const { db } = app.server.deps
      const ask = (by: typeof db) =>
        by.transaction((tx) => askForRefresh(tx, account.id, connection.id, clock, clock - 10 * MINUTE_MS))
      const asked = await Promise.all([db, other, db, other, db, other].map(ask))
      assert.deepEqual(asked.filter(Boolean), [true])
      await refused(third!)
      assert.equal(server.asked, 0)
      // The recurring look is one process's as well.
      pass(7 * 60)
      const work = (by: typeof db) => runDueJobs({ ...app.server.deps, db: by }, (error) => assert.fail(String(error)))
      await Promise.all([db, other, db, other].map(work))
      await app.settle()
      assert.equal(server.asked, 1)
      await other.close()
    })

    it('asks nobody where the metadata was pasted, nor for anything but a signature', async () => {
      await signIn(idp.key)
      assert.equal(server.asked, 0)
      await setUp({ idpMetadataXml: idp.metadata() })
      await refused(next!)
      assert.equal(server.asked, 0)
    })

    it('another identity provider at the address is not believed: its certificates wait for approval', async () => {
      server.answer = idp.metadata({ entityId: 'urn:evil', certificates: [third!.certificate] })
      await refused(third!)
      assert.equal(server.asked, 1)
      const { body } = await account.admin('get', `/connections/${connection.id}/saml`).expect(200)
      assert.equal(body.pending.idp.entityId, 'urn:evil')
      assert.equal((await signIn(idp.key)).status, 303)
    })

    it('an address that fails is told of by the background alone, not by whoever sends bad signatures', async () => {
      server.answer = 503
      for (let time = 0; time < 4; time++) {
        await refused(third!)
        pass(10)
      }
      assert.equal(server.asked, 4)
      const { body } = await account.admin('get', `/connections/${connection.id}/saml`).expect(200)
      assert.equal(body.refresh.failures, 0)
      assert.deepEqual(await account.events('action=saml.metadata_refresh_failed'), [])
    })
  })
})
