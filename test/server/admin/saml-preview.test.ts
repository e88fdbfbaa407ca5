import assert from 'node:assert/strict'
import { readIdpMetadata } from '../../../saml/idp-metadata.js'
import { warningsOf } from '../../../saml/idp-warnings.js'
import { createKeyPair, type KeyPair } from '../../../saml/key-pair.js'
import { type Body, type TestAccount, type TestConnection, useApp } from '../../harness/app.js'
import { forEachDatabaseInTime } from '../../harness/database.js'
import { rowsOfAccount } from '../../harness/rows-of-account.js'
import { TestIdp } from '../../saml/an-idp.js'
import { useMetadataServer } from '../../saml/metadata-server.js'

const REDIRECT = 'https://idp.example/sso'

forEachDatabaseInTime((database) => {
  describe('who the identity provider is: previewed, imported and typed', () => {
    const app = useApp(database, { USHER_RATE_LIMITS: 'off', USHER_ALLOW_PRIVATE_FETCH: 'on' })
    const server = useMetadataServer()
    let idp: TestIdp
    let old: KeyPair
    let account: TestAccount
    let connection: TestConnection

    before(async () => {
      idp = await TestIdp.create('https://idp.example/entity')
      old = await createKeyPair('old', new Date('2010-01-01'))
      account = await app.anAccount()
    })
    beforeEach(async () => {
      connection = await account.aConnection()
    })

    const put = (body: object) => account.admin('put', `/connections/${connection.id}/saml`, body)
    const preview = (body: object) => account.admin('post', `/connections/${connection.id}/saml/preview`, body)
    const typed = (more: object = {}) => {
      return { idp: { entityId: idp.entityId, ssoRedirectUrl: REDIRECT, certificates: [idp.key.certificate], ...more } }
    }
    const shas = (certificates: Body[]) => certificates.map(({ sha256 }) => sha256)

    it('a preview tells what would be stored where nothing is, and writes nothing', async () => {
      const before = await rowsOfAccount(app.server.deps.db, account.id)
      const { body } = await preview({ idpMetadataXml: idp.metadata() }).expect(200)
      assert.deepEqual(body.idp, {
        entityId: idp.entityId,
        ssoRedirectUrl: REDIRECT,
        ssoPostUrl: REDIRECT,
        sloRedirectUrl: 'https://idp.example/slo',
        wantsSignedRequests: false,
      })
      assert.deepEqual(
        body.certificates.map(({ subject }: Body) => subject),
        ['CN=idp.example'],
      )
      assert.match(body.certificates[0].notAfter, /^20\d\d-/)
      assert.deepEqual(body.difference.certificates.added, body.certificates)
      assert.ok(
        body.difference.changes.some((change: Body) => change.attribute === 'entityId' && change.before === null),
      )
      assert.equal(body.difference.needsApproval, false)
      assert.deepEqual(body.warnings, [])
      assert.deepEqual(await rowsOfAccount(app.server.deps.db, account.id), before)
    })

    it('a preview tells field by field how it differs from what is', async () => {
      await put({ idpMetadataXml: idp.metadata() }).expect(200)
      const certificates = [idp.key.certificate, old.certificate]
      const next = idp.metadata({ entityId: 'urn:other', host: 'https://other.example', certificates })
      const { body } = await preview({ idpMetadataXml: next }).expect(200)
      const { changes, certificates: each, needsApproval } = body.difference
      const of = Object.fromEntries(changes.map((change: Body) => [change.attribute, [change.before, change.after]]))
      assert.deepEqual(of, {
        entityId: [idp.entityId, 'urn:other'],
        ssoRedirectUrl: [REDIRECT, 'https://other.example/sso'],
        ssoPostUrl: [REDIRECT, 'https://other.example/sso'],
        sloRedirectUrl: ['https://idp.example/slo', 'https://other.example/slo'],
      })
      assert.deepEqual([shas(each.added).length, shas(each.removed).length, shas(each.kept).length], [1, 0, 1])
      assert.equal(needsApproval, true)
      const again = (await preview({ idpMetadataXml: idp.metadata() }).expect(200)).body.difference
      assert.deepEqual([again.changes, again.certificates.kept.length, again.needsApproval], [[], 1, false])
    })

    it('warns of what has expired and refuses nobody for it (SAML.md c9)', async () => {
      const ended = idp.metadata({ certificates: [old.certificate], validUntil: '2020-01-01T00:00:00Z' })
      const expected = ['certificate_expired', 'no_valid_certificate', 'metadata_expired']
      const seen = await preview({ idpMetadataXml: ended }).expect(200)
      assert.deepEqual(
        seen.body.warnings.map(({ code }: Body) => code),
        expected,
      )
      const stored = await put({ idpMetadataXml: ended }).expect(200)
      assert.deepEqual(stored.body.warnings, seen.body.warnings)
    })

    it('of several identity providers lets choose by entityID', async () => {
      const both = ['urn:one', 'urn:two'].map((entityId) => idp.metadata({ entityId })).join('')
      const xml = `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${both}</md:EntitiesDescriptor>`
      for (const send of [put, preview]) {
        const { body } = await send({ idpMetadataXml: xml }).expect(422)
        assert.deepEqual([body.code, body.entityIds], ['bad_metadata', ['urn:one', 'urn:two']])
        const chosen = await send({ idpMetadataXml: xml, idpEntityId: 'urn:two' }).expect(200)
        assert.equal(chosen.body.idp.entityId, 'urn:two')
      }
      assert.equal(
        (await preview({ idpMetadataXml: xml, idpEntityId: 'urn:three' }).expect(422)).body.code,
        'bad_metadata',
      )
    })

    it('what is fetched is previewed as what is pasted, with its address', async () => {
      server.answer = idp.metadata()
      const { body } = await preview({ idpMetadataUrl: server.url }).expect(200)
      assert.deepEqual([body.idp.entityId, body.idp.metadataUrl], [idp.entityId, server.url])
      for (const [answer, code] of [
        [404, 'fetch_failed'],
        ['<a/>', 'bad_metadata'],
        ['no xml', 'bad_metadata'],
      ] as const) {
        server.answer = answer
        assert.equal((await preview({ idpMetadataUrl: server.url }).expect(422)).body.code, code)
      }
      for (const [url, why] of [
        ['http://127.0.0.1:1/', 'nothing listens at its address'],
        ['https://nowhere.invalid/', 'no address is known for its name'],
        [server.url.replace('http:', 'https:'), 'it speaks no TLS that this server understands'],
      ] as const) {
        const { body: refusal } = await preview({ idpMetadataUrl: url }).expect(422)
        assert.equal(refusal.detail, `${url} could not be fetched: ${why}.`)
      }
    })

    it('what is typed is stored as metadata would be, each certificate once', async () => {
      const { body } = await put(typed({ certificates: [idp.key.certificate, idp.key.certificate] })).expect(200)
      assert.equal(body.idp.ssoRedirectUrl, REDIRECT)
      assert.equal(body.certificates.length, 1)
      assert.deepEqual([body.refresh, body.pending], [null, null])
      const login = await fetch(`${app.url}/saml/${connection.id}/login`, { redirect: 'manual' })
      assert.ok(login.headers.get('location')?.startsWith(`${REDIRECT}?SAMLRequest=`))
      const { difference } = (await preview(typed({ wantsSignedRequests: true })).expect(200)).body
      assert.deepEqual(difference.changes, [{ attribute: 'wantsSignedRequests', before: false, after: true }])
    })

    const chain = () => `${idp.key.certificate.trim()}\n${old.certificate.trim()}`
    const xml = () => idp.metadata()
    const refused: [what: string, path: string, body: () => object][] = [
      ['a blank entityID', 'body.idp.entityId', () => typed({ entityId: ' ' })],
      ['no address to sign in at', 'body.idp.ssoRedirectUrl', () => typed({ ssoRedirectUrl: undefined })],
      ['an address that runs code', 'body.idp.ssoPostUrl', () => typed({ ssoPostUrl: 'javascript:alert(1)' })],
      ['an address that is none', 'body.idp.sloPostUrl', () => typed({ sloPostUrl: 'idp.example' })],
      ['a long address', 'body.idp.sloRedirectUrl', () => typed({ sloRedirectUrl: `https://x/${'y'.repeat(2_048)}` })],
      ['no certificate', 'body.idp.certificates', () => typed({ certificates: [] })],
      ['a certificate that is none', 'body.idp.certificates.1', () => typed({ certificates: [old.certificate, 'x'] })],
      ['a private key', 'body.idp.certificates.0', () => typed({ certificates: [idp.key.privateKey] })],
      ['a chain as one certificate', 'body.idp.certificates.0', () => typed({ certificates: [chain()] })],
      ['two ways at once', 'body.idpMetadataXml', () => ({ idpMetadataXml: xml(), idpMetadataUrl: server.url })],
      ['typed and pasted', 'body.idp', () => ({ idpMetadataXml: xml(), ...typed() })],
      ['a choice of what is typed', 'body.idpEntityId', () => ({ idpEntityId: idp.entityId, ...typed() })],
      ['a choice of nothing', 'body.idpEntityId', () => ({ idpEntityId: idp.entityId })],
    ]
    it('refuses what is typed wrong, by field, in a preview too', async () => {
      for (const [what, path, body] of refused)
        for (const send of [put, preview]) {
          const answer = await send(body())
          const paths = (answer.body.errors ?? []).map((one: Body) => one.path)
          // A preview without any of the three says that first.
          const nothing = send === preview && what === 'a choice of nothing'
          const expected = nothing ? 'body.idpMetadataUrl' : path
          assert.deepEqual([answer.status, answer.body.code, paths[0]], [400, 'invalid_request', expected], what)
        }
      assert.equal((await preview({}).expect(400)).body.code, 'invalid_request')
    })

    const appid = 'https://login.microsoftonline.com/t/federationmetadata/2007-06/federationmetadata.xml'
    it('warns of the metadata of a whole tenant, which it does not have to fetch to know (SAML.md d)', () => {
      const codes = (url: string) => warningsOf(readIdpMetadata(xml()), url, new Date()).map(({ code }) => code)
      assert.deepEqual(codes(appid), ['entra_without_appid'])
      assert.deepEqual(codes(`${appid}?appid=`), ['entra_without_appid'])
      assert.deepEqual(codes(`${appid}?appid=1-2`), [])
      assert.deepEqual(codes('https://idp.example/federationmetadata/2007-06/federationmetadata.xml'), [])
    })
  })

  describe('previews of metadata by one address', () => {
    const app = useApp(database)

    it('are five a minute, of those that are understood; a minute later there are more', async () => {
      const account = await app.anAccount()
      const { id } = await account.aConnection()
      const idp = await TestIdp.create('https://idp.example/entity')
      const preview = (idpMetadataXml: unknown) =>
        account.admin('post', `/connections/${id}/saml/preview`, { idpMetadataXml })
      const minute = Math.floor(Date.now() / 60_000) * 60_000
      app.at(new Date(minute))
      for (let time = 0; time < 6; time++) await preview(7).expect(400)
      for (let time = 0; time < 5; time++) await preview(idp.metadata()).expect(200)
      const refused = await preview(idp.metadata()).expect(429)
      assert.equal(refused.body.code, 'rate_limited')
      assert.ok(Number(refused.headers['retry-after']) > 0 && Number(refused.headers['retry-after']) <= 60)
      app.at(new Date(minute + 60_000))
      await preview(idp.metadata()).expect(200)
      app.at(undefined)
    })
  })
})
