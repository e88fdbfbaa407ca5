import assert from 'node:assert/strict'
import { aUser, type Body, patchOf, type TestConnection, useApp } from '../../harness/app.js'
import { forEachDatabase } from '../../harness/database.js'

const OKTA_ROLE = 'urn:okta:scim:schemas:core:1.0:Role'
const OKTA_ENTITLEMENT = 'urn:okta:scim:schemas:core:1.0:Entitlement'

/** What Okta's entitlement management does when it is switched on (SCIM.md 1.2): types, schemas, then every item. */
async function discover(connection: TestConnection): Promise<Map<string, Body[]>> {
  const read = async (path: string) => JSON.parse((await connection.get(path).expect(200)).text)
  const types = (await read('/ResourceTypes')).Resources.filter(({ schema }: Body) =>
    [OKTA_ROLE, OKTA_ENTITLEMENT].includes(schema),
  )
  const schemas = new Set((await read('/Schemas')).Resources.map(({ id }: Body) => id))
  const found = new Map<string, Body[]>()
  for (const { endpoint, schema } of types) {
    assert.ok(schemas.has(schema), schema)
    const first = await read(`${endpoint}?count=1&startIndex=1`)
    assert.deepEqual([first.itemsPerPage, first.Resources.length], [1, 1], 'a first page of exactly one')
    const items: Body[] = []
    for (let startIndex = 1; items.length < first.totalResults; startIndex += 100)
      items.push(...(await read(`${endpoint}?count=100&startIndex=${startIndex}`)).Resources)
    for (const item of items) {
      assert.ok([item.id, item.displayName, item.type].every((text) => typeof text === 'string' && text !== ''))
      assert.ok((item.description ?? '').length <= 1_000)
      assert.ok(item.schemas.includes(schema))
    }
    found.set(endpoint, items)
  }
  return found
}

