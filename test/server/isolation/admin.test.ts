import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Server } from 'node:http'
import express from 'express'
import { z } from 'zod'
import { PERMISSIONS } from '../../../accounts/permissions.js'
import type { Principal } from '../../../server/admin/gate.js'
import type { AdminRoute } from '../../../server/admin/route.js'
import { adminRouter } from '../../../server/admin/router.js'
import { ADMIN_ROUTES } from '../../../server/admin/routes.js'
import { OPERATOR_TOKEN, useApp } from '../../harness/app.js'
import { forEachDatabase } from '../../harness/database.js'
import { aFilledAccount, type FilledAccount, secretsOfAccount } from '../../harness/filled-account.js'
import { type RawRequest, rawCall } from '../../harness/raw-call.js'
import { type Dump, differences, rowsOfAccount } from '../../harness/rows-of-account.js'
import { ADMIN_CASES, type AdminCase, PATH_VALUES, PLAIN } from './admin-cases.js'
import { assertNoLeak } from './leaks.js'

/** Reads come first; of deletes the one that takes most away comes last. */
const ORDER = ['get', 'post', 'patch', 'delete']
/** What is of whoever is signed in has no address of another's (test/server/way-in/me.test.ts). */
const ADDRESSED = ADMIN_ROUTES.filter(({ requires }) => requires !== 'session')
const IN_ORDER = ADDRESSED.sort(
  (a, b) => ORDER.indexOf(a.method) - ORDER.indexOf(b.method) || b.path.length - a.path.length,
)

const nameOf = ({ method, path }: Pick<AdminRoute, 'method' | 'path'>) => `${method} ${path}`
const namesIn = (path: string) => [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
const caseOf = (route: AdminRoute): AdminCase => ADMIN_CASES[nameOf(route)] ?? {}

/** The path with the values of `own`, except for those names that `foreign` has the values of. */
function pathOf(path: string, own: FilledAccount, foreign: FilledAccount, names: readonly string[]): string {
  const filled = (name: string) => PATH_VALUES[name]?.(names.includes(name) ? foreign : own) ?? `no ${name}`
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => filled(name))
}

/** Every property that a schema takes, at any depth. */
function propertiesOf(schema: z.ZodType | undefined): string[] {
  const found = new Set<string>()
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const { properties } = node as { properties?: object }
    for (const name of Object.keys(properties ?? {})) found.add(name)
    for (const child of Object.values(node)) visit(child)
  }
  if (schema !== undefined) visit(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))
  return [...found]
}

/** The keys of everything that the cases of a route say. */
function keysOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return [...(Array.isArray(value) ? [] : Object.keys(value)), ...Object.values(value).flatMap(keysOf)]
}

describe('the cases of isolation in the admin API', () => {
  it('are those of the route table: a route without a case fails here', () => {
    assert.deepEqual(Object.keys(ADMIN_CASES).sort(), ADMIN_ROUTES.map(nameOf).sort())
  })

  it('have a value for every name in a path', () => {
    const names = new Set(ADMIN_ROUTES.flatMap(({ path }) => namesIn(path)))
    assert.deepEqual(Object.keys(PATH_VALUES).sort(), [...names].sort())
  })

  it('have a good body exactly for the routes that take one', () => {
    const wrong = ADMIN_ROUTES.filter((route) => (caseOf(route).body === undefined) !== (route.body === undefined))
    assert.deepEqual(wrong.map(nameOf), [])
  })
})

/** A super administrator of the account, as a session will know her. */
function administratorOf({ account }: FilledAccount): Principal {
  const role = { key: 'super_admin', permissions: PERMISSIONS }
  return { actor: { type: 'user', id: 'chief', label: 'chief@babylon.example' }, role, accountId: account.id }
}

