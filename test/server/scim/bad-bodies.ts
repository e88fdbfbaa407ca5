import { gzipSync } from 'node:zlib'
import type { ScimRoute } from '../../../scim/routes.js'
import { aUser, GROUP_URN, patchOf, replace } from '../../harness/app.js'

/** What the tests of bad input start from: one person in one group. */
export interface Stage {
  readonly personId: string
  readonly groupId: string
}

/** A write that is good, into which the tests put what is bad. */
export interface Write {
  /** Behind the base URI. */
  readonly path: (stage: Stage) => string
  /** Undefined for a route that takes no body. */
  readonly body?: (overrides?: object) => object
}

const person = ({ personId }: Stage) => `/Users/${personId}`
const group = ({ groupId }: Stage) => `/Groups/${groupId}`
const aGroup = (overrides: object = {}) => ({ schemas: [GROUP_URN], displayName: 'Cobol', ...overrides })

/** Every route of SCIM that writes: `PUT /Users/{id}`. */
export const WRITES: Readonly<Record<string, Write>> = {
  'POST /Users': { path: () => '/Users', body: (overrides = {}) => aUser({ userName: 'new@x.com', ...overrides }) },
  'PUT /Users/{id}': { path: person, body: (overrides = {}) => aUser({ userName: 'put@x.com', ...overrides }) },
  'PATCH /Users/{id}': { path: person, body: () => replace('title', 'Changed') },
  'DELETE /Users/{id}': { path: person },
  'POST /Groups': { path: () => '/Groups', body: aGroup },
  'PUT /Groups/{id}': { path: group, body: aGroup },
  'PATCH /Groups/{id}': { path: group, body: () => patchOf({ op: 'replace', path: 'displayName', value: 'Changed' }) },
  'DELETE /Groups/{id}': { path: group },
  'POST /Bulk': {
    path: () => '/Bulk',
    body: (overrides = {}) => ({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [],
      ...overrides,
    }),
  },
}

/** A request that has to be refused, and how. */
export interface Refused {
  readonly what: string
  readonly body?: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
  readonly chunked?: boolean
  /** In place of the path of the route. */
  readonly path?: string
  readonly status: number
  readonly scimType?: string
  /** Refused before anything is known of it. */
  readonly unlogged?: true
  /** What `detail` says. */
  readonly says: RegExp
}

const syntax = { status: 400, scimType: 'invalidSyntax' } as const

const NOT_JSON = [
  '{',
  '[',
  '}',
  '{]',
  'nope',
  "{'a':1}",
  '{"a":1,}',
  '{"a":1}}',
  '{"a":NaN}',
  '\u0000',
  '<xml/>',
  '"',
  '[}'.repeat(10_000),
]
const NO_OBJECT = ['null', 'true', '0', '1e400', '"text"', '[]', '[{}]', '-0']
const WRONG_TYPES = [
  'text/plain',
  'text/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'application/jsonp',
  'application/scim+xml',
  'application/json-patch+json',
  'nonsense',
]

/** Bodies that no route understands. `good` is one that this route does; `type` is sent where nothing else is said. */
export function unreadable(good: string, { maxBodyBytes }: Pick<ScimRoute, 'maxBodyBytes'>): Refused[] {
  const sized = Buffer.alloc(maxBodyBytes + 1, 0x20)
  const tooLarge = { status: 413, says: new RegExp(`larger than ${maxBodyBytes / 1_048_576} MB`) }
  const latin = Buffer.from(good.replace('{', '{"é":1,'), 'latin1')
  const surrogate = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')])
  return [
    ...NOT_JSON.map((body) => ({ what: body, body, ...syntax, says: /not JSON/ })),
    { what: 'cut', body: good.slice(0, -1), ...syntax, says: /not JSON/ },
    { what: 'twice', body: good + good, ...syntax, says: /not JSON/ },
    ...NO_OBJECT.map((body) => ({ what: body, body, ...syntax, says: /must be a JSON object/ })),
    { what: 'in a list', body: `[${good}]`, ...syntax, says: /must be a JSON object, got a list/ },
    { what: 'empty', body: '', ...syntax, says: /must be a JSON object/ },
    { what: 'Latin-1', body: latin, ...syntax, says: /not UTF-8/ },
    { what: 'UTF-16', body: Buffer.from(`\ufeff${good}`, 'utf16le'), ...syntax, says: /not UTF-8/ },
    { what: 'a surrogate in UTF-8', body: surrogate, ...syntax, says: /not UTF-8/ },
    ...WRONG_TYPES.map((type) => ({
      what: type,
      body: good,
      headers: { 'Content-Type': type },
      status: 415,
      says: new RegExp(`must be|has to be.*${type.slice(0, 8)}`),
    })),
    { what: 'no type', body: good, headers: { 'Content-Type': '' }, status: 415, says: /untyped/ },
    {
      what: 'gzip',
      body: gzipSync(good),
      headers: { 'Content-Encoding': 'gzip' },
      status: 415,
      says: /Content-Encoding/,
    },
    { what: 'too large', body: sized, ...tooLarge },
    { what: 'too large, in chunks', body: sized, chunked: true, ...tooLarge },
    ...deep(good).map((body, index) => ({ what: `deep ${index}`, body, ...syntax, says: /deeper than 64 levels/ })),
    ...WITHOUT_SCHEMA.map((schemas) => ({
      what: `schemas ${JSON.stringify(schemas)}`,
      body: JSON.stringify({ ...JSON.parse(good), schemas }),
      ...syntax,
      says: /schemas must be a list that contains urn:ietf:params:scim:/,
    })),
  ]
}

const WITHOUT_SCHEMA = [undefined, null, [], [1], 'text', {}, [[GROUP_URN]], ['urn:example:unknown']]

/** 10,000 levels: alone, inside a good body, never closed, and closed in the wrong way. */
function deep(good: string): string[] {
  const objects = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`
  const lists = '['.repeat(10_000) + ']'.repeat(10_000)
  const inside = (value: string) => good.replace('{', `{"deep":${value},`)
  return [objects, lists, inside(objects), inside(lists), '['.repeat(1_000_000), '{"a":['.repeat(5_000)]
}