forEachDatabase((database) => {
  describe('roles and licenses as resources (SCIM.md 1.2 and 3)', () => {
    const app = useApp(database)
    let okta: TestConnection
    let catalogue: Map<string, Body[]>
    const named = (endpoint: string, value: string): Body =>
      catalogue.get(endpoint)?.find((item) => item.value === value)

    before(async () => {
      const account = await app.anAccount()
      await account.aProduct({ key: 'meet', name: 'Meet', seats: 3, features: { recording: true } })
      await account.aProduct({ key: 'suite', name: 'Suite', seats: 2, includes: ['meet'] })
      await account
        .admin('post', '/roles', { key: 'team-lead', name: 'Team lead', permissions: ['users.view'] })
        .expect(201)
      okta = await account.aConnection({ acceptDirectRoles: true, acceptDirectEntitlements: true })
      catalogue = await discover(okta)
    })

    it("are found by Okta's discovery: every role that a directory may give, every product", () => {
      assert.deepEqual([...catalogue.keys()], ['/Roles', '/Licenses'])
      const values = (endpoint: string) => catalogue.get(endpoint)?.map(({ value }) => value)
      assert.deepEqual(values('/Roles')?.sort(), ['admin', 'member', 'team-lead'])
      assert.deepEqual(values('/Licenses')?.sort(), ['meet', 'suite'])
    })

    it('are assigned by what was discovered, in PUT and in PATCH, and read back as sent', async () => {
      const [role, license] = [named('/Roles', 'team-lead'), named('/Licenses', 'meet')]
      const user = await okta.provision(aUser())
      const roles = [{ value: role.id, display: role.displayName }]
      const entitlements = [{ value: license.id, display: license.displayName, type: license.type }]
      const put = JSON.parse((await okta.put(`/Users/${user.id}`, { ...user, roles, entitlements }).expect(200)).text)
      assert.deepEqual([put.roles, put.entitlements], [roles, entitlements])
      const read = await okta.read(user.id)
      assert.deepEqual([read.roles, read.entitlements], [roles, entitlements])
      const held = await okta.userOf(user)
      assert.deepEqual([held.role.key, held.role.source], ['team-lead', 'attribute'])
      assert.deepEqual(
        held.licenses.map((one: Body) => [one.product, one.source]),
        [['meet', 'attribute']],
      )
      const add = patchOf({ op: 'add', path: 'entitlements', value: [{ value: named('/Licenses', 'suite').id }] })
      await okta.patch(`/Users/${user.id}`, add).expect(200)
      const products = (await okta.userOf(user)).licenses.map((one: Body) => one.product)
      assert.ok(products.includes('suite'), products)
      const none = patchOf({ op: 'remove', path: 'entitlements' }, { op: 'remove', path: 'roles' })
      await okta.patch(`/Users/${user.id}`, none).expect(200)
      const after = await okta.userOf(user)
      assert.deepEqual([after.role.key, after.licenses], ['member', []])
    })

    it('count seats: totalAssignmentsUsed grows with a license that is given, and the version with it', async () => {
      const { id } = named('/Licenses', 'meet')
      const read = async () => JSON.parse((await okta.get(`/Licenses/${id}`).expect(200)).text)
      const before = await read()
      assert.deepEqual([before.limitedAssignmentsPermitted, before.totalAssignmentsPermitted], [true, 3])
      await okta.provision(aUser({ entitlements: [{ value: 'MEET' }] }))
      const after = await read()
      assert.equal(after.totalAssignmentsUsed, before.totalAssignmentsUsed + 1)
      assert.notEqual(after.meta.version, before.meta.version)
      const known = await okta.get(`/Licenses/${id}`).set('If-None-Match', after.meta.version).expect(304)
      assert.equal(known.text, '')
    })

    it('tell what a bundle brings, and by what a license is brought', () => {
      const [meet, suite] = [named('/Licenses', 'meet'), named('/Licenses', 'suite')]
      assert.deepEqual(suite.contains, [{ value: 'meet', display: 'Meet', $ref: meet.meta.location }])
      assert.deepEqual(meet.containedBy, [{ value: 'suite', display: 'Suite', $ref: suite.meta.location }])
    })

    it('say what this connection may assign: supported is false where it does not accept what it is sent', async () => {
      const entra = await okta.account.aConnection({ acceptDirectRoles: true })
      const found = await discover(entra)
      const supported = (endpoint: string) => new Set(found.get(endpoint)?.map((item) => item.supported))
      assert.deepEqual([supported('/Roles'), supported('/Licenses')], [new Set([true]), new Set([false])])
    })

    it('offer super_admin only where the account lets a directory give it (PRODUCT 2.6)', async () => {
      const account = await app.anAccount()
      const connection = await account.aConnection()
      const values = async () => (await discover(connection)).get('/Roles')?.map(({ value }) => value)
      await account.aProduct({ key: 'meet' })
      assert.equal((await values())?.includes('super_admin'), false)
      await account.admin('patch', '', { settings: { directoryMayGrantSuperAdmin: true } }).expect(200)
      assert.equal((await values())?.includes('super_admin'), true)
    })

    it('are filtered, sorted, paged and projected as other lists', async () => {
      const ask = async (query: string) => JSON.parse((await okta.get(`/Roles?${query}`).expect(200)).text)
      const names = ({ Resources }: Body) => Resources.map(({ displayName }: Body) => displayName)
      assert.deepEqual(names(await ask('filter=displayName+eq+"TEAM+LEAD"')), ['Team lead'])
      assert.deepEqual(names(await ask('filter=supported+eq+true+and+not+(value+sw+"t")&sortBy=displayName')), [
        'Admin',
        'Member',
      ])
      const [down, second] = [
        await ask('sortBy=displayName&sortOrder=descending'),
        await ask('sortBy=displayName&startIndex=2&count=1'),
      ]
      assert.deepEqual([names(down), names(second)], [['Team lead', 'Member', 'Admin'], ['Member']])
      assert.deepEqual([second.totalResults, second.startIndex, second.itemsPerPage], [3, 2, 1])
      assert.deepEqual(Object.keys((await ask('attributes=value')).Resources[0]).sort(), ['id', 'schemas', 'value'])
      const walked: Body[] = []
      for (let cursor: string | undefined = ''; cursor !== undefined; ) {
        const page = await ask(`sortBy=displayName&sortOrder=descending&count=1&cursor=${cursor}`)
        walked.push(...names(page))
        cursor = page.nextCursor
      }
      assert.deepEqual(walked, names(down))
    })

    it('refuse what names nothing, an id of another account too, and are not changed through SCIM', async () => {
      const elsewhere = await (await app.anAccount()).aProduct({ key: 'other' })
      const refused = await okta.post('/Users', aUser({ entitlements: [{ value: elsewhere.id }] })).expect(400)
      assert.match(refused.body.detail, /No license .* exists\. Known: meet, suite/)
      await okta.get(`/Licenses/${elsewhere.id}`).expect(404)
      const { id } = named('/Licenses', 'meet')
      for (const path of ['/Roles', '/Licenses', `/Licenses/${id}`, `/Roles/${id}`]) {
        for (const method of ['post', 'put', 'patch'] as const) {
          const { headers, text } = await okta[method](path, {}).expect(405)
          assert.equal(headers.allow, 'GET', `${method} ${path}`)
          assert.equal(JSON.parse(text).status, '405')
        }
        await okta.delete(path).expect(405)
      }
    })
  })
})
