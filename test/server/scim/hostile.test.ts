import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { SCIM_ROUTES, type ScimRoute } from '../../../scim/routes.js'
import { SEARCH_REQUEST_URN } from '../../../scim/search-request.js'
import { aUser, patchOf, replace, type TestConnection, useApp } from '../../harness/app.js'
import { forEachDatabaseInTime } from '../../harness/database.js'
import { inTurns, rawCall } from '../../harness/raw-call.js'
import { assertInLog, assertUnpolluted, faultsOf } from '../../harness/refusals.js'
import { type Dump, differences, LOG_TABLES, rowsOfAccount } from '../../harness/rows-of-account.js'
import { nameOf } from '../isolation/scim-attempts.js'
import { type Refused, type Stage, unreadable, WRITES } from './bad-bodies.js'
import { badOperations } from './bad-operations.js'
import { badQueries, badSearches } from './bad-queries.js'
import { BAD_GROUP_VALUES, BAD_MEMBERS, BAD_USER_VALUES, type BadValue } from './bad-values.js'

const isWrite = ({ kind }: ScimRoute) => kind === 'write'
const isList = ({ kind, method, withId, endpoint }: ScimRoute) =>
  kind === 'read' && method === 'GET' && !withId && endpoint !== 'Me'

describe('the cases of bad input over SCIM', () => {
  it('are those of the writes of the route table: a new one without its cases fails here', () => {
    assert.deepEqual(Object.keys(WRITES).sort(), SCIM_ROUTES.filter(isWrite).map(nameOf).sort())
  })
})

forEachDatabaseInTime((database) => {
  describe('bad input over SCIM (issue 2, Bad input; RFC 7644 §3.12)', () => {
    const app = useApp(database)
    let okta: TestConnection
    let stage: Stage
    let untouched: Dump

    /** Everything but the log, in which each refusal is. */
    const rows = () => rowsOfAccount(app.server.deps.db, okta.account.id, { without: LOG_TABLES })

    before(async () => {
      okta = await app.aConnection()
      const ada = await okta.provision(aUser({ userName: 'ada@x.com', externalId: 'ada', title: 'Countess' }))
      await okta.provision(aUser({ userName: 'grace@x.com', externalId: 'grace' }))
      const group = await okta.aGroup('Analysts', [ada])
      await okta.aGroup('Compilers')
      await app.settle()
      stage = { personId: ada.id, groupId: group.id }
      untouched = await rows()
    })

    /** Send all; each is refused as it should be, is in the log, and has changed nothing. */
    async function refuses(route: ScimRoute, cases: readonly Refused[]): Promise<void> {
      const own = WRITES[nameOf(route)]?.path(stage) ?? `/${route.endpoint}`
      const wrong: string[] = []
      const refusals = await inTurns(cases, async (expected) => {
        const { path = own, body, headers, chunked = false } = expected
        const type = body === undefined ? {} : { 'Content-Type': 'application/scim+json; charset=utf-8' }
        const answer = await rawCall(app.url, {
          method: route.method,
          path: `/scim/v2/${okta.id}${path}`,
          headers: { Authorization: `Bearer ${okta.token}`, ...type, ...headers },
          ...(body === undefined ? {} : { body, chunked }),
        })
        wrong.push(...faultsOf(answer, expected))
        return { id: String(answer.headers['x-request-id']), expected }
      })
      assert.deepEqual(wrong, [])
      await assertInLog(
        okta.account,
        refusals.filter(({ expected }) => !expected.unlogged),
      )
      assert.deepEqual(differences(untouched, await rows()), [])
      assertUnpolluted()
    }

    for (const route of SCIM_ROUTES.filter(isWrite)) {
      const { method, endpoint, withId } = route
      const { body } = WRITES[nameOf(route)] ?? {}
      const title = (what: string) => `${nameOf(route)}: ${what}`

      if (body !== undefined)
        it(title('no JSON, no object, no schema, another type, too large, 10,000 levels deep'), () =>
          refuses(route, unreadable(JSON.stringify(body()), route)),
        )

      if (withId)
        it(title('ids that are not there, and versions that are not'), () => {
          const good = body === undefined ? {} : { body: JSON.stringify(body()) }
          return refuses(route, [
            ...UNKNOWN_IDS.map((id) => ({
              ...{ what: `id ${id}`, path: `/${endpoint}/${encodeURIComponent(id)}`, ...good },
              ...{ status: 404, says: /is not known here/ },
            })),
            ...BAD_VERSIONS.map((version) => ({
              ...{ what: `If-Match ${version}`, headers: { 'If-Match': version }, ...good },
              ...{ status: 412, says: /changed in between/ },
            })),
          ])
        })

      if (body !== undefined && method !== 'PATCH' && endpoint !== 'Bulk')
        it(title('wrong types, text that cannot be stored, too long, and what is required but not there'), () =>
          refuses(route, [...badResources(route, body), ...missing(endpoint, body), ...taken(route, body)]),
        )

      if (method === 'PATCH')
        it(title('operations, paths and values that cannot be'), () =>
          refuses(route, [...badOperations(endpoint), ...badChanges(endpoint), ...takenByChange(endpoint)]),
        )
    }

    for (const route of SCIM_ROUTES.filter(({ kind }) => kind === 'search'))
      it(`${nameOf(route)}: what is no search, and what cannot be searched`, () => {
        const good = JSON.stringify({ schemas: [SEARCH_REQUEST_URN] })
        return refuses(route, [...unreadable(good, route), ...badSearches(SEARCH_REQUEST_URN, route.endpoint)])
      })

    for (const route of SCIM_ROUTES.filter(isList))
      it(`${nameOf(route)}: filters, pages and orders that cannot be`, () => refuses(route, badQueries(route.endpoint)))
  })
})

