import assert from 'node:assert/strict'
import { SCIM_ROUTES } from '../../../scim/routes.js'
import { aUser, type Body, GROUP_URN, patchOf, replace, type TestConnection, useApp } from '../../harness/app.js'
import { forEachDatabaseInTime } from '../../harness/database.js'
import { type RawAnswer, rawCall } from '../../harness/raw-call.js'

const ERROR_URN = 'urn:ietf:params:scim:api:messages:2.0:Error'
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND'] as const

forEachDatabaseInTime((database) => {
  describe('transport and media types (SCIM.md 2)', () => {
    const app = useApp(database)
    let okta: TestConnection
    let ada: Body
    let group: Body

    before(async () => {
      okta = await app.aConnection()
      ada = await okta.provision(aUser({ displayName: 'Ada Lovelace', title: 'Countess' }))
      group = await okta.aGroup('Analysts', [ada])
    })

    const call = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
      rawCall(app.url, {
        ...{ method, path: `/scim/v2/${okta.id}${path}` },
        headers: { Authorization: `Bearer ${okta.token}`, ...headers },
        ...(body === undefined ? {} : { body }),
      })

    function assertScimError({ status, text, headers }: RawAnswer, expected: number, method: string) {
      assert.equal(status, expected, text)
      if (method === 'HEAD') return
      assert.match(String(headers['content-type']), /^application\/scim\+json/)
      const body = JSON.parse(text)
      assert.deepEqual([body.schemas, body.status], [[ERROR_URN], String(expected)])
      assert.ok(body.detail.length > 10)
    }

    const answers = [
      [undefined, 'application/scim+json'],
      ['*/*', 'application/scim+json'],
      ['application/scim+json', 'application/scim+json'],
      ['application/json', 'application/json'],
      ['Application/JSON; q=0.9, */*; q=0.1', 'application/json'],
      ['application/json, application/scim+json', 'application/scim+json'],
      ['text/html', 'application/scim+json'],
    ] as const
    for (const [accept, type] of answers)
      it(`RFC 7644 §3.8 [1] [2] [3] Accept ${accept} is answered in UTF-8 as ${type}, a refusal too`, async () => {
        const headers: Record<string, string> = accept === undefined ? {} : { Accept: accept }
        for (const path of [`/Users/${ada.id}`, '/Users/none', '/ServiceProviderConfig', '/Roles']) {
          const answer = await call('GET', path, headers)
          assert.equal(answer.headers['content-type'], `${type}; charset=utf-8`)
          assert.equal(typeof JSON.parse(answer.text), 'object')
        }
      })

    const bodies = [
      ['application/scim+json', 201],
      ['application/json', 201],
      ['application/scim+json; charset=utf-8', 201],
      ['APPLICATION/SCIM+JSON;charset=ISO-8859-1', 201],
      ['application/json ; boundary=x', 201],
      ['text/plain', 415],
      ['application/xml', 415],
      ['application/jsonx', 415],
      ['multipart/form-data', 415],
      ['', 415],
    ] as const
    for (const [type, status] of bodies)
      it(`RFC 7644 §3.8 [3] [4] [5] a body of type "${type}" is answered with ${status}`, async () => {
        const body = JSON.stringify(aUser({ displayName: 'Zoë 😀' }))
        const answer = await call('POST', '/Users', type === '' ? {} : { 'Content-Type': type }, body)
        if (status === 201) assert.equal(JSON.parse(answer.text).displayName, 'Zoë 😀')
        else assertScimError(answer, 415, 'POST')
        assert.equal(answer.status, status)
      })

    for (const path of [
      '',
      '/Users',
      '/Groups',
      '/Roles',
      '/Licenses',
      '/Schemas',
      '/ResourceTypes',
      '/ServiceProviderConfig',
    ])
      it(`[8] ${path}/ with a slash at the end is ${path || 'the base'}`, async () => {
        const [plain, slash] = [await call('GET', path), await call('GET', `${path}/`)]
        const query = await call('GET', `${path}/?attributes=`)
        assert.deepEqual([plain.status, slash.status, query.status], [200, 200, 200])
        assert.deepEqual([slash.text, query.text], [plain.text, plain.text])
      })

    it('[8] so is that of an id, and of a write', async () => {
      assert.equal((await call('GET', `/Users/${ada.id}/`)).status, 200)
      await okta.patch(`/Users/${ada.id}/`, replace('title', 'Countess')).expect(200)
      const made = await okta.post('/Users/', aUser()).expect(201)
      assert.match(String(made.headers.location), /\/Users\/[^/]+$/)
    })

    it('RFC 7644 §3.4.2 a plus in a query is a space, an encoded one a plus', async () => {
      const find = async (filter: string) =>
        JSON.parse((await call('GET', `/Users?filter=${filter}`)).text).totalResults
      assert.equal(await find('displayName+eq+"Ada+Lovelace"'), 1)
      assert.equal(await find('displayName%20eq%20"Ada%20Lovelace"'), 1)
      assert.equal(await find('displayName+eq+"Ada%2BLovelace"'), 0)
    })

    for (const path of [
      '/Nothing',
      '/Users/x/y',
      '/users',
      '/Schemas/x/y',
      '/.searching',
      '/Roles/x/y',
      '/Users/.search/x',
    ])
      it(`[14] an unknown endpoint, ${path}, is 404 in the form of SCIM for every method`, async () => {
        for (const method of METHODS) assertScimError(await call(method, path), 404, method)
      })

    const targets = [...new Set(SCIM_ROUTES.map(({ endpoint, withId }) => `/${endpoint}${withId ? '/x' : ''}`))]
    for (const target of targets)
      it(`[15] [68] [172] a method that ${target} does not have is 405, and Allow names those that it has`, async () => {
        const withId = target.endsWith('/x')
        const endpoint = target.slice(1).replace(/\/x$/, '')
        const possible = SCIM_ROUTES.filter((route) => route.endpoint === endpoint && route.withId === withId)
        const allowed = possible.map(({ method }) => method as string)
        for (const method of METHODS.filter((one) => !allowed.includes(one))) {
          const answer = await call(method, target)
          assertScimError(answer, 405, method)
          assert.deepEqual(String(answer.headers.allow).split(', ').sort(), allowed.toSorted(), method)
        }
      })

    it('[13] 204 and 304 have no body and no type', async () => {
      const { id } = await okta.provision(aUser())
      const read = await call('GET', `/Users/${ada.id}`)
      const known = await call('GET', `/Users/${ada.id}`, { 'If-None-Match': String(read.headers.etag) })
      for (const [answer, status] of [
        [await call('DELETE', `/Users/${id}`), 204],
        [known, 304],
      ] as const) {
        assert.deepEqual([answer.status, answer.text, answer.headers['content-type']], [status, '', undefined])
      }
    })

    it('[16] [158] /Me is 501 with a text that says why', async () => {
      const answer = await call('GET', '/Me')
      assertScimError(answer, 501, 'GET')
      assert.match(JSON.parse(answer.text).detail, /stands for no user/)
    })

    it('[9] [175] discovery needs no token, everything else answers 401 with WWW-Authenticate', async () => {
      for (const { endpoint, kind, method, withId } of SCIM_ROUTES) {
        const path = `/scim/v2/${okta.id}/${endpoint}${withId ? '/User' : ''}`
        const { status, headers } = await rawCall(app.url, { method, path })
        if (kind === 'discovery') assert.notEqual(status, 401, path)
        else assert.deepEqual([status, headers['www-authenticate']], [401, 'Bearer realm="scim"'], path)
      }
    })

    it('[171] discovery passes over sorting, paging and attributes, and refuses a filter with 403', async () => {
      for (const path of ['/Schemas', '/ResourceTypes']) {
        const whole = await call('GET', path)
        const query =
          'startIndex=2&count=1&cursor=&sortBy=id&sortOrder=descending&attributes=id&excludedAttributes=name'
        assert.equal((await call('GET', `${path}?${query}`)).text, whole.text)
        assertScimError(await call('GET', `${path}?filter=id%20pr`), 403, 'GET')
      }
    })

    describe('Prefer: return=minimal (RFC 7240 §4.2)', () => {
      const write = (method: string, path: string, body: object, prefer = 'return=minimal') =>
        call(method, path, { 'Content-Type': 'application/scim+json', Prefer: prefer }, JSON.stringify(body))

      it('leaves the body out of the answer to a write, and says so; Location and ETag stay', async () => {
        const made = await write('POST', '/Users', aUser())
        assert.deepEqual([made.status, made.text, made.headers['preference-applied']], [201, '', 'return=minimal'])
        const id = String(made.headers.location).split('/').at(-1)
        for (const [method, body] of [
          ['PUT', aUser()],
          ['PATCH', patchOf({ op: 'add', path: 'title', value: 'x' })],
        ] as const) {
          const answer = await write(method, `/Users/${id}`, body)
          assert.deepEqual(
            [answer.status, answer.text, answer.headers['preference-applied']],
            [204, '', 'return=minimal'],
          )
          assert.equal(answer.headers.etag, (await okta.read(String(id))).meta.version)
        }
        const team = { schemas: [GROUP_URN], displayName: 'Minimal' }
        assert.equal((await write('POST', '/Groups', team)).text, '')
        assert.equal((await write('PUT', `/Groups/${group.id}`, { ...team, displayName: 'Other' })).status, 204)
      })

      it('is not for reads, nor where attributes are asked for, nor under another name', async () => {
        const change = replace('title', 'Countess')
        const wholes = [
          await call('GET', `/Users/${ada.id}`, { Prefer: 'return=minimal' }),
          await write('PATCH', `/Users/${ada.id}?attributes=title`, change),
          await write('PATCH', `/Users/${ada.id}`, change, 'return=representation, wait=10'),
          await write('PATCH', `/Users/${ada.id}`, change, 'return=minimalist'),
        ]
        for (const { status, text, headers } of wholes)
          assert.deepEqual(
            [status, JSON.parse(text).title, headers['preference-applied']],
            [200, 'Countess', undefined],
          )
        const among = await write('PATCH', `/Users/${ada.id}`, change, 'respond-async, Return = Minimal; foo')
        assert.equal(among.status, 204)
      })
    })
  })
})
