import assert from 'node:assert/strict'
import type { Response } from 'supertest'
import { csvLine } from '../../../accounts/csv.js'
import { composed } from '../../../db/statement.js'
import { aUser, type Body, replace, type TestAccount, useApp } from '../../harness/app.js'
import { forEachDatabase } from '../../harness/database.js'
import { signIn } from '../../harness/people.js'

describe('a line of CSV (RFC 4180, PRODUCT 6.3)', () => {
  const CASES: readonly [values: string[], line: string][] = [
    [['a', '', 'c d'], 'a,,c d'],
    [['a,b', 'say "x"', 'two\nlines'], '"a,b","say ""x""","two\nlines"'],
    [['=1+1', '+1', '-1', '@x', '\tx'], "'=1+1,'+1,'-1,'@x,'\tx"],
    [['=HYPERLINK("http://x","y")', '\rx'], '"\'=HYPERLINK(""http://x"",""y"")","\'\rx"'],
    [['a=b', 'x-y', ' =1'], 'a=b,x-y, =1'],
  ]
  for (const [values, line] of CASES) it(JSON.stringify(values), () => assert.equal(csvLine(values), `${line}\r\n`))
})

forEachDatabase((database) => {
  describe('files of what a list shows (PRODUCT 6.3)', () => {
    const app = useApp(database)
    afterEach(() => app.at(undefined))

    const begin = async (account: TestAccount, order: object): Promise<string> =>
      (await account.admin('post', '/exports', order).expect(202)).body.id
    async function fileOf(account: TestAccount, order: object): Promise<{ headers: Body; text: string }> {
      const id = await begin(account, order)
      await app.settle()
      const { headers, text, body } = await account.admin('get', `/exports/${id}/file`).buffer(true).parse(asText)
      return { headers, text: text ?? body }
    }
    const asText = (response: Response, done: (error: Error | null, body: string) => void) => {
      let text = ''
      response.on('data', (piece) => (text += piece)).on('end', () => done(null, text))
    }

    it('hold the users that fit, with the filter and the time, and nothing that a spreadsheet runs', async () => {
      const okta = await app.aConnection()
      const { account } = okta
      await okta.provision(aUser({ userName: 'eve@x.example', displayName: '=cmd()' }))
      await account.aLocalUser({ email: 'ada@x.example' })
      const { headers, text } = await fileOf(account, { kind: 'users', format: 'csv', filter: { origin: 'directory' } })
      const [heading = '', names, eve = '', end] = text.split('\r\n')
      assert.match(heading, /^"# \{""kind"":""users"",""filter"":\{""origin"":""directory""\},""createdAt"":""20/)
      assert.match(names ?? '', /^displayName,givenName,familyName,email,status/)
      assert.ok(eve.startsWith("'=cmd(),Grace,Hopper,eve@x.example,invited"))
      assert.deepEqual([end, text.includes('ada@')], ['', false])
      assert.match(headers['content-disposition'], /^attachment; filename="users-\d{4}-\d\d-\d\d\.csv"$/)
      assert.match(headers['content-type'], /^text\/csv/)
    })

    it('hold the events that fit, as JSON lines, the newest first', async () => {
      const okta = await app.aConnection()
      const ada = await okta.provision(aUser())
      await okta.patch(`/Users/${ada.id}`, replace('title', 'Boss')).expect(200)
      await okta.patch(`/Users/${ada.id}`, replace('title', 5)).expect(400)
      const filter = { source: 'scim', outcome: ['success', 'failure'], q: ada.userName }
      const { text, headers } = await fileOf(okta.account, { kind: 'events', format: 'jsonl', filter })
      const [about, ...events] = text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
      assert.deepEqual([about.export.kind, about.export.filter.q], ['events', ada.userName])
      assert.deepEqual(
        events.map(({ action }: Body) => action),
        ['request.refused', 'user.updated', 'user.created'],
      )
      assert.match(headers['content-type'], /^application\/x-ndjson/)
    })

    it('are made in chunks, tell how far they are, and can be stopped', async () => {
      const okta = await app.aConnection()
      await okta.provision(aUser())
      const { account } = okta
      const copies = `INSERT INTO users (account_id, id, display_name, origin, suspended_by_admin, suspended_by_end,
          transfer_declined, transferred_out, status, role_id, role_source, role_source_id, overridden, version, created_at, updated_at)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
        SELECT account_id, id || '-' || i, 'Copy', 'local', 0, 0, 0, 0, 'active', role_id, 'default', '', 0, 1, 1, 1
        FROM users CROSS JOIN n WHERE account_id = ?`
      await app.server.deps.db.transaction((tx) => tx.run(composed(copies), [account.id]))
      const { text } = await fileOf(account, { kind: 'users', format: 'jsonl', filter: {} })
      const ids = text
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => JSON.parse(line).id)
      assert.deepEqual([ids.length, new Set(ids).size], [1_201, 1_201])
      const id = await begin(account, { kind: 'users', format: 'csv', filter: {} })
      await account.admin('delete', `/exports/${id}`).expect(204)
      await app.settle()
      const { body } = await account.admin('get', `/exports/${id}`).expect(200)
      assert.ok(['cancelled', 'finished'].includes(body.state), 'the worker may have been faster')
      if (body.state === 'cancelled') {
        const refused = await account.admin('get', `/exports/${id}/file`).expect(409)
        assert.equal(refused.body.code, 'export_not_finished')
      }
    })

    it('say how many rows there are, who asked, and that they are finished; the log knows it too', async () => {
      const okta = await app.aConnection()
      await okta.provision(aUser())
      const order = { kind: 'users', format: 'csv', filter: { status: 'invited' } }
      const id = await begin(okta.account, order)
      await app.settle()
      const { body } = await okta.account.admin('get', `/exports/${id}`).expect(200)
      assert.deepEqual([body.state, body.rows, body.progress, body.filter], ['finished', 1, 1, { status: 'invited' }])
      assert.equal(body.by.type, 'operator')
      const [event] = await okta.account.events('action=export.created')
      assert.deepEqual(
        event.changes.map(({ attribute }: Body) => attribute),
        ['kind', 'format', 'filter'],
      )
    })

    it('are only for whoever asked for them', async () => {
      const account = await app.anAccount()
      const id = await begin(account, { kind: 'users', format: 'csv', filter: {} })
      await app.settle()
      const { id: userId } = await account.aLocalUser({
        email: 'chief@x.example',
        role: 'super_admin',
        status: 'active',
      })
      const { cookie } = await signIn(account, userId)
      for (const path of [`/exports/${id}`, `/exports/${id}/file`]) {
        const answer = await fetch(`${app.url}/api/v1/accounts/${account.id}${path}`, { headers: { cookie } })
        assert.deepEqual([answer.status, ((await answer.json()) as Body).code], [404, 'export_not_found'])
      }
    })

    it('are gone after a day', async () => {
      const account = await app.anAccount()
      const id = await begin(account, { kind: 'users', format: 'csv', filter: {} })
      await app.settle()
      app.at(new Date(Date.now() + 26 * 3_600_000))
      await app.settle()
      await account.admin('get', `/exports/${id}`).expect(404)
      const left = await app.server.deps.db.all(composed('SELECT part FROM export_parts WHERE export_id = ?'), [id])
      assert.deepEqual(left, [])
    })
  })
})
