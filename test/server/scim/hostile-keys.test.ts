import assert from 'node:assert/strict'
import { BULK_REQUEST_URN } from '../../../scim/bulk-request.js'
import { SCIM_ROUTES, type ScimRoute } from '../../../scim/routes.js'
import { aUser, ENTERPRISE_URN, GROUP_URN, patchOf, replace, type TestConnection, useApp } from '../../harness/app.js'
import { forEachDatabaseInTime } from '../../harness/database.js'
import { rawCall } from '../../harness/raw-call.js'
import { assertUnpolluted } from '../../harness/refusals.js'
import { nameOf } from '../isolation/scim-attempts.js'
import { type Stage, WRITES } from './bad-bodies.js'

const KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']
/** Stands in a body where an object with hostile keys shall stand, or a list of one. */
const HERE = 'HERE'

const hostile = (key: string) => `{${JSON.stringify(key)}:{"polluted":true,"prototype":{"polluted":true}}}`

/** Places of a user, of a group and of a PATCH in which an object may stand. */
const PLACES: Readonly<Record<string, readonly object[]>> = {
  Users: [
    { x: HERE },
    { name: HERE },
    { emails: [HERE] },
    { roles: [HERE] },
    { meta: HERE },
    { groups: [HERE] },
    { 'urn:example:unknown': HERE },
    { [ENTERPRISE_URN]: HERE },
    { [ENTERPRISE_URN]: { manager: HERE } },
  ],
  Groups: [{ x: HERE }, { meta: HERE }, { [ENTERPRISE_URN]: HERE }],
  Bulk: [
    { x: HERE },
    { Operations: [HERE] },
    { Operations: [{ method: 'POST', path: '/Users', bulkId: '__proto__', data: HERE, x: HERE }] },
    { Operations: [{ method: 'POST', path: '/Users', bulkId: 'constructor', data: aUser({ name: HERE, x: HERE }) }] },
  ],
}

const CHANGES: Readonly<Record<string, readonly object[]>> = {
  Users: [
    replace('name', HERE),
    replace('emails', [{ value: 'keys@x.com', x: HERE }]),
    replace('emails[type eq "work"]', { value: 'work@x.com', x: HERE }),
    replace(`${ENTERPRISE_URN}:manager`, HERE),
    replace('urn:example:unknown:attribute', HERE),
    patchOf({ op: 'add', value: { name: HERE, meta: HERE } }),
  ],
  Groups: [
    patchOf({ op: 'add', value: { externalId: 'x', meta: HERE } }),
    replace('urn:example:unknown:attribute', HERE),
    { ...patchOf({ op: 'replace', path: 'externalId', value: 'x', x: HERE }), x: HERE },
  ],
}

forEachDatabaseInTime((database) => {
  describe('keys such as __proto__ over SCIM (DESIGN 6)', () => {
    const app = useApp(database)
    let okta: TestConnection
    let stage: Stage
    before(async () => {
      okta = await app.aConnection()
      const ada = await okta.provision(aUser())
      stage = { personId: ada.id, groupId: (await okta.aGroup('Analysts', [ada])).id }
      await okta.account.aProduct({ key: 'meet' })
    })

    const send = (method: string, path: string, body?: string) =>
      rawCall(app.url, {
        method,
        path: `/scim/v2/${okta.id}${path}`,
        headers: { Authorization: `Bearer ${okta.token}`, 'Content-Type': 'application/scim+json' },
        ...(body === undefined ? {} : { body }),
      })

    const firstOf = async (path: string): Promise<string> => JSON.parse((await send('GET', path)).text).Resources[0].id

    /** The texts of all bodies with the key in some place. */
    function bodiesOf({ method, endpoint }: ScimRoute, key: string): string[] {
      const object = hostile(key)
      const good = (overrides: object) => {
        if (endpoint === 'Users') return aUser(overrides)
        if (endpoint === 'Bulk') return { schemas: [BULK_REQUEST_URN], Operations: [], ...overrides }
        return { schemas: [GROUP_URN], displayName: `Group ${Math.random()}`, ...overrides }
      }
      const change = replace('externalId', `x${Math.random()}`)
      const whole = JSON.stringify(method === 'PATCH' ? change : good({}))
      const parts = method === 'PATCH' ? CHANGES[endpoint] : PLACES[endpoint]?.map(good)
      const texts = (parts ?? []).map((part) => JSON.stringify(part).replaceAll(`"${HERE}"`, object))
      return [whole.replace('{', `{${object.slice(1, -1)},`), ...texts]
    }

    for (const route of SCIM_ROUTES.filter((one) => WRITES[nameOf(one)]?.body !== undefined))
      it(`${nameOf(route)}: they are passed over in every object of a body, and stored nowhere`, async () => {
        for (const key of KEYS)
          for (const body of bodiesOf(route, key)) {
            const answer = await send(route.method, WRITES[nameOf(route)]?.path(stage) ?? '', body)
            assert.ok([200, 201, 204].includes(answer.status), `${body}: ${answer.text}`)
            assert.doesNotMatch(answer.text, /polluted/, body)
          }
        assertUnpolluted()
        for (const path of [`/Users/${stage.personId}`, `/Groups/${stage.groupId}`, '/Users?count=1000', '/Groups'])
          assert.doesNotMatch((await send('GET', path)).text, /polluted|__proto__/)
      })

    for (const route of SCIM_ROUTES.filter(({ method, endpoint }) => method === 'GET' && endpoint !== 'Me'))
      it(`${nameOf(route)}: as parameters and in projections they mean nothing`, async () => {
        const ids: Record<string, string> = {
          ...idsOf(stage),
          Roles: await firstOf('/Roles'),
          Licenses: await firstOf('/Licenses'),
        }
        const path = `/${route.endpoint}${route.withId ? `/${ids[route.endpoint] ?? GROUP_URN}` : ''}`
        const plain = await send('GET', path)
        assert.equal(plain.status, 200, plain.text)
        for (const key of KEYS) {
          const names = `${key},name.${key},${key}.polluted,${ENTERPRISE_URN}:${key}`
          const query = `?${key}=x&${key}[polluted]=1&excludedAttributes=${names}&sortOrder=${key}`
          const odd = await send('GET', path + query)
          assert.deepEqual([odd.status, odd.text], [200, plain.text], query)
          const chosen = await send('GET', `${path}?attributes=${names}`)
          assert.equal(chosen.status, 200)
          if (route.kind === 'read' && route.withId)
            assert.deepEqual(Object.keys(JSON.parse(chosen.text)).sort(), ['id', 'schemas'])
        }
        assertUnpolluted()
      })
  })
})

function idsOf({ personId, groupId }: Stage): Record<string, string> {
  return { Users: personId, Groups: groupId, ResourceTypes: 'Group' }
}
