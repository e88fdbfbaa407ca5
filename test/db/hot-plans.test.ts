import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import request from 'supertest'
import { publishOutbox } from '../../accounts/outbox.js'
import type { DatabaseLocation } from '../../db/open.js'
import { composed } from '../../db/statement.js'
import { redirectUrl } from '../../saml/redirect-binding.js'
import { JWT_BEARER } from '../../server/oauth/token-request.js'
import {
  aUser,
  type Body,
  ENTERPRISE_URN,
  GROUP_URN,
  patchOf,
  replace,
  TestConnection,
  useApp,
} from '../harness/app.js'
import { Browser } from '../harness/browser.js'
import { clonePeople, NUMBER } from '../harness/clone-people.js'
import { forEachDatabase } from '../harness/database.js'
import { anOwner, PASSWORD } from '../harness/owner.js'
import { SingleSignOn } from '../harness/single-sign-on.js'
import { useReceiver } from '../harness/webhook-receiver.js'
import { TestIdp } from '../saml/an-idp.js'
import { anAssertion, anIssuerKey, TestIssuer } from '../server/oauth/an-issuer.js'
import { type Plan, readsOf } from './plan-reads.js'

const ROWS = 2_000
const DAY_MS = 86_400_000

/** Tables that grow with people, groups or traffic, and those of their columns that differ from row to row. */
const GROWING: Readonly<Record<string, readonly string[]>> = {
  users: [],
  user_terms: [],
  directory_users: [],
  directory_emails: [],
  deleted_directory_users: ['id', 'user_id', 'user_name_key'],
  directory_groups: ['id', 'display_key'],
  directory_members: ['group_id', 'directory_user_id'],
  grants: ['user_id'],
  licenses: ['user_id'],
  match_requests: ['id', 'user_id', 'identity_key'],
  invitations: ['id', 'user_id', 'token_hash'],
  sessions: ['id_hash', 'id', 'user_id'],
  saml_requests: ['id'],
  saml_arrivals: ['id_hash'],
  saml_used_assertions: ['assertion_id'],
  saml_links: ['identifier'],
  sign_in_traces: ['event_id'],
  sign_in_tests: ['id'],
  attempt_counts: ['subject'],
  stray_requests: ['path'],
  export_parts: ['export_id'],
  events: ['id', 'user_id', 'parent_id'],
  event_refs: ['ref', 'event_id'],
  event_payloads: ['event_id'],
  jobs: ['id', 'subject'],
  feed: ['seq', 'job_id'],
  webhook_deliveries: ['seq', 'event_id', 'subject'],
  read_log: ['id'],
  access_tokens: ['hash'],
  used_client_assertions: ['assertion_hash'],
  passwords: ['user_id', 'email_key'],
  second_factors: ['user_id'],
  recovery_codes: ['user_id'],
  known_devices: ['user_id'],
  one_time_links: ['id_hash', 'user_id'],
  sign_in_steps: ['id_hash'],
  mails: ['id', 'user_id'],
}

/** Of the jobs every other one is open, and due when nobody will run it; sessions are live. */
const OTHERWISE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  jobs: { state: `CASE WHEN i % 2 = 0 THEN 'open' ELSE t.state END`, run_at: String(Date.UTC(9999, 0)) },
  sessions: { ended_at: 'NULL' },
  webhook_deliveries: { state: `CASE WHEN i % 2 = 0 THEN 'open' ELSE t.state END`, next_at: String(Date.UTC(9999, 0)) },
}

const COUNTED_ROWS = `WITH RECURSIVE counted(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < ${ROWS})`

/** What every row of an account or of a connection has: entering an index by no more than these walks all of it. */
const SCOPE = new Set(['account_id', 'connection_id'])

/**
 * What may be sorted: what one parameter names, what belongs to one person, a part that has a limit, short lists, and
 * what a filter finds (filter-plan.test.ts has the orders of lists).
 */
const SMALL_SORT =
  /json_each\(|jsonb_array_elements|AS source\b|user_id = |manager_id = |LIMIT [^()]*\)|directory_\w+ r WHERE|event_facets|roles|mapping_rules|FROM products WHERE/

