import assert from 'node:assert/strict'
import request from 'supertest'
import { beginSelfTest, SELF_TEST_MS } from '../../../accounts/self-test.js'
import { type SelfTestStepName, STEPS } from '../../../server/self-test/steps.js'
import { aUser, type Body, TestApp, type TestConnection } from '../../harness/app.js'
import { forEachDatabase } from '../../harness/database.js'
import { Front, type Meddling } from '../../harness/front.js'
import { differences, LOG_TABLES, rowsOfAccount } from '../../harness/rows-of-account.js'

const isPatch: Meddling = ({ method }) => method === 'PATCH'

/** Answer as a proxy or another server would. */
const answering =
  (
    status: number,
    text = '<h1>nginx</h1>',
    headers: Readonly<Record<string, string>> = {},
    only = () => true as boolean,
  ): Meddling =>
  (_, response) => {
    if (!only()) return false
    response.writeHead(status, { 'Content-Type': 'text/html', ...headers }).end(text)
    return true
  }

interface Case {
  readonly what: string
  readonly meddle: Meddling
  /** The step that fails, and why. */
  readonly fails: readonly [SelfTestStepName, string]
  readonly received: RegExp
  /** Steps that are not tried. */
  readonly skipped: readonly SelfTestStepName[]
}

const ALL = STEPS.map(({ step }) => step)
const behind = (step: SelfTestStepName) => ALL.slice(ALL.indexOf(step) + 1)

const CASES: readonly Case[] = [
  {
    what: 'the address redirects',
    meddle: answering(301, '', { Location: 'https://elsewhere.example/scim' }),
    fails: ['address', 'redirected'],
    received: /^301 → https:\/\/elsewhere\.example\/scim$/,
    skipped: behind('address'),
  },
  {
    what: 'another server answers with a page',
    meddle: answering(200),
    fails: ['address', 'other_server'],
    received: /^200 text\/html$/,
    skipped: behind('address'),
  },
  {
    what: 'another server knows no such path',
    meddle: answering(404),
    fails: ['address', 'other_server'],
    received: /^404 text\/html$/,
    skipped: behind('address'),
  },
  {
    what: 'another SCIM server does not know the connection',
    meddle: (incoming) => {
      incoming.url = incoming.url?.replace(/scim\/v2\/[^/]+/, 'scim/v2/01900000-0000-7000-8000-000000000000') ?? ''
      return false
    },
    fails: ['address', 'other_server'],
    received: /^404, There is no connection/,
    skipped: behind('address'),
  },
  {
    what: 'the proxy does not reach the server',
    meddle: answering(502),
    fails: ['address', 'gateway'],
    received: /^502/,
    skipped: behind('address'),
  },
  {
    what: 'a login stands before it',
    meddle: answering(403),
    fails: ['address', 'blocked'],
    received: /^403/,
    skipped: behind('address'),
  },
  {
    what: 'the connection breaks off',
    meddle: (_, response) => {
      response.destroy()
      return true
    },
    fails: ['address', 'unreachable'],
    received: /^ECONNRESET$/,
    skipped: behind('address'),
  },
  {
    what: 'no HTTP comes back',
    meddle: (_, response) => {
      response.socket?.end('SSH-2.0-OpenSSH_9.6\r\n')
      return true
    },
    fails: ['address', 'other_server'],
    received: /^HPE_/,
    skipped: behind('address'),
  },
  {
    what: 'the proxy takes off the token',
    meddle: ({ headers }) => {
      delete headers.authorization
      return false
    },
    fails: ['token', 'token_lost'],
    received: /^401, The request had no token/,
    skipped: behind('token'),
  },
  {
    what: 'the proxy sends a token of its own',
    meddle: ({ headers }) => {
      if (headers.authorization !== undefined) headers.authorization = 'Bearer something-else'
      return false
    },
    fails: ['token', 'token_refused'],
    received: /^401, The token ending in else/,
    skipped: behind('token'),
  },
  {
    what: 'the proxy loses the query',
    meddle: (incoming) => {
      incoming.url = incoming.url?.split('?')[0] ?? ''
      return false
    },
    fails: ['lookup', 'unexpected_answer'],
    received: /totalResults: 1/,
    skipped: [],
  },
  {
    what: 'the proxy knows no PATCH',
    meddle: (incoming, response) => isPatch(incoming, response) && answering(405)(incoming, response),
    fails: ['patch', 'method_blocked'],
    received: /^405/,
    skipped: [],
  },
  {
    what: 'the proxy answers a POST itself',
    meddle: (incoming, response) => incoming.method === 'POST' && answering(413)(incoming, response),
    fails: ['create', 'other_server'],
    received: /^413/,
    skipped: ['patch', 'deactivate', 'delete'],
  },
]

