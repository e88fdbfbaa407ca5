import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import type { Body, TestConnection } from '../harness/app.js'
import { type RawRequest, rawCall } from '../harness/raw-call.js'
import { recorded } from './recorded.js'

/** What an IdP asks, one request after the other, and what it needs to read in the answers. */
export interface Conversation {
  /** Where the requests are from: a recording, or documents and client code. */
  readonly source: string
  readonly exchanges: readonly Exchange[]
}

/** Texts hold ids of earlier answers as `{{name}}`. */
export interface Exchange {
  /** What the IdP is about. */
  readonly does: string
  /** Method and path, as `POST /Users`. */
  readonly request: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Body
  readonly status: number
  /** Members that the answer has; it may have others. A list is compared whole, null stands for a member that is not there. */
  readonly answer?: Body
  /** The name under which later texts refer to the `id` of the answer. */
  readonly keep?: string
}

/** Every conversation in `test/idp`, as `<idp>/<what-happened>`. */
export function conversations(): readonly (readonly [name: string, conversation: Conversation])[] {
  const names = readdirSync(new URL('./', import.meta.url), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.replace(/\.json$/, ''))
  return names
    .sort()
    .map((name) => [name, recorded(name)] as const)
    .filter((entry): entry is readonly [string, Conversation] => 'exchanges' in (entry[1] as object))
}

/** Hold it with a connection; fails at the first answer that the IdP could not go on with. Resolves to the ids that were kept. */
export async function hold(connection: TestConnection, conversation: Conversation): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const exchange of conversation.exchanges) {
    const { does, request, status, answer, keep } = exchange
    const sent = await rawCall(connection.account.app.url, requestOf(connection, exchange, ids))
    const seen = `${does}: ${request} answered ${sent.status} ${sent.text}`
    assert.equal(sent.status, status, seen)
    const body: Body = sent.text === '' ? undefined : JSON.parse(sent.text)
    if (answer !== undefined) assertHas(body, filled(answer, ids), seen)
    if (keep !== undefined) ids.set(keep, body.id)
  }
  return ids
}

function requestOf({ id, token }: TestConnection, exchange: Exchange, ids: ReadonlyMap<string, string>): RawRequest {
  const [method = '', path = ''] = exchange.request.split(' ', 2)
  const { 'Content-Type': type = 'application/scim+json', ...headers } = exchange.headers ?? {}
  const body = exchange.body === undefined ? undefined : JSON.stringify(filled(exchange.body, ids))
  return {
    method,
    path: `/scim/v2/${id}${filled(path, ids)}`,
    headers: { Authorization: `Bearer ${token}`, ...headers, ...(body === undefined ? {} : { 'Content-Type': type }) },
    ...(body === undefined ? {} : { body }),
  }
}

function filled<T>(value: T, ids: ReadonlyMap<string, string>): T {
  const text = JSON.stringify(value).replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const id = ids.get(name)
    assert.ok(id, `no answer was kept as ${name}`)
    return id
  })
  return JSON.parse(text)
}

function assertHas(actual: Body, expected: Body, seen: string): void {
  if (Array.isArray(expected)) {
    assert.equal(actual?.length, expected.length, seen)
    expected.forEach((one, index) => {
      assertHas(actual[index], one, seen)
    })
  } else if (expected !== null && typeof expected === 'object') {
    assert.ok(actual !== null && typeof actual === 'object', seen)
    for (const [name, one] of Object.entries(expected)) assertHas(actual[name], one, seen)
  } else assert.deepEqual(actual ?? null, expected, seen)
}
