import assert from 'node:assert/strict'
import { SCIM_ROUTES, type ScimRoute } from '../../../scim/routes.js'
import type { TestApp } from '../../harness/app.js'
import { useApp } from '../../harness/app.js'
import { forEachDatabase } from '../../harness/database.js'
import { aFilledAccount, secretsOfAccount, secretsOfConnection } from '../../harness/filled-account.js'
import { type RawAnswer, type RawRequest, rawCall } from '../../harness/raw-call.js'
import { type Dump, differences, LOG_TABLES, rowsOfAccount } from '../../harness/rows-of-account.js'
import { assertNoLeak } from './leaks.js'
import { type Attempt, nameOf, SCIM_ATTEMPTS, type Side } from './scim-attempts.js'

/** Reads come first and deletes last: what they add and take away is what the others look for. */
const ORDER = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
/** Searching comes before anything is made that has the same names. */
const turnOf = ({ kind, method }: ScimRoute) => (kind === 'search' ? 0 : ORDER.indexOf(method))
const IN_ORDER = [...SCIM_ROUTES].sort((a, b) => turnOf(a) - turnOf(b))

/** Two sides that must not meet, and what of A has to stay as it is. */
interface Wall {
  readonly a: Side
  readonly b: Side
  readonly secrets: readonly string[]
  readonly rows: (without?: readonly string[]) => Promise<Dump>
}

function toSide({ connection }: Side['at'], token: string, method: string, path: string, body?: object): RawRequest {
  const headers = { Authorization: `Bearer ${token}` }
  const base = { method, path: `/scim/v2/${connection.id}${path}` }
  if (body === undefined) return { ...base, headers }
  return { ...base, headers: { ...headers, 'Content-Type': 'application/scim+json' }, body: JSON.stringify(body) }
}

function assertAnswered(answer: RawAnswer, expected: Attempt['answer'] | Attempt['inA'], what: string) {
  const status = typeof expected === 'number' ? expected : 200
  assert.equal(answer.status, status, `${what}: ${answer.text}`)
  if (expected === 'nobody') assert.equal(JSON.parse(answer.text).totalResults, 0, what)
  if (expected === 'somebody') assert.ok(JSON.parse(answer.text).totalResults > 0, what)
}

/** Every attempt from B, in which nothing of A moves or shows; then the same requests from A, which find it. */
function walk(app: TestApp, wall: () => Wall, expected: (attempt: Attempt) => Attempt['answer'] | 'skip') {
  let untouchedRows: Dump
  const untouched = async () => assert.deepEqual(differences(untouchedRows, await wall().rows()), [])
  const sendFrom = async (side: Side, method: string, attempt: Attempt) => {
    const request = toSide(
      side.at,
      side.at.connection.token,
      method,
      attempt.path(wall().a, side),
      attempt.body?.(wall().a, side),
    )
    return { request, answer: await rawCall(app.url, request) }
  }
  before(async () => {
    app.at(undefined)
    await app.settle()
    untouchedRows = await wall().rows()
  })

  for (const route of IN_ORDER) {
    it(`${nameOf(route)}: B reaches nothing of A`, async () => {
      for (const attempt of SCIM_ATTEMPTS[nameOf(route)] ?? []) {
        const answer = expected(attempt)
        if (answer === 'skip') continue
        const got = await sendFrom(wall().b, route.method, attempt)
        assertAnswered(got.answer, answer, attempt.what)
        assertNoLeak(wall().secrets, got.request, got.answer)
      }
      await untouched()
    })
  }

  for (const route of IN_ORDER) {
    it(`${nameOf(route)}: the same requests are good in A`, async () => {
      for (const attempt of SCIM_ATTEMPTS[nameOf(route)] ?? []) {
        if (expected(attempt) === 'skip') continue
        const { answer } = await sendFrom(wall().a, route.method, attempt)
        assertAnswered(answer, attempt.inA, attempt.what)
      }
    })
  }
}

