import assert from 'node:assert/strict'
import { createKeyPair, type KeyPair } from '../../../saml/key-pair.js'
import { type Body, type TestAccount, type TestConnection, useApp } from '../../harness/app.js'
import { forEachDatabaseInTime } from '../../harness/database.js'
import { rowsOfAccount } from '../../harness/rows-of-account.js'
import { TestIdp } from '../../saml/an-idp.js'
import { useMetadataServer } from '../../saml/metadata-server.js'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const OTHER = 'https://other.example'

forEachDatabaseInTime((database) => {
  describe('metadata that has an address, over its life', () => {
    const app = useApp(database, { USHER_ALLOW_PRIVATE_FETCH: 'on' })
    const server = useMetadataServer()
    let idp: TestIdp
    let next: KeyPair
    let account: TestAccount
    let connection: TestConnection
    /** One clock for all tests, which goes on from one to the next. */
    let clock: number
    let begunAt: string

    before(async () => {
      idp = await TestIdp.create('https://idp.example/entity')
      next = await createKeyPair('next', new Date())
      account = await app.anAccount()
      connection = await account.aConnection()
      clock = Date.now()
    })
    beforeEach(async () => {
      app.at(new Date(clock))
      server.answer = idp.metadata()
      const { body } = await put({ idpMetadataUrl: server.url }).expect(200)
      assert.equal(body.certificates.length, 1)
      server.asked = 0
      // The log is searched by the ids of events, which have the time of the day.
      begunAt = new Date().toISOString()
    })
    after(() => app.at(undefined))

    const path = () => `/connections/${connection.id}/saml`
    const put = (body: object) => account.admin('put', path(), body)
    const decide = (body: object) => account.admin('post', `${path()}/pending/decision`, body)
    const read = async (): Promise<Body> => (await account.admin('get', path()).expect(200)).body
    const events = (query = '') =>
      account.events(`from=${begunAt}&connectionId=${connection.id}&source=system&${query}`)
    const actions = async (): Promise<string[]> => (await events()).map(({ action }) => action).reverse()
    const shas = ({ certificates }: Body) => certificates.map(({ sha256 }: Body) => sha256).sort()

    async function pass(ms: number): Promise<void> {
      clock += ms
      app.at(new Date(clock))
      await app.settle()
    }

    /** To the next time at which it is fetched. */
    async function untilNext(): Promise<Body> {
      const { refresh } = await read()
      await pass(Math.max(0, Date.parse(refresh.nextAt) - clock))
      return read()
    }

    it('is read every six hours, a tenth more or less, and not before', async () => {
      for (let time = 1; time <= 3; time++) {
        const { refresh } = await read()
        const pause = Date.parse(refresh.nextAt) - clock
        assert.ok(pause >= 5.4 * HOUR_MS && pause <= 6.6 * HOUR_MS, `${pause}`)
        await pass(pause - 1)
        assert.equal(server.asked, time - 1)
        await pass(1)
        assert.equal(server.asked, time)
      }
      const { refresh } = await read()
      assert.deepEqual([refresh.failures, refresh.failure], [0, null])
      assert.equal(refresh.succeededAt, new Date(clock).toISOString())
      assert.deepEqual(await actions(), [])
    })

    it('new certificates count at once, and the log lists what came and went', async () => {
      const before = await read()
      server.answer = idp.metadata({ certificates: [idp.key.certificate, next.certificate] })
      const both = await untilNext()
      assert.equal(both.certificates.length, 2)
      assert.equal(both.version, before.version + 1)
      server.answer = idp.metadata({ certificates: [next.certificate] })
      const after = await untilNext()
      assert.equal(after.certificates.length, 1)
      const [second, first] = await events('action=saml.metadata_refreshed')
      const added = first.changes.map((change: Body) => [change.attribute, change.after.length])
      assert.deepEqual(added, [['certificates.added', 1]])
      assert.deepEqual(
        second.changes.map((change: Body) => [change.attribute, change.before[0].sha256]),
        [['certificates.removed', shas(before)[0]]],
      )
      assert.deepEqual(await actions(), ['saml.metadata_refreshed', 'saml.metadata_refreshed'])
    })

    it('another day until which it is valid is taken over without a word', async () => {
      const before = await read()
      server.answer = idp.metadata({ validUntil: new Date(clock + 90 * 24 * HOUR_MS).toISOString() })
      const after = await untilNext()
      assert.ok(after.idp.validUntil > new Date(clock).toISOString())
      assert.equal(after.version, before.version)
      assert.deepEqual(await actions(), [])
    })

    for (const [what, changed] of [
      ['another entityID', () => idp.metadata({ entityId: 'urn:another', certificates: [next.certificate] })],
      ['another host', () => idp.metadata({ host: OTHER, certificates: [idp.key.certificate, next.certificate] })],
    ] as const) {
      const staysWhole = what === 'another entityID'

      it(`${what} waits for approval, is announced once, and counts when it is accepted`, async () => {
        const before = await read()
        server.answer = changed()
        const seen = await untilNext()
        assert.equal(seen.idp.entityId, before.idp.entityId)
        assert.equal(seen.idp.ssoRedirectUrl, before.idp.ssoRedirectUrl)
        // Of the same identity provider new certificates count all the same.
        assert.equal(seen.certificates.length, staysWhole ? 1 : 2)
        assert.equal(seen.pending.since, new Date(clock).toISOString())
        assert.equal(seen.pending.difference.needsApproval, true)
        const again = await untilNext()
        assert.deepEqual(again.pending, seen.pending)
        assert.equal(again.version, seen.version)
        const [event, ...more] = await events('action=saml.change_pending')
        assert.deepEqual([event.outcome, more.length], ['held', 0])
        assert.ok(event.changes.some(({ attribute }: Body) => attribute === (staysWhole ? 'entityId' : 'ssoPostUrl')))

        assert.equal(
          (await decide({ decision: 'accept', version: before.version }).expect(412)).body.code,
          'version_mismatch',
        )
        const { body } = await decide({ decision: 'accept', version: seen.version }).expect(200)
        assert.equal(body.pending, null)
        assert.deepEqual(
          [body.idp.entityId, body.idp.ssoPostUrl],
          [seen.pending.idp.entityId, seen.pending.idp.ssoPostUrl],
        )
        const [accepted] = await account.events(`from=${begunAt}&action=saml.change_accepted`)
        assert.equal(accepted.actor.type, 'operator')
        assert.equal((await decide({ decision: 'accept' }).expect(409)).body.code, 'saml_nothing_pending')
        assert.equal((await untilNext()).pending, null)
      })

      it(`${what} that was discarded is not proposed again, until somebody sets the metadata anew`, async () => {
        server.answer = changed()
        await untilNext()
        await decide({ decision: 'discard' }).expect(200)
        assert.equal((await untilNext()).pending, null)
        server.answer = idp.metadata()
        await untilNext()
        server.answer = changed()
        assert.equal((await untilNext()).pending, null)
        assert.equal((await events('action=saml.change_pending')).length, 1)
        server.answer = idp.metadata()
        await put({ idpMetadataUrl: server.url }).expect(200)
        server.answer = changed()
        assert.notEqual((await untilNext()).pending, null)
      })
    }

    it('what waits is replaced by what comes after it, and goes with the metadata that asked for it', async () => {
      server.answer = idp.metadata({ host: OTHER })
      await untilNext()
      server.answer = idp.metadata({ host: 'https://third.example' })
      assert.equal((await untilNext()).pending.idp.ssoPostUrl, 'https://third.example/sso')
      server.answer = idp.metadata()
      assert.equal((await untilNext()).pending, null)
      assert.deepEqual(await actions(), ['saml.change_pending', 'saml.change_pending', 'saml.change_discarded'])
    })

    it('what waits is dropped when an administrator sets the metadata herself', async () => {
      server.answer = idp.metadata({ host: OTHER })
      await untilNext()
      const { body } = await put({ idpMetadataUrl: server.url }).expect(200)
      assert.deepEqual([body.pending, body.idp.ssoPostUrl], [null, `${OTHER}/sso`])
    })

    it('leaving TLS, on the same host, waits as well', async () => {
      server.answer = idp.metadata({ host: 'http://idp.example' })
      assert.notEqual((await untilNext()).pending, null)
    })

    it('an address that fails is tried sooner at first and later in the end, and the log says so once', async () => {
      const before = await read()
      server.answer = 500
      await untilNext()
      const pauses: number[] = []
      for (let time = 0; time < 6; time++) {
        const { refresh } = await read()
        pauses.push((Date.parse(refresh.nextAt) - clock) / MINUTE_MS)
        await untilNext()
      }
      for (const [index, expected] of [10, 40, 160, 640, 1_440, 1_440].entries())
        assert.ok(Math.abs(pauses[index]! / expected - 1) <= 0.11, `${pauses}`)
      const failing = await read()
      assert.equal(failing.refresh.failures, 7)
      assert.match(failing.refresh.failure, /answered 500/)
      assert.deepEqual([failing.certificates, failing.version], [before.certificates, before.version])
      const [event, ...more] = await events()
      assert.deepEqual(
        [event.action, event.outcome, event.code, more.length],
        ['saml.metadata_refresh_failed', 'failure', 'fetch_failed', 0],
      )
      server.answer = idp.metadata()
      const healed = await untilNext()
      assert.deepEqual([healed.refresh.failures, healed.refresh.failure], [0, null])
      assert.deepEqual(await actions(), ['saml.metadata_refresh_failed', 'saml.metadata_refreshed'])
    })

    it('a document that cannot be used changes nothing', async () => {
      const before = await read()
      const without = idp.metadata({ certificates: [] })
      const both = `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${idp.metadata({ entityId: 'urn:1' })}${idp.metadata({ entityId: 'urn:2' })}</md:EntitiesDescriptor>`
      for (const answer of ['<html>We are closed</html>', 'x', without, both]) {
        server.answer = answer
        await untilNext()
      }
      const after = await read()
      assert.deepEqual([after.idp, after.certificates, after.pending], [before.idp, before.certificates, null])
      assert.equal(after.refresh.failures, 4)
      assert.equal((await events('action=saml.metadata_refresh_failed'))[0].code, 'bad_metadata')
    })

    it('of a file with several the one that is meant is read on', async () => {
      const file = (entityId: string) =>
        `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${idp.metadata({ entityId: 'urn:1' })}${idp.metadata({ entityId, certificates: [next.certificate] })}</md:EntitiesDescriptor>`
      server.answer = file(idp.entityId)
      const after = await untilNext()
      assert.deepEqual([after.certificates.length, after.pending], [1, null])
      assert.deepEqual(await actions(), ['saml.metadata_refreshed'])
    })

    it('is not read of a connection that is switched off, and no more when the address is gone', async () => {
      await account.admin('patch', `/connections/${connection.id}`, { mode: 'disabled', onDisable: 'keep' }).expect(200)
      await untilNext()
      assert.equal(server.asked, 0)
      await account.admin('patch', `/connections/${connection.id}`, { mode: 'live' }).expect(200)
      await untilNext()
      assert.equal(server.asked, 1)
      const { body } = await put({ idpMetadataXml: idp.metadata() }).expect(200)
      assert.equal(body.refresh, null)
      await pass(24 * HOUR_MS)
      assert.equal(server.asked, 1)
      await put({ idpMetadataUrl: server.url }).expect(200)
      await untilNext()
      assert.equal(server.asked, 3)
    })

    it('goes with its connection, keys and all', async () => {
      await account.admin('patch', `/connections/${connection.id}`, { mode: 'disabled', onDisable: 'keep' }).expect(200)
      await account.admin('delete', `/connections/${connection.id}`).expect(202)
      await pass(24 * HOUR_MS)
      assert.equal(server.asked, 0)
      const left = await rowsOfAccount(app.server.deps.db, account.id, { about: [connection.id] })
      const stateful = Object.keys(left).filter((table) => table.startsWith('saml_') || table === 'connections')
      assert.deepEqual(stateful, [])
      assert.ok(
        left.jobs?.every((text) => !text.includes('"open"')),
        String(left.jobs),
      )
    })
  })
})
