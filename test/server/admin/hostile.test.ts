import assert from 'node:assert/strict'
import type { AdminRoute } from '../../../server/admin/route.js'
import { ADMIN_ROUTES } from '../../../server/admin/routes.js'
import { OPERATOR_TOKEN, useApp } from '../../harness/app.js'
import { forEachDatabaseInTime } from '../../harness/database.js'
import { aFilledAccount, type FilledAccount } from '../../harness/filled-account.js'
import { anOwner } from '../../harness/owner.js'
import { inTurns, type RawAnswer, type RawRequest, rawCall } from '../../harness/raw-call.js'
import { assertUnpolluted } from '../../harness/refusals.js'
import { type Dump, differences, rowsOfAccount } from '../../harness/rows-of-account.js'
import { ADMIN_CASES, PATH_VALUES } from '../isolation/admin-cases.js'
import { badBodies, badQueries, inputOf } from './bad-input.js'

const nameOf = ({ method, path }: AdminRoute) => `${method} ${path}`

interface Expected {
  readonly what: string
  readonly status: number
  readonly code: string
  /** What `errors` name, or a thing above it. */
  readonly place?: string
}

/** What is wrong with a refusal, which has to be a problem (RFC 9457) that names its place. */
function faultsOf({ status, headers, text }: RawAnswer, expected: Expected): string[] {
  const problem = JSON.parse(text === '' ? '{}' : text)
  const places = ((problem.errors ?? []) as { path: string }[]).map(({ path }) => path)
  const { place } = expected
  const near = place === undefined || places.some((path) => path.startsWith(place) || path === parentOf(place))
  const faults = [
    status === expected.status && problem.status === status ? '' : 'the status',
    headers['content-type'] === 'application/problem+json; charset=utf-8' ? '' : 'the type',
    problem.code === expected.code && problem.type === 'about:blank' && problem.title ? '' : 'the problem',
    problem.requestId === headers['x-request-id'] ? '' : 'the id',
    typeof problem.detail === 'string' && problem.detail.length < 1_000 ? '' : 'the detail',
    near ? '' : `the place, which is not ${place}`,
  ].filter((fault) => fault !== '')
  return faults.length === 0 ? [] : [`${expected.what}: ${faults.join(', ')}: ${status} ${text.slice(0, 300)}`]
}

function parentOf(place: string): string {
  return place.slice(0, place.lastIndexOf('.'))
}