/** The token of B at the address of A. */
function refusesForeignToken(app: TestApp, wall: () => Wall) {
  after(() => app.at(undefined))

  for (const [index, route] of SCIM_ROUTES.entries()) {
    it(`${nameOf(route)}: 401 for a token of B, and an event in A that names nobody of B`, async () => {
      const { a, b, secrets, rows } = wall()
      // The refusal itself is in the log of the connection that was addressed.
      const before = await rows(LOG_TABLES)
      // Equal refusals of a minute are one event, so each route has a minute of its own.
      app.at(new Date(Date.now() + 60_000 * index))
      const ids: unknown[] = []
      for (const attempt of SCIM_ATTEMPTS[nameOf(route)] ?? []) {
        const path = attempt.path(a, a)
        const request = toSide(a.at, b.at.connection.token, route.method, path, attempt.body?.(a, a))
        const answer = await rawCall(app.url, request)
        assertAnswered(answer, 401, attempt.what)
        assertNoLeak(secrets, request, answer)
        ids.push(answer.headers['x-request-id'])
      }
      const { body: event } = await a.filled.account.admin('get', `/events/${ids[0]}`).expect(200)
      assert.deepEqual([event.action, event.code], ['token.refused', 'token_unknown'])
      assert.equal(JSON.stringify(event).includes(b.filled.word), false)
      assert.deepEqual(differences(before, await rows(LOG_TABLES)), [])
    })
  }
}

describe('the cases of isolation over SCIM', () => {
  it('are those of the route table: a route without a case fails here', () => {
    const cases = Object.entries(SCIM_ATTEMPTS).filter(([, attempts]) => attempts.length > 0)
    assert.deepEqual(cases.map(([name]) => name).sort(), SCIM_ROUTES.map(nameOf).sort())
  })

  it('name a thing of A in the path of every route that takes an id', () => {
    const named = { at: { person: { id: 'A' }, group: { id: 'A' }, userId: 'A' }, filled: {} } as unknown as Side
    for (const route of SCIM_ROUTES.filter(({ withId }) => withId)) {
      const attempts = SCIM_ATTEMPTS[nameOf(route)] ?? []
      const foreign = attempts.filter(({ answer, path }) => answer === 404 && path(named, named).endsWith('/A'))
      assert.ok(foreign.length > 0, nameOf(route))
    }
  })
})

forEachDatabase((database) => {
  describe('isolation over SCIM (DESIGN 1, promise 4)', () => {
    const app = useApp(database)

    describe('between two accounts', () => {
      let wall: Wall
      before(async () => {
        const [one, other] = [await aFilledAccount(app, 'atlantis'), await aFilledAccount(app, 'babylon')]
        wall = {
          a: { filled: one, at: one.first },
          b: { filled: other, at: other.first },
          secrets: secretsOfAccount(one),
          rows: (without = []) => rowsOfAccount(app.server.deps.db, one.account.id, { without }),
        }
      })

      describe('a token of B at an address of A', () => refusesForeignToken(app, () => wall))
      describe('ids and names of A at an address of B', () => {
        walk(
          app,
          () => wall,
          ({ answer }) => answer,
        )
      })
    })

    describe('between two connections of one account', () => {
      let wall: Wall
      before(async () => {
        const filled = await aFilledAccount(app, 'carthage')
        const { first, second } = filled
        const about = [first.connection.id, first.userId]
        wall = {
          a: { filled, at: first },
          b: { filled, at: second },
          secrets: secretsOfConnection(first),
          // What the second one is refused is in the log of the account that both belong to.
          rows: () => rowsOfAccount(app.server.deps.db, filled.account.id, { about, without: LOG_TABLES }),
        }
      })

      walk(
        app,
        () => wall,
        ({ answer, inOneAccount }) => inOneAccount ?? answer,
      )
    })
  })
})