/** Long, and of no pattern that a database could press together. */
const LONG = Array.from({ length: 100 }, (_, n) => hash('sha256', String(n))).join('')
const UNKNOWN_IDS = [
  LONG,
  '01920000-0000-7000-8000-00000000ffff',
  '__proto__',
  'constructor',
  '\ud83d\ude00',
  '0',
  'x y',
  '"',
]
const BAD_VERSIONS = [LONG, 'W/"999"', 'x', '""', 'W/', 'W/"1', '"__proto__"']

const VALUES: Readonly<Record<string, readonly BadValue[]>> = { Users: BAD_USER_VALUES, Groups: BAD_GROUP_VALUES }
const invalid = { status: 400, scimType: 'invalidValue' } as const

/** The first so many of each attribute. */
function ofEach(values: readonly BadValue[], count: number): BadValue[] {
  const seen = new Map<string, number>()
  return values.filter(({ name }) => {
    const number = (seen.get(name) ?? 0) + 1
    seen.set(name, number)
    return number <= count
  })
}

function badResources({ endpoint, method }: ScimRoute, good: (overrides: object) => object): Refused[] {
  const values = VALUES[endpoint] ?? []
  // POST and PUT read a resource with the same function, so one of them shows every value and the other each attribute.
  const shown = method === 'POST' ? values : ofEach(values, 1)
  const members = endpoint === 'Groups' ? BAD_MEMBERS : []
  return [
    ...shown.map(({ name, value, overrides, says }) => {
      return { what: `${name} ${show(value)}`, body: JSON.stringify(good(overrides)), ...invalid, says }
    }),
    ...members.map(([value, says]) => {
      return { what: `members ${show(value)}`, body: JSON.stringify(good({ members: value })), ...invalid, says }
    }),
  ]
}

function badChanges(endpoint: string): Refused[] {
  const values = VALUES[endpoint] ?? []
  const members = endpoint === 'Groups' ? BAD_MEMBERS : []
  const refused = (what: string, body: object, says: RegExp) => ({ what, body: JSON.stringify(body), ...invalid, says })
  const without = (path: string, value: unknown) => patchOf({ op: 'add', value: { [path]: value } })
  return [
    ...ofEach(values, 1).map(({ path, value, says }) => refused(`${path} ${show(value)}`, replace(path, value), says)),
    ...ofEach(values, 1).map(({ path, value, says }) => refused(`key ${path}`, without(path, value), says)),
    ...members.flatMap(([value, says]) => [
      refused(`members ${show(value)}`, patchOf({ op: 'add', path: 'members', value }), says),
      refused(`members replaced by ${show(value)}`, replace('members', value), says),
      refused(`key members ${show(value)}`, without('members', value), says),
    ]),
  ]
}

function missing(endpoint: string, good: (overrides: object) => object): Refused[] {
  const name = endpoint === 'Users' ? 'userName' : 'displayName'
  return [undefined, null, '', '  '].map((value) => {
    const body = JSON.stringify(good({ [name]: value }))
    return { what: `${name} ${show(value)}`, body, ...invalid, says: new RegExp(`^Attribute ${name} is required`) }
  })
}

const conflict = { status: 409, scimType: 'uniqueness' } as const

/** Keys that somebody else has, also in another case; a POST is somebody else to everyone. */
function taken({ endpoint }: ScimRoute, good: (overrides: object) => object): Refused[] {
  const refused = (overrides: object, says: RegExp) => {
    return { what: show(overrides), body: JSON.stringify(good(overrides)), ...conflict, says }
  }
  if (endpoint === 'Groups') return [refused({ displayName: 'cOMPILERS' }, /cOMPILERS/)]
  return [
    refused({ userName: 'GRACE@X.COM' }, /userName GRACE@X\.COM belongs to another person/),
    refused({ externalId: 'grace' }, /externalId grace is already used/),
    refused({ emails: [{ value: 'Grace@x.com', primary: true }] }, /Grace@x\.com/),
  ]
}

function takenByChange(endpoint: string): Refused[] {
  const refused = (path: string, value: unknown, says: RegExp) => {
    return { what: `${path} ${show(value)}`, body: JSON.stringify(replace(path, value)), ...conflict, says }
  }
  if (endpoint === 'Groups') return [refused('displayName', 'cOMPILERS', /cOMPILERS/)]
  return [
    refused('userName', 'GRACE@X.COM', /userName GRACE@X\.COM belongs to another person/),
    refused('externalId', 'grace', /externalId grace is already used/),
    refused('emails', [{ value: 'Grace@x.com', primary: true }], /Grace@x\.com/),
  ]
}

function show(value: unknown): string {
  return String(JSON.stringify(value)).slice(0, 60)
}
