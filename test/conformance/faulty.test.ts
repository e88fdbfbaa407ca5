import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { CHECKS } from '../../conformance/checks.js'
import { type Body, Client } from '../../conformance/client.js'
import { tryCheck } from '../../conformance/run.js'
import { type TestConnection, useApp } from '../harness/app.js'
import { forEachDatabaseInTime } from '../harness/database.js'

/** A request on its way to the real server, and the answer on its way back. */
interface Passing {
  readonly method: string
  url: URL
  headers: Record<string, string>
  body: string
}
interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Parsed, or undefined where there is none. */
  readonly json: Body
}

interface FaultCase {
  readonly what: string
  readonly request?: (passing: Passing) => unknown
  /** What is answered in place of what the server answered. */
  readonly answer?: (answer: Answer, passing: Passing) => Partial<Answer>
  /** Checks that have to notice. */
  readonly noticed: readonly number[]
}

/** Belong to one connection, or to the body as it was. */
const HOP = new Set(['content-length', 'connection', 'keep-alive', 'transfer-encoding'])

const isError = ({ status }: Answer) => status >= 400
const json = (a: Answer, overrides: object) => (a.json === undefined ? {} : { json: { ...a.json, ...overrides } })
const without = (name: string) => (a: Answer) => {
  const { [name]: _, ...headers } = a.headers
  return { headers }
}
const forgets = (name: string) => (passing: Passing) => passing.url.searchParams.delete(name)

const FAULTS: readonly FaultCase[] = [
  {
    what: 'status of an Error is a number',
    answer: (a) => (isError(a) ? json(a, { status: a.status }) : {}),
    noticed: [70, 159, 161],
  },
  {
    what: 'an Error without its schema',
    answer: (a) => (isError(a) ? json(a, { schemas: [] }) : {}),
    noticed: [64, 118, 159],
  },
  {
    what: 'a conflict without scimType',
    answer: (a) => (a.status === 409 ? json(a, { scimType: undefined }) : {}),
    noticed: [42, 64, 124],
  },
  { what: 'a filter that is ignored', request: forgets('filter'), noticed: [72, 73, 83, 89, 96, 171] },
  { what: 'attributes that are ignored', request: forgets('attributes'), noticed: [107, 110, 111] },
  { what: 'sortOrder that is ignored', request: forgets('sortOrder'), noticed: [103, 104] },
  { what: 'nobody found is 404', answer: (a) => (a.json?.totalResults === 0 ? { status: 404 } : {}), noticed: [73] },
  {
    what: 'totals that are wrong',
    answer: (a) => (a.json?.totalResults === undefined ? {} : json(a, { totalResults: a.json.totalResults + 1 })),
    noticed: [72, 73, 78, 170],
  },
  { what: 'no Location', answer: without('location'), noticed: [40, 61] },
  { what: '401 without WWW-Authenticate', answer: without('www-authenticate'), noticed: [9] },
  {
    what: 'no meta.lastModified',
    answer: (a) => (a.json?.meta ? json(a, { meta: { ...a.json.meta, lastModified: undefined } }) : {}),
    noticed: [22, 38, 41],
  },
  {
    what: 'another media type',
    answer: (a) => ({ headers: { ...a.headers, 'content-type': 'text/plain' } }),
    noticed: [2, 3],
  },
  {
    what: 'booleans as text',
    answer: (a) => (typeof a.json?.active === 'boolean' ? json(a, { active: String(a.json.active) }) : {}),
    noticed: [20, 45],
  },
  { what: 'If-Match that is ignored', request: ({ headers }) => delete headers['if-match'], noticed: [165, 167] },
  { what: 'If-None-Match that is ignored', request: ({ headers }) => delete headers['if-none-match'], noticed: [166] },
  {
    what: 'only the first operation of a PATCH',
    request: (passing) => {
      if (passing.method !== 'PATCH') return
      const body = JSON.parse(passing.body)
      passing.body = JSON.stringify({ ...body, Operations: body.Operations?.slice(0, 1) })
    },
    noticed: [126, 127, 138],
  },
  {
    what: 'DELETE is 200 with a body',
    answer: (a, { method }) => (method === 'DELETE' && a.status === 204 ? { status: 200, json: {} } : {}),
    noticed: [13, 145],
  },
  {
    what: 'failOnErrors that is ignored',
    request: (passing) => {
      passing.body = passing.body.replace(/"failOnErrors":\d+,?/, '')
    },
    noticed: [150],
  },
]

forEachDatabaseInTime((database) => {
  describe('the checks against a faulty server', () => {
    const app = useApp(database)
    let okta: TestConnection
    let proxy: Server
    let fault: FaultCase | undefined

    before(async () => {
      okta = await app.aConnection()
      proxy = createServer((request, response) => void pass(request, response, app.url, fault)).listen(0, '127.0.0.1')
      await once(proxy, 'listening')
    })
    after(() => proxy.close().closeAllConnections())

    const failing = async (numbers: readonly number[]): Promise<number[]> => {
      const { port } = proxy.address() as AddressInfo
      const client = new Client(`http://127.0.0.1:${port}/scim/v2/${okta.id}`, okta.token)
      const found: number[] = []
      for (const check of CHECKS.filter(({ number }) => numbers.includes(number)))
        if ((await tryCheck(client, check)).verdict === 'fail') found.push(check.number)
      return found
    }

    for (const one of FAULTS)
      it(`${one.what}: ${one.noticed.join(', ')}`, async () => {
        fault = one
        assert.deepEqual(
          await failing(one.noticed),
          [...one.noticed].sort((a, b) => a - b),
        )
        fault = undefined
        assert.deepEqual(await failing(one.noticed), [])
      })
  })
})

/** Hand a request on to the real server and its answer back, with the fault in one of them. */
async function pass(request: IncomingMessage, response: ServerResponse, origin: string, fault: FaultCase | undefined) {
  const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers as Record<string, string>
  const url = new URL(request.url ?? '', origin)
  const passing = { method: request.method ?? '', url, headers, body: await text(request) }
  fault?.request?.(passing)
  const { method, body } = passing
  const real = await fetch(passing.url, { method, headers: passing.headers, ...(body !== '' && { body }) })
  const said = await real.text()
  const kept = Object.fromEntries([...real.headers].filter(([name]) => !HOP.has(name)))
  const honest = { status: real.status, headers: kept, json: said === '' ? undefined : JSON.parse(said) }
  const answer: Answer = { ...honest, ...fault?.answer?.(honest, passing) }
  response
    .writeHead(answer.status, answer.headers)
    .end(answer.json === undefined ? undefined : JSON.stringify(answer.json))
}