forEachDatabase((database) => {
  describe('the self-test of a connection (PRODUCT 4.6)', () => {
    const front = new Front()
    let app: TestApp
    let okta: TestConnection

    before(async function () {
      this.timeout(60_000)
      await front.start()
      app = new TestApp(database, { PUBLIC_URL: front.url, USHER_RATE_LIMITS: 'off' })
      await app.start()
      front.to(app.server.port)
      okta = await app.aConnection()
    })
    afterEach(() => {
      front.meddle = () => false
      app.at(undefined)
    })
    after(async function () {
      this.timeout(30_000)
      await app.stop()
      await front.stop()
    })

    const selfTest = ({ account, id }: TestConnection, status = 200) =>
      account.admin('post', `/connections/${id}/self-test`).expect(status)
    const resultsOf = async (connection: TestConnection): Promise<Body> => (await selfTest(connection)).body
    const outcomes = ({ steps }: Body) => steps.map(({ step, outcome }: Body) => `${step} ${outcome}`)
    const traces = async ({ id }: TestConnection) => {
      await app.settle()
      await app.server.reads.flush()
      return rowsOfAccount(app.server.deps.db, id)
    }

    it('every step passes at an address that leads here, and says what was expected and came', async () => {
      const body = await resultsOf(okta)
      assert.equal(body.passed, true)
      assert.deepEqual(
        outcomes(body),
        [...ALL, 'clean_up'].map((step) => `${step} passed`),
      )
      const { ms, ...deactivate } = body.steps.find(({ step }: Body) => step === 'deactivate')
      assert.ok(Number.isInteger(ms) && ms >= 0)
      assert.match(deactivate.url, new RegExp(`^${front.url}/scim/v2/${okta.id}/Users/`))
      const { expected, received, method } = deactivate
      assert.deepEqual([method, expected, received], ['PATCH', '200, active: false', '200, active: false'])
    })

    for (const { what, meddle, fails, received, skipped } of CASES)
      it(`says it where ${what}`, async () => {
        front.meddle = meddle
        const body = await resultsOf(okta)
        assert.equal(body.passed, false)
        const [first] = body.steps.filter(({ outcome }: Body) => outcome === 'failed')
        assert.deepEqual([first.step, first.code], fails)
        assert.match(first.received, received)
        assert.ok(first.detail.split('. ').length > 1 || first.detail.includes(':'), first.detail)
        const untried = body.steps.filter(({ outcome }: Body) => outcome === 'skipped')
        assert.deepEqual(
          untried.map(({ step }: Body) => step),
          skipped,
        )
        assert.deepEqual(await traces(okta), {})
        const [event] = await okta.account.events('action=connection.self_tested')
        assert.deepEqual([event.outcome, event.code, event.message], ['failure', 'self_test_failed', first.detail])
      })

    it('leaves one event, and nothing else of it in the account or beside it', async () => {
      const account = await app.anAccount()
      await account.aProduct({ key: 'meet', seats: 1 })
      const entra = await account.aConnection({ idpKind: 'entra', defaults: { products: [{ key: 'meet' }] } })
      await account.admin('post', `/connections/${entra.id}/tokens`, {}).expect(201)
      await entra.provision(aUser())
      await app.settle()
      await app.server.reads.flush()
      const { db } = app.server.deps
      const before = await rowsOfAccount(db, account.id)
      const counts = (await account.admin('get', `/connections/${entra.id}/health`)).body
      const setup = (await account.admin('get', `/connections/${entra.id}/setup`)).body

      assert.equal((await resultsOf(entra)).passed, true)
      assert.deepEqual(await traces(entra), {})
      const came = differences(before, await rowsOfAccount(db, account.id))
      assert.deepEqual(came.map((row) => row.split(' ')[0]).sort(), ['event_facets', 'events'])
      assert.deepEqual((await account.admin('get', `/connections/${entra.id}/health`)).body, counts)
      assert.deepEqual((await account.admin('get', `/connections/${entra.id}/setup`)).body, setup)
      const [event] = await account.events('limit=1')
      assert.deepEqual(
        [event.action, event.outcome, event.connectionId, event.subject.type],
        ['connection.self_tested', 'success', entra.id, 'connection'],
      )
    })

    it('its token is its own: shown to nobody, good for one connection, and refused afterwards', async () => {
      const other = await okta.account.aConnection({ name: 'Other' })
      front.tokens.clear()
      let elsewhere: Promise<number> | undefined
      front.meddle = ({ method, headers: { authorization = '' } }) => {
        if (method === 'DELETE')
          elsewhere = (async () =>
            (await request(app.url).get(`/scim/v2/${other.id}/Users`).set('Authorization', authorization)).status)()
        return false
      }
      const answer = await selfTest(okta)
      const [, token = ''] = [...front.tokens]
      assert.match(token, /^Bearer selftest_/)
      assert.ok(!answer.text.includes('selftest_'))
      await request(app.url).get(`/scim/v2/${okta.id}/Users`).set('Authorization', token).expect(401)
      await request(app.url).get(`/scim/v2/${other.id}/Users`).set('Authorization', token).expect(401)
      assert.equal(await elsewhere, 401)
      const { body } = await okta.account.admin('get', `/connections/${okta.id}/tokens`).expect(200)
      assert.equal(body.items.length, 1)
    })

    it('says of a connection that is a draft or switched off whether its address works', async () => {
      const draft = await okta.account.admin('post', '/connections', { name: 'Draft', idpKind: 'okta' }).expect(201)
      const off = await okta.account.aConnection({ name: 'Off' })
      await okta.account.admin('patch', `/connections/${off.id}`, { mode: 'disabled', onDisable: 'keep' }).expect(200)
      for (const id of [draft.body.id, off.id])
        assert.equal((await okta.account.admin('post', `/connections/${id}/self-test`).expect(200)).body.passed, true)
      await okta.account.admin('post', `/connections/${okta.account.id}/self-test`).expect(404)
    })

    it('two at once: one runs, one is told to wait, and none removes what is of the other', async () => {
      const both = await Promise.all([0, 1].map(() => okta.account.admin('post', `/connections/${okta.id}/self-test`)))
      const good = both.filter(({ status }) => status === 200)
      const refused = both.filter(({ status }) => status === 409)
      assert.ok(good.length > 0 && good.length + refused.length === 2)
      for (const { body } of good) assert.equal(body.passed, true)
      for (const { body } of refused) assert.equal(body.code, 'self_test_running')
      assert.deepEqual(await traces(okta), {})
    })

    it('what a process left that died goes with the next test, or by itself within hours', async () => {
      const { deps } = app.server
      const start = Date.now()
      app.at(new Date(start))
      await beginSelfTest(deps, okta.account.id, okta.id)
      assert.equal((await selfTest(okta, 409)).body.code, 'self_test_running')
      app.at(new Date(start + SELF_TEST_MS))
      assert.equal((await resultsOf(okta)).passed, true)
      assert.deepEqual(await traces(okta), {})

      await beginSelfTest(deps, okta.account.id, okta.id)
      assert.deepEqual(Object.keys(await traces(okta)).sort(), ['connections', 'roles', 'scim_tokens'])
      app.at(new Date(start + 3 * 3_600_000))
      assert.deepEqual(await traces(okta), {})
    })

    it('an administrator cannot ask for the account of a test, and the operator does not see it', async () => {
      const { deps } = app.server
      app.at(new Date())
      await beginSelfTest(deps, okta.account.id, okta.id)
      await app.admin('get', `/accounts/${okta.id}/connections`).expect(404)
      const { body } = await app.admin('get', '/accounts?limit=100').expect(200)
      assert.ok(!body.items.some(({ id }: Body) => id === okta.id))
      app.at(new Date(Date.now() + SELF_TEST_MS))
      await selfTest(okta)
    })

    it('what the proxy took the token off stands in the log as any request without one', async () => {
      const connection = await okta.account.aConnection({ name: 'Behind a bad proxy' })
      front.meddle = ({ headers }) => {
        delete headers.authorization
        return false
      }
      const before = await rowsOfAccount(app.server.deps.db, okta.account.id, { without: LOG_TABLES })
      await resultsOf(connection)
      const events = await okta.account.events(`connectionId=${connection.id}&action=token.refused`)
      assert.deepEqual(
        events.map(({ code }) => code),
        ['token_missing'],
      )
      const after = await rowsOfAccount(app.server.deps.db, okta.account.id, { without: LOG_TABLES })
      assert.deepEqual(differences(before, after), [])
    })
  })
})
