import assert from 'node:assert/strict'
import { JWT_BEARER } from '../../../server/oauth/token-request.js'
import { type Body, type TestConnection, useApp } from '../../harness/app.js'
import { forEachDatabaseInTime } from '../../harness/database.js'
import { type RawRequest, rawCall } from '../../harness/raw-call.js'
import { differences, LOG_TABLES, rowsOfAccount } from '../../harness/rows-of-account.js'

const FORM = 'application/x-www-form-urlencoded'
/** What RFC 6749 §5.2 lets stand in a description. */
const DESCRIPTION = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/

/** A request with one thing wrong. `C` and `S` stand for the client's id and a live secret of it. */
interface Case {
  readonly what: string
  readonly body?: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
  readonly status: number
  readonly error: string
  /** In the log of the connection; undefined where the request names none. */
  readonly code?: string
}

const invalid = { status: 400, error: 'invalid_request' }
const malformed = { ...invalid, code: 'token_request_invalid' }
const client = { status: 401, error: 'invalid_client' }
const missing = { ...client, code: 'credential_missing' }
const unknown = { ...client, code: 'secret_unknown' }
const GRANT = 'grant_type=client_credentials'
const GOOD = `${GRANT}&client_id=C&client_secret=S`
const TYPE = `client_assertion_type=${encodeURIComponent(JWT_BEARER)}`
const basic = (text: string) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` })

const CASES: readonly Case[] = [
  { what: 'no body', ...invalid },
  { what: 'no grant_type', body: 'client_id=C&client_secret=S', ...malformed },
  { what: 'an empty grant_type (§3.2)', body: 'grant_type=&client_id=C&client_secret=S', ...malformed },
  { what: 'no client_id', body: `${GRANT}&client_secret=S`, ...invalid },
  ...['password', 'refresh_token', 'authorization_code', 'CLIENT_CREDENTIALS', '__proto__'].map((grant) => ({
    what: grant,
    body: `grant_type=${grant}&client_id=C&client_secret=S`,
    ...{ status: 400, error: 'unsupported_grant_type', code: 'grant_type_unsupported' },
  })),
  ...['openid', 'scim%20openid', 'SCIM', 'a%00b'].map((scope) => ({
    what: `scope ${scope}`,
    body: `${GOOD}&scope=${scope}`,
    ...{ status: 400, error: 'invalid_scope', code: 'scope_unknown' },
  })),
  ...['grant_type=client_credentials', 'client_id=C', 'client_secret=S', 'scope=scim&scope=scim'].map((more) => ({
    what: `twice ${more}`,
    body: `${GOOD}&${more}`,
    ...malformed,
  })),
  {
    what: 'as JSON',
    body: '{"grant_type":"client_credentials"}',
    headers: { 'Content-Type': 'application/json' },
    ...invalid,
  },
  { what: 'of no type', body: GOOD, headers: { 'Content-Type': '' }, ...malformed },
  { what: 'in its address', body: '', ...invalid },
  { what: 'packed', body: GOOD, headers: { 'Content-Encoding': 'gzip' }, ...invalid },
  { what: 'of 64 KB', body: `${GOOD}&x=${'x'.repeat(65_536)}`, ...invalid },
  { what: 'not UTF-8', body: Buffer.from(`${GRANT}&client_id=C&client_secret=\u00e9`, 'latin1'), ...unknown },
  { what: 'no secret', body: `${GRANT}&client_id=C`, ...missing },
  { what: 'an empty secret', body: `${GRANT}&client_id=C&client_secret=`, ...missing },
  { what: 'a wrong secret', body: `${GRANT}&client_id=C&client_secret=S%00`, ...unknown },
  { what: 'a secret of control characters', body: `${GRANT}&client_id=C&client_secret=%00%ed%a0%80%0a`, ...unknown },
  ...['nobody', '%00', '%ed%a0%80', "'--", '..%2f', 'x'.repeat(5_000), '__proto__'].map((id) => ({
    what: `client ${id.slice(0, 20)}`,
    body: `${GRANT}&client_id=${id}&client_secret=S`,
    ...client,
  })),
  { what: 'Basic without a secret', body: GRANT, headers: basic('C:'), ...missing },
  { what: 'Basic without a colon', body: GRANT, headers: basic('C'), ...client },
  { what: 'Basic that is not encoded', body: GRANT, headers: basic('C:%zz'), ...client },
  {
    what: 'Basic that is not UTF-8',
    body: GRANT,
    headers: { Authorization: `Basic ${Buffer.from([0x43, 0x3a, 0xff]).toString('base64')}` },
    ...client,
  },
  { what: 'Basic of a wrong secret', body: GRANT, headers: basic('C:S:'), ...unknown },
  { what: 'Basic with U+0000', body: GRANT, headers: basic('C\0:S'), ...client },
  { what: 'Bearer', body: GOOD, headers: { Authorization: 'Bearer S' }, ...missing },
  { what: 'Basic and a secret (§2.3)', body: GOOD, headers: basic('C:S'), ...malformed },
  { what: 'Basic of another client', body: `${GRANT}&client_id=D`, headers: basic('C:S'), ...malformed },
  { what: 'Basic and an assertion', body: `${GRANT}&${TYPE}&client_assertion=x`, headers: basic('C:S'), ...malformed },
  { what: 'a secret and an assertion', body: `${GOOD}&${TYPE}&client_assertion=x`, ...malformed },
  { what: 'an assertion of no type', body: `${GRANT}&client_id=C&client_assertion=x`, ...malformed },
  {
    what: 'an assertion of another type',
    body: `${GRANT}&client_id=C&client_assertion=x&client_assertion_type=x`,
    ...malformed,
  },
  { what: 'the type alone', body: `${GRANT}&client_id=C&${TYPE}`, ...malformed },
  {
    what: 'an assertion that nobody is trusted for',
    body: `${GRANT}&client_id=C&${TYPE}&client_assertion=x`,
    ...client,
    code: 'federation_missing',
  },
]

forEachDatabaseInTime((database) => {
  describe('bad requests to the token endpoint (RFC 6749 §5.2)', () => {
    const app = useApp(database)
    const start = Math.ceil(Date.now() / 60_000) * 60_000
    let connection: TestConnection
    let secret: string

    before(async () => {
      connection = await app.aConnection()
      const made = await connection.account.admin('post', `/connections/${connection.id}/secrets`, {}).expect(201)
      secret = made.body.clientSecret
    })
    after(() => app.at(undefined))

    const filled = (text: string) => text.replaceAll(/\bC\b/g, connection.id).replaceAll(/\bS\b/g, secret)
    const send = (request: Partial<RawRequest>) =>
      rawCall(app.url, { method: 'POST', path: '/oauth/token', ...request })

    function requestOf({ what, body, headers = {} }: Case): Partial<RawRequest> {
      const basicOf = (value: string) => {
        const [, encoded] = value.split(' ')
        const text = Buffer.from(encoded ?? '', 'base64').toString('latin1')
        return `Basic ${Buffer.from(filled(text), 'latin1').toString('base64')}`
      }
      const all = Object.entries({ 'Content-Type': FORM, ...headers }).map(([name, value]) => [
        name,
        value.startsWith('Basic ') ? basicOf(value) : filled(value),
      ])
      const query = what === 'in its address' ? `?${filled(GOOD)}` : ''
      const sent =
        typeof body === 'string' ? filled(body) : body && Buffer.from(filled(body.toString('latin1')), 'latin1')
      return {
        path: `/oauth/token${query}`,
        headers: Object.fromEntries(all),
        ...(sent === undefined ? {} : { body: sent }),
      }
    }

    it('are refused in its words, uncached, with the reason in the log, and change nothing', async () => {
      const rows = () => rowsOfAccount(app.server.deps.db, connection.account.id, { without: LOG_TABLES })
      const untouched = await rows()
      const wrong: unknown[] = []
      for (const [index, one] of CASES.entries()) {
        app.at(new Date(start + index * 60_000))
        const { status, headers, text } = await send(requestOf(one))
        const { error, error_description: description, ...more } = JSON.parse(text) as Body
        const id = String(headers['x-request-id'])
        const [event] = await connection.account.events('action=client.refused&limit=1')
        const code = event?.id === id ? event.code : undefined
        const challenge = status === 401 ? /^Basic realm=/.test(String(headers['www-authenticate'])) : true
        const right = [status, error, code, headers['cache-control'], more, challenge]
        const expected = [one.status, one.error, one.code, 'no-store', {}, true]
        if (
          JSON.stringify(right) !== JSON.stringify(expected) ||
          !DESCRIPTION.test(description) ||
          !description.includes(id)
        )
          wrong.push([one.what, right, description])
        assert.equal(text.includes(secret) || JSON.stringify(event ?? {}).includes(secret), false, one.what)
      }
      assert.deepEqual(wrong, [])
      assert.deepEqual(differences(untouched, await rows()), [])
    })

    it('by other methods are 405; the metadata (RFC 8414) say where it is and what it takes', async () => {
      for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
        const { status, headers } = await send({ method })
        assert.deepEqual([status, headers.allow, headers['cache-control']], [405, 'POST', 'no-store'])
      }
      const { status, text } = await send({ method: 'GET', path: '/.well-known/oauth-authorization-server' })
      const { issuer, grant_types_supported: grants } = JSON.parse(text)
      assert.deepEqual([status, issuer, grants], [200, app.server.publicUrl, ['client_credentials']])
    })
  })
})