const deepObject = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`
const deepList = `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`

const manyKeys = Object.fromEntries(Array.from({ length: 60_000 }, (_, n) => [`k${n}`, 1]))
/** As many as there may be, all of them unknown. */
const longKeys = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`${'k'.repeat(900)}${n}`, 1]))

type Sent = Expected & Pick<RawRequest, 'body' | 'chunked' | 'headers'>

/** Bodies that no route understands. */
function unreadable(good: string): Sent[] {
  const invalid = { status: 400, code: 'invalid_request' }
  const tooLarge = { status: 413, code: 'too_large' }
  const large = JSON.stringify({ name: 'x'.repeat(1_048_576) })
  const inObject = (text: string) => good.replace('{', `{${text}${good === '{}' ? '' : ','}`)
  return [
    ...['{', 'nope', `${good}x`, '\0'].map((body) => {
      return { what: body, body, status: 400, code: 'malformed_json' }
    }),
    { what: 'not UTF-8', body: Buffer.from(inObject('"\u00e9":1'), 'latin1'), status: 400, code: 'malformed_json' },
    ...['null', '"text"', `[${good}]`].map((body) => ({ what: body, body, ...invalid })),
    ...[
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
      '',
    ].map((type) => ({
      ...{ what: `type ${type}`, body: good, headers: { 'Content-Type': type } },
      ...{ status: 415, code: 'unsupported_media_type' },
    })),
    ...['nonsense'].map((encoding) => ({
      ...{ what: encoding, body: good, headers: { 'Content-Encoding': encoding } },
      ...{ status: 415, code: 'unsupported_media_type' },
    })),
    { what: 'not gzip', body: good, headers: { 'Content-Encoding': 'gzip' }, ...invalid },
    { what: 'too large', body: large, ...tooLarge },
    { what: 'too large, in chunks', body: large, chunked: true, ...tooLarge },
    { what: 'deep objects', body: deepObject, ...invalid },
    { what: 'keys without end', body: JSON.stringify(manyKeys), place: 'body', ...invalid },
    { what: 'values without end', body: JSON.stringify({ a: Array(20_000).fill({}) }), place: 'body', ...invalid },
    { what: 'long keys', body: JSON.stringify(longKeys), ...invalid },
    { what: 'deep lists', body: deepList, ...invalid },
    { what: 'deep beside what is good', body: inObject(`"deep":${deepList}`), ...invalid },
    ...['__proto__', 'constructor', 'prototype'].map((key) => {
      return { what: key, body: inObject(`"${key}":{"polluted":true}`), ...invalid }
    }),
    { what: 'a surrogate as key', body: inObject('"\\ud800":1'), ...invalid },
    { what: 'U+0000 as key', body: inObject('"a\\u0000":1'), ...invalid },
  ]
}

forEachDatabaseInTime((database) => {
  describe('bad input to the admin API (issue 2, Bad input; RFC 9457)', () => {
    const app = useApp(database)
    let own: FilledAccount
    let untouched: Dump
    let accounts: number
    let session: string

    const rows = () => rowsOfAccount(app.server.deps.db, own.account.id)
    const countAccounts = async () => (await app.admin('get', '/accounts?limit=1000').expect(200)).body.items.length

    before(async () => {
      own = await aFilledAccount(app, 'atlantis')
      session = (await anOwner(app, own.account)).cookie
      await app.settle()
      untouched = await rows()
      accounts = await countAccounts()
    })

    const pathOf = (path: string) =>
      `/api/v1${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => PATH_VALUES[name]?.(own) ?? '')}`

    /** Send all; each is refused as it should be, and has written nothing, not even to the log. */
    async function refuses(route: AdminRoute, cases: readonly (Sent & { readonly query?: string })[]): Promise<void> {
      const wrong: string[] = []
      await inTurns(cases, async (expected) => {
        const { query, body, chunked = false, headers } = expected
        const answer = await rawCall(app.url, {
          method: route.method.toUpperCase(),
          path: pathOf(route.path) + (query === undefined ? '' : `?${query}`),
          headers: { ...callerOf(route), 'Content-Type': 'application/json', ...headers },
          ...(body === undefined ? {} : { body, chunked }),
        })
        wrong.push(...faultsOf(answer, expected))
      })
      assert.deepEqual(wrong, [])
      assert.deepEqual(differences(untouched, await rows()), [])
      assert.equal(await countAccounts(), accounts)
      assertUnpolluted()
    }

    /** The operator; where somebody has to be signed in, the owner. */
    const callerOf = ({ requires }: AdminRoute): Record<string, string> =>
      requires === 'session'
        ? { Cookie: session, 'Sec-Fetch-Site': 'same-origin' }
        : { Authorization: `Bearer ${OPERATOR_TOKEN}` }

    const invalid = { status: 400, code: 'invalid_request' } as const

    for (const route of ADMIN_ROUTES) {
      const { body, query, method } = route
      const good = () => ADMIN_CASES[nameOf(route)]?.body?.(own, 0)

      if (body !== undefined)
        it(`${nameOf(route)}: a body that cannot be read, or is wrong in one place`, () => {
          const start = good()
          assert.ok(start, 'a route that takes a body has a good one among the cases of isolation')
          const bad = badBodies(inputOf(body), start as Record<string, unknown>)
          assert.ok(bad.length > 0 || JSON.stringify(start) === '{}')
          return refuses(route, [
            ...unreadable(JSON.stringify(start)),
            ...bad.map(({ what, place, value }) => ({ what, place, body: JSON.stringify(value), ...invalid })),
          ])
        })

      if (query !== undefined)
        it(`${nameOf(route)}: a query that is wrong in one place`, () =>
          refuses(
            route,
            badQueries(inputOf(query)).map((one) => ({ ...one, ...invalid })),
          ))

      it(`${nameOf(route)}: tokens that are none of the operator's`, () => {
        const given = method === 'get' || body === undefined ? {} : { body: JSON.stringify(good()) }
        const { token } = own.first.connection
        const basic = Buffer.from(`operator:${OPERATOR_TOKEN}`).toString('base64')
        const unknown = { status: 401, code: 'token_unknown' }
        return refuses(route, [
          { what: 'none', headers: { Authorization: '' }, ...given, status: 401, code: 'token_missing' },
          ...[`Bearer ${token}`, `Basic ${basic}`, OPERATOR_TOKEN].map((Authorization) => ({
            what: Authorization,
            headers: { Authorization },
            ...given,
            ...unknown,
          })),
        ])
      })
    }
  })
})