forEachDatabase((database) => {
  describe('isolation in the admin API (DESIGN 1, promise 4)', () => {
    const app = useApp(database)
    let a: FilledAccount
    let b: FilledAccount
    let secrets: string[]
    let untouched: Dump
    let signedIn: Server

    const rows = () => rowsOfAccount(app.server.deps.db, a.account.id)

    before(async () => {
      a = await aFilledAccount(app, 'atlantis')
      b = await aFilledAccount(app, 'babylon')
      await app.settle()
      secrets = secretsOfAccount(a)
      untouched = await rows()
      const sessions = async () => administratorOf(b)
      const options = {
        operatorToken: OPERATOR_TOKEN,
        publicUrl: app.url,
        report: assert.fail,
        sessions,
        fetchText: assert.fail,
        resolveTxt: async () => [],
      }
      signedIn = express().use('/api/v1', adminRouter(app.server.deps, options)).listen(0)
      await once(signedIn, 'listening')
    })
    after(() => {
      signedIn.close()
      signedIn.closeAllConnections()
    })

    /** As an administrator of B, or as the operator. */
    async function send(as: 'B' | 'operator', { method }: AdminRoute, path: string, body?: object, query = {}) {
      const question = new URLSearchParams(query).toString()
      const { port } = signedIn.address() as { port: number }
      const json = body === undefined ? {} : { 'Content-Type': 'application/json' }
      const operator = as === 'operator' ? { Authorization: `Bearer ${OPERATOR_TOKEN}` } : {}
      const request: RawRequest = {
        method: method.toUpperCase(),
        path: `/api/v1${path}${question === '' ? '' : `?${question}`}`,
        headers: { ...json, ...operator },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }
      const answer = await rawCall(as === 'operator' ? app.url : `http://127.0.0.1:${port}`, request)
      return { request, answer, json: answer.text === '' ? {} : JSON.parse(answer.text) }
    }

    for (const route of IN_ORDER) {
      const { path } = route
      const { body, naming = [], plain = [] } = caseOf(route)
      const others = namesIn(path).filter((name) => name !== 'accountId')

      it(`${nameOf(route)}: an administrator of B reaches nothing at the address of A`, async () => {
        const { answer, json, request } = await send('B', route, pathOf(path, a, a, []), body?.(a, 0))
        const [status, code] = path.includes('{accountId}') ? [404, 'account_not_found'] : [403, 'forbidden']
        assert.deepEqual([answer.status, json.code], [status, code], answer.text)
        assertNoLeak(secrets, request, answer)
        assert.deepEqual(differences(untouched, await rows()), [])
      })

      if (others.some((name) => name !== 'kind'))
        it(`${nameOf(route)}: ids of A at the address of B are 404, for the operator too`, async () => {
          const strange = others.filter((name) => name !== 'kind').map((name) => [name])
          for (const names of [...strange, others])
            for (const as of ['B', 'operator'] as const) {
              const { answer, request } = await send(as, route, pathOf(path, b, a, names), body?.(b, 0))
              assert.equal(answer.status, 404, `${names}: ${answer.text}`)
              assertNoLeak(secrets, request, answer)
            }
          assert.deepEqual(differences(untouched, await rows()), [])
        })

      if (others.length > 1 && others.includes('connectionId'))
        it(`${nameOf(route)}: what belongs to another connection of the account is 404`, async () => {
          const wrong = path.replace('{connectionId}', b.second.connection.id)
          const { answer } = await send('operator', route, pathOf(wrong, b, b, []), body?.(b, 0))
          assert.equal(answer.status, 404, answer.text)
        })

      if (path.includes('{accountId}') && (route.body !== undefined || route.query !== undefined))
        it(`${nameOf(route)}: whatever of A a body or query of B names, nothing of A is found`, async () => {
          for (const attempt of naming) {
            const own = pathOf(path, b, a, [])
            const { answer, json, request } = await send('B', route, own, attempt.body?.(a), attempt.query?.(a))
            assert.equal(answer.status, attempt.status, `${attempt.what}: ${answer.text}`)
            if (attempt.finds === 'nothing') assert.deepEqual(json.items, [], attempt.what)
            if (attempt.finds === 'none') assert.equal(json.count, 0, attempt.what)
            assertNoLeak(secrets, request, answer)
          }
          assert.deepEqual(differences(untouched, await rows()), [])
          const named = new Set(naming.flatMap((one) => [one.body?.(a), one.query?.(a)]).flatMap(keysOf))
          const taken = [...propertiesOf(route.body), ...propertiesOf(route.query)]
          const left = taken.filter((name) => !PLAIN.has(name) && !plain.includes(name) && !named.has(name))
          assert.deepEqual(left, [], 'properties that may name a row, and of which no case names one of A')
        })
    }

    for (const route of IN_ORDER) {
      it(`${nameOf(route)}: the same is good in A`, async () => {
        const { body, naming = [], own = route.status } = caseOf(route)
        const path = pathOf(route.path, a, a, [])
        const { answer } = await send('operator', route, path, body?.(a, 1))
        assert.equal(answer.status, own, answer.text)
        for (const attempt of naming.filter(({ finds }) => finds === 'nothing')) {
          const found = await send('operator', route, path, undefined, attempt.query?.(a))
          assert.ok(found.json.items?.length > 0, `${attempt.what}: ${found.answer.text}`)
        }
      })
    }
  })
})