/** The open outbox, which has an index to itself, the feed and the reads of a connection are read from their ends. */
const FROM_THE_END =
  /kind = 'outbox'[^()]*LIMIT|FROM feed WHERE account_id = \S+ ORDER BY seq LIMIT|FROM read_log[^()]* ORDER BY occurred_at DESC LIMIT/
/** What is only counted is counted in an index, for the eyes of an administrator. */
const COUNTED = /^SELECT (\w+, )?count\(\*\) AS total FROM/
/** Of users a page in an order of theirs, or the few whom a filter finds, sorted; and the look at whether they are few. */
const USER_LIST = /^SELECT u\.\* FROM (users u|\(SELECT DISTINCT id FROM)|AS probe$/
/** What the harness asks to know that all jobs are done. */
const HARNESS = /1 AS open FROM jobs|SELECT kind, failure FROM jobs|1 AS written/
const WRITTEN_READS = composed('SELECT 1 AS written FROM read_log LIMIT 1')

forEachDatabase(({ kind, create }) => {
  describe(`the plans of what requests and jobs send, in a store of ${ROWS} of everything (DESIGN 1, promise 6)`, function () {
    this.timeout(60_000)
    let location: DatabaseLocation
    const open = async () => {
      const made = await create()
      location = made.location
      return made
    }
    const app = useApp({ kind, create: open }, { USHER_ALLOW_PRIVATE_FETCH: 'on' })
    let okta: TestConnection
    let sso: SingleSignOn
    let issuer: TestIssuer
    const receiver = useReceiver()
    let plans: Plan[]

    before(async function () {
      this.timeout(60_000)
      const account = await app.anAccount()
      await account.aProduct({ key: 'meet', seats: 3 })
      await account.aProduct({ key: 'one', includes: ['meet'], seats: 2 })
      okta = await account.aConnection()
      issuer = await TestIssuer.start()
      await okta.aRule({ condition: 'groups.display eq "Sales"', effects: { products: [{ key: 'one' }] } })
      await okta.aRule({ condition: 'title eq "Boss"', effects: { role: 'admin' } })
      sso = await SingleSignOn.setUp(okta, await TestIdp.create('https://idp.example/entity'))
      const texts = await app.statementsOf(async () => {
        await work()
        await work()
        await readsAreWritten()
      })
      await fill()
      const plansFor = (all: string[]) =>
        readsOf(
          location,
          all.filter((text) => !HARNESS.test(text)),
        )
      plans = await plansFor(texts)
      // Retention comes last: it leaves little for the others to find.
      app.at(new Date(Date.now() + 200 * DAY_MS))
      plans.push(...(await plansFor(await app.statementsOf(() => app.settle()))))
    })

    after(() => issuer.stop())

    /** What was read waits up to a second for others. */
    async function readsAreWritten(): Promise<void> {
      while ((await app.server.deps.db.get(WRITTEN_READS, [])) === undefined) await setTimeout(20)
    }

    /** What directories send in a day, what follows from it, and what is read of it. */
    async function work(): Promise<void> {
      const ada = await okta.provision(aUser({ externalId: 'ada', title: 'Boss' }))
      const bob = await okta.provision(aUser({ [ENTERPRISE_URN]: { manager: { value: ada.id } } }))
      const eve = await okta.provision(aUser({ active: false }))
      const body = aUser({ userName: 'again@x.example' })
      const again = await okta.provision(body)
      await okta.post('/Users', body).expect(409)
      const user = (id: string, operation: object) => okta.patch(`/Users/${id}`, operation).expect(200)
      await user(ada.id, replace('active', false))
      await user(ada.id, replace('active', true))
      await user(ada.id, replace('userName', 'renamed@x.example'))
      await user(bob.id, replace('emails', [{ type: 'work', value: 'new@x.example' }]))
      await user(bob.id, replace(`${ENTERPRISE_URN}:manager`, { value: eve.id }))
      await user(bob.id, replace('title', 'Boss'))
      await user(bob.id, replace('title', 'Boss'))
      await okta.put(`/Users/${eve.id}`, aUser({ userName: eve.userName, externalId: 'eve' })).expect(200)
      await groupWork([ada, bob, eve, again])
      await okta.delete(`/Users/${again.id}`).expect(204)
      const restored = await okta.provision(body)
      await okta.delete(`/Users/${eve.id}`).expect(204)
      for (const { id } of [ada, bob, restored]) {
        await okta.get(`/Users/${id}`).expect(200)
        await okta.delete(`/Users/${id}`).expect(204)
      }
      await localWork()
      await signInWork()
      await clientWork()
      await webhookWork()
      await passwordWork()
      await consoleWork()
      await app.settle()
      while ((await publishOutbox(app.server.deps)) > 0);
    }

    /** The attributes by which directories look one up; filter-plan.test.ts has those that find many. */
    async function lookUp({ id }: Body, group: Body): Promise<void> {
      const user = await okta.read(id)
      const [{ value: email }] = user.emails
      const filters = [
        `userName eq "${user.userName}"`,
        'externalId eq "ada"',
        `id eq "${user.id}"`,
        `emails.value eq "${email}"`,
        `emails[type eq "work"].value eq "${email}"`,
        `groups.value eq "${group.id}"`,
      ]
      for (const filter of filters) assert.ok((await okta.find('Users', filter)).length > 0, filter)
      const ofGroups = ['displayName eq "sales"', `id eq "${group.id}"`, `members.value eq "${user.id}"`]
      for (const filter of ofGroups) assert.ok((await okta.find('Groups', filter)).length > 0, filter)
    }

    async function groupWork([ada, bob, eve, again]: readonly [Body, Body, Body, Body]): Promise<void> {
      const group = await okta.aGroup('Sales', [ada, bob, eve])
      const path = `/Groups/${group.id}`
      const members = (op: string, ...people: Body[]) =>
        okta.patch(path, patchOf({ op, path: 'members', value: people.map(({ id }) => ({ value: id })) })).expect(204)
      await lookUp(ada, group)
      await members('add', again)
      await members('remove', ada, bob)
      await members('replace', ada)
      await okta.patch(path, replace('displayName', 'Sale')).expect(204)
      const put = { schemas: [GROUP_URN], displayName: 'Sales', members: [{ value: bob.id }, { value: eve.id }] }
      await okta.put(path, put).expect(200)
      for (const query of ['', '?excludedAttributes=members']) await okta.get(`${path}${query}`).expect(200)
      await okta.delete(path).expect(204)
    }

    /** What an administrator looks at. */
    async function consoleWork(): Promise<void> {
      const { account, id } = okta
      const lists = [
        'sort=name',
        'sort=-lastSignIn',
        'role=member',
        `connectionId=${id}`,
        'product=meet',
        'flag=override',
      ]
      const groups = `/connections/${id}/groups`
      const group = await okta.aGroup('Looked at')
      const [event] = await account.events('action=group.created')
      for (const path of [`/events/${event.id}`, `/events/count?after=${event.id}`])
        await account.admin('get', path).expect(200)
      const ofGroups = [groups, `${groups}?q=sal`, `${groups}/${group.id}`, `${groups}/${group.id}/members`]
      await request(app.url).get('/scim/v2/Users').expect(404)
      const paths = [
        '/overview',
        `/connections/${id}/health`,
        `/connections/${id}/setup`,
        '/roles',
        ...ofGroups,
        ...lists.map((query) => `/users?${query}`),
      ]
      for (const path of paths) await account.admin('get', path).expect(200)
      const [meet] = [...(await account.products()).values()]
      await account.admin('get', `/products/${meet.id}/waiting`).expect(200)
      await okta.delete(`/Groups/${group.id}`).expect(204)
      for (const kind of ['events', 'users'] as const) {
        const order = { kind, format: 'csv', filter: { q: 'renamed' } }
        const { body } = await account.admin('post', '/exports', order).expect(202)
        await app.settle()
        await account.admin('get', `/exports/${body.id}`).expect(200)
        await account.admin('get', `/exports/${body.id}/file`).expect(200)
      }
    }

    /** OAuth clients ask for access tokens, use them and lose them; wrong ones are refused. */
    async function clientWork(): Promise<void> {
      const { account, id } = okta
      const key = await anIssuerKey('key')
      issuer.keys = [key.jwk]
      const terms = { issuer: issuer.url, jwksUrl: `${issuer.jwksUrl}?${key.jwk.n}`, subject: 's', audience: 'a' }
      await account.admin('put', `/connections/${id}/federation`, terms).expect(200)
      const { body: secret } = await account.admin('post', `/connections/${id}/secrets`, {}).expect(201)
      const ask = (fields: object) =>
        request(app.url)
          .post('/oauth/token')
          .type('form')
          .send({ grant_type: 'client_credentials', client_id: id, ...fields })
      const assertion = await anAssertion(key, new Date(), { iss: issuer.url, sub: 's', aud: 'a' })
      const signed = { client_assertion_type: JWT_BEARER, client_assertion: assertion }
      for (const fields of [{ client_secret: secret.clientSecret }, signed]) {
        const { access_token: token } = (await ask(fields).expect(200)).body
        await new TestConnection(account, id, token).find('Users', 'userName eq "nobody"')
      }
      await ask(signed).expect(401)
      await ask({ client_secret: 'x' }).expect(401)
      await account.admin('get', `/connections/${id}/secrets`).expect(200)
      await account.admin('delete', `/connections/${id}/secrets/${secret.id}`).expect(204)
    }

    /** A rule for everyone, a user by hand with a grant, and the log of it. */
    async function localWork(): Promise<void> {
      const { account } = okta
      const rule = await okta.aRule({ effects: { products: [{ key: 'meet' }] } })
      await account.admin('delete', `/connections/${okta.id}/rules/${rule.id}`).expect(204)
      const user = await account.aLocalUser({ email: `${rule.id}@x.example` })
      await account.admin('post', `/users/${user.id}/grants`, { kind: 'product', value: 'meet' }).expect(201)
      await account.user(user.id)
      for (const query of ['', 'q=renamed', `userId=${user.id}`, 'outcome=failure', `ruleId=${rule.id}`])
        await account.events(query)
      const clash = aUser({ userName: `${rule.id}@x.example` })
      await okta.post('/Users', clash).expect(409)
      const [request] = (await account.admin('get', '/match-requests?state=open').expect(200)).body.items
      await account.admin('post', `/match-requests/${request.id}/decision`, { decision: 'link' }).expect(200)
      await okta.provision(clash)
    }

    /** A target that takes, fails, takes again and is gone; what is read of it and sent again. */
    async function webhookWork(): Promise<void> {
      const { account } = okta
      await app.settle()
      receiver.answerTo = () => 200
      const add = async () =>
        `/webhooks/${(await account.admin('post', '/webhooks', { url: receiver.url }).expect(201)).body.id}`
      const path = await add()
      const enabled = (value: boolean) => account.admin('patch', path, { enabled: value }).expect(200)
      for (const status of [200, 500, 200, 410]) {
        receiver.answerTo = () => status
        await okta.provision(aUser())
        await app.settle()
        await enabled(false)
        await enabled(true)
      }
      const { items } = (await account.admin('get', `${path}/deliveries`).expect(200)).body
      for (const body of [{ from: items.at(-1).id }, { deliveryId: items[0].id }])
        await account.admin('post', `${path}/replay`, body).expect(204)
      await account.admin('post', `${path}/secret`, {}).expect(201)
      const { cursor } = (await account.admin('get', '/feed?limit=2&mode=full').expect(200)).body
      await account.admin('get', `/feed?cursor=${cursor}`).expect(200)
      await app.settle()
      await account.admin('delete', path).expect(204)
      // Its deliveries go by age. Switched off, because nobody would be through with the copies of the feed.
      receiver.answerTo = () => 200
      const other = await add()
      await okta.provision(aUser())
      await app.settle()
      await account.admin('patch', other, { enabled: false }).expect(200)
    }

    /** An owner, somebody whom she invites, who forgets her password and guesses; what is read of it. */
    async function passwordWork(): Promise<void> {
      const { account } = okta
      const owner = await anOwner(app, account)
      const person = await account.aLocalUser({ email: `invited${Date.now()}@x.example` })
      const { body } = await account.admin('post', `/users/${person.id}/invitation`, {}).expect(201)
      const browser = new Browser(app)
      const follow = (url: string) => browser.submit(new URL(url).pathname, { password: PASSWORD })
      assert.equal((await follow(body.url)).status, 303)
      for (const password of ['wrong', PASSWORD])
        await browser.submit('/sign-in/password', { email: person.email, password })
      await browser.submit('/forgotten', { email: person.email })
      await app.settle()
      const mails = (await account.admin('get', '/mails').expect(200)).body.items
      assert.equal((await follow(/https?:\S+/.exec(mails[0].text)![0])).status, 303)
      await owner.browser.call('get', '/me')
      await owner.browser.call('post', '/me/password', { current: PASSWORD, password: 'nine tall ladders' })
      const again = new Browser(app)
      await again.submit('/sign-in/password', { email: owner.email, password: 'nine tall ladders' })
      for (const code of ['123', owner.recoveryCodes[0]!]) await again.submit('/sign-in/code', { code })
      assert.equal((await again.call('get', '/session')).status, 200)
      // Whoever does not go on leaves what she did so far.
      await again.submit('/sign-in/password', { email: owner.email, password: 'nine tall ladders' })
    }

    /** There and back, what she does then, and each way in which a session ends. */
    async function signInWork(): Promise<void> {
      const { userName } = await okta.provision(aUser())
      const origin = { Origin: app.server.publicUrl }
      const signedIn = async () => {
        const browser = new Browser(app)
        assert.equal((await sso.signIn(browser, { nameId: userName })).status, 303)
        return browser
      }
      const [browser] = [await signedIn(), await signedIn()]
      const { id } = (await browser.get('/api/v1/session')).body.user
      assert.equal((await browser.get('/api/v1/sessions')).status, 200)
      assert.equal((await browser.post('/api/v1/session/token', origin)).status, 200)
      const { body } = await okta.account.admin('get', `/users/${id}/sessions`).expect(200)
      for (const path of [`/${body.items[1].id}`, ''])
        assert.equal((await browser.delete(`/api/v1/sessions${path}`, origin)).status, 204)
      await browser.delete('/api/v1/session', origin)
      await signedIn()
      await okta.account.admin('delete', `/users/${id}/sessions`).expect(204)
      const sloPath = `/saml/${okta.id}/slo`
      const xml = sso.idp.logoutRequest(app.server.publicUrl + sloPath, userName, { id: `_${id}` })
      const message = { kind: 'SAMLRequest', xml, relayState: undefined } as const
      const { search } = new URL(redirectUrl('https://x.example/', message, sso.idp.key.privateKey))
      assert.equal((await browser.get(sloPath + search)).status, 302)
      await signedIn()
      // A browser that does not come back leaves its request and the answer.
      const inResponseTo = await sso.begin(browser)
      const SAMLResponse = await sso.idp.response(sso.sp, { inResponseTo })
      await browser.postFromIdp(`/saml/${okta.id}/acs`, { SAMLResponse })
      await triedOut(browser, userName)
      await mapped(userName)
    }

    /** A way that is found and one that is not, a test, and what the log keeps of it. */
    async function triedOut(browser: Browser, nameId: string): Promise<void> {
      assert.equal((await browser.submit('/sign-in', { email: 'nobody@unknown.example' })).status, 200)
      const path = `/connections/${okta.id}/saml/test`
      const { body } = await okta.account.admin('post', path).expect(201)
      const inResponseTo = await sso.begin(browser, `/saml/${okta.id}/login?test=${body.id}`)
      assert.equal((await sso.answer(browser, { inResponseTo, ...sso.unused(), nameId })).status, 200)
      const tested = await okta.account.admin('get', `${path}/${body.id}`).expect(200)
      const event = await okta.account.admin('get', `/events/${tested.body.event.id}`).expect(200)
      assert.ok(event.body.payload)
    }

    /** Rules apply to an assertion, and then no longer. */
    async function mapped(nameId: string): Promise<void> {
      const set = (rolesFromAssertion: boolean) =>
        okta.account.admin('put', `/connections/${okta.id}/saml`, { rolesFromAssertion }).expect(200)
      await set(true)
      const attributes = { groups: ['Sales'] }
      assert.equal((await sso.signIn(new Browser(app), { nameId, attributes })).status, 303)
      await set(false)
      await app.settle()
    }

    /** Every table that grows is given rows, copies of one that the server wrote. */
    async function fill(): Promise<void> {
      const { db } = app.server.deps
      const original = await okta.provision(aUser({ userName: `copy${NUMBER}@x.example` }))
      await okta.aGroup('Sales', [original])
      for (const [table, own] of Object.entries(GROWING)) {
        // A job that is done: copies of an open one would all be run.
        const one = `SELECT * FROM ${table} ${table === 'jobs' ? `WHERE state = 'done'` : ''} LIMIT 1`
        const sample = await db.get<Record<string, unknown>>(composed(one), [])
        if (sample === undefined || own.length === 0) continue
        const columns = Object.keys(sample)
        const values = columns.map((name) => {
          const other = OTHERWISE[table]?.[name]
          if (other !== undefined) return other
          if (!own.includes(name)) return `t.${name}`
          return typeof sample[name] === 'number' ? `t.${name} + i` : `t.${name} || '-' || i`
        })
        const text = `INSERT INTO ${table} (${columns.join(', ')})
          ${COUNTED_ROWS} SELECT ${values.join(', ')} FROM counted CROSS JOIN (${one}) AS t
          WHERE true ON CONFLICT DO NOTHING`
        await db.transaction((tx) => tx.run(composed(text), []))
      }
      await clonePeople(db, { accountId: okta.account.id, connectionId: okta.id, scimId: original.id }, ROWS)
    }

    it('the series is representative: every table that has a writer is written and read', () => {
      const words = plans.map(({ text }) => text).join('\n')
      const written = Object.keys(GROWING).filter((table) => new RegExp(`INSERT INTO ${table}\\b`).test(words))
      assert.deepEqual(written.sort(), Object.keys(GROWING).sort())
      const saml = ['saml_arrivals', 'saml_requests', 'saml_used_assertions']
      const kept = ['stray_requests', 'sign_in_traces', 'sign_in_tests', 'attempt_counts']
      const clients = ['access_tokens', 'used_client_assertions']
      const forgotten = [
        ...clients,
        ...saml,
        ...kept,
        'events',
        'event_payloads',
        'feed',
        'jobs',
        'read_log',
        'sessions',
        'users',
        'webhook_deliveries',
        'known_devices',
        'mails',
        'one_time_links',
        'sign_in_steps',
      ]
      for (const table of forgotten) assert.match(words, new RegExp(`DELETE FROM ${table}\\b`))
      assert.ok(plans.length > 120, `${plans.length} statements`)
    })

    it('no table that grows is read whole, nor all of an account or a connection', () => {
      const walks = plans.filter(
        ({ text, reads }) =>
          !FROM_THE_END.test(text) &&
          !COUNTED.test(text) &&
          !USER_LIST.test(text) &&
          reads.some(({ table, columns }) => table in GROWING && columns.every((column) => SCOPE.has(column))),
      )
      assert.deepEqual(walks.map(({ text, plan }) => `${text}\n${plan}`).join('\n\n'), '')
    })

    it('nothing is sorted that could be long', () => {
      const sorted = plans.filter(({ text, sorts }) => sorts && !SMALL_SORT.test(text))
      assert.deepEqual(sorted.map(({ text, plan }) => `${text}\n${plan}`).join('\n\n'), '')
    })
  })
})
