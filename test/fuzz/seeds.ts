import { ADMIN_ROUTES } from '../../server/admin/routes.js'
import { GROUP_URN, PATCH_URN, USER_URN } from '../harness/app.js'
import type { FilledAccount } from '../harness/filled-account.js'
import { conversations } from '../idp/conversation.js'
import { ADMIN_CASES, PATH_VALUES } from '../server/isolation/admin-cases.js'
import { samlSeeds } from './saml-seeds.js'
import type { Shot } from './shot.js'

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }
const OPERATOR = { Authorization: 'Bearer {{operator}}', 'Content-Type': 'application/json' }
const SCIM = { Authorization: 'Bearer {{token}}', 'Content-Type': 'application/scim+json' }
const OWN_PAGE = { Cookie: '{{session}}', 'Sec-Fetch-Site': 'same-origin' }

/** Good requests to every entry point, of which the fuzzer makes others. */
export function seeds(): Shot[] {
  return [
    ...scimSeeds(),
    ...dialectSeeds(),
    ...adminSeeds(),
    ...oauthSeeds(),
    ...browserSeeds(),
    ...samlSeeds(),
    ...RAW,
  ]
}

const scim = (method: string, path: string, body?: object): Shot => ({
  ...{ method, path: `/scim/v2/{{connection}}${path}`, headers: SCIM },
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
})
const search = (body: object) => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], ...body })
const bulk = (...Operations: object[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
  failOnErrors: 2,
  Operations,
})
const patch = (...Operations: object[]) => ({ schemas: [PATCH_URN], Operations })
const aPerson = { schemas: [USER_URN], userName: 'u{{fresh}}@x.example', name: { givenName: 'A' }, active: true }
const encoded = (filter: string) => `filter=${encodeURIComponent(filter)}`

function scimSeeds(): Shot[] {
  return [
    scim('GET', '/Users?startIndex=1&count=10&sortBy=name.familyName&sortOrder=descending'),
    scim(
      'GET',
      `/Users?${encoded('userName eq "{{userName}}" and not (emails[type eq "work" and value co "@"] or active eq false)')}`,
    ),
    scim(
      'GET',
      `/Users?${encoded('meta.lastModified gt "2020-01-01T00:00:00Z" or groups.value eq "{{group}}"')}&attributes=userName,name.givenName`,
    ),
    scim('GET', '/Users?cursor=&count=1&excludedAttributes=emails.value,groups'),
    scim('GET', '/Users?cursor={{scimCursor}}&count=1'),
    scim(
      'GET',
      `/Groups?${encoded('displayName sw "P" and members[value eq "{{person}}"]')}&excludedAttributes=members`,
    ),
    scim('GET', `/?${encoded('externalId pr or id eq "{{person}}"')}&count=2`),
    scim(
      'GET',
      '/Users/{{person}}?attributes=userName,urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
    ),
    {
      ...scim('GET', '/Users/{{person}}'),
      headers: { ...SCIM, 'If-None-Match': 'W/"7", {{etag}}', Accept: 'application/json' },
    },
    { ...scim('PUT', '/Users/{{second}}', aPerson), headers: { ...SCIM, 'If-Match': '*', Prefer: 'return=minimal' } },
    scim('GET', '/Users/{{candidate}}'),
    scim('GET', '/Groups/{{group}}?excludedAttributes=members'),
    scim('GET', '/Roles?count=1&startIndex=1'),
    scim('GET', '/Roles/{{role}}'),
    scim('GET', `/Licenses?${encoded('displayName co "e"')}`),
    scim('GET', '/Licenses/{{product}}'),
    scim('GET', '/ServiceProviderConfig'),
    scim('GET', '/Schemas'),
    scim('GET', `/Schemas/${USER_URN}`),
    scim('GET', '/ResourceTypes/User'),
    scim('GET', '/Me'),
    scim('POST', '/.search', search({ filter: 'displayName pr', attributes: ['displayName'], sortBy: 'id', count: 3 })),
    scim(
      'POST',
      '/Users/.search',
      search({ filter: 'emails.value ew "example"', startIndex: 1, excludedAttributes: ['name'] }),
    ),
    scim('POST', '/Groups/.search', search({ cursor: '', count: 1 })),
    scim('POST', '/Roles/.search', search({ filter: 'value eq "helper"' })),
    scim('POST', '/Licenses/.search', search({ count: 0 })),
    scim('POST', '/Users', aPerson),
    scim('POST', '/Groups', {
      schemas: [GROUP_URN],
      displayName: 'Group {{fresh}}',
      members: [{ value: '{{person}}' }],
    }),
    scim(
      'PATCH',
      '/Users/{{person}}',
      patch(
        { op: 'replace', path: 'emails[type eq "work"].value', value: 'w{{fresh}}@x.example' },
        { op: 'add', path: 'addresses[type eq "home" and primary eq true].locality', value: 'London' },
        { op: 'remove', path: 'phoneNumbers[value sw "1"]' },
        {
          op: 'Add',
          value: {
            'name.givenName': 'X',
            'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department': 'D',
          },
        },
        {
          op: 'replace',
          path: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager',
          value: '{{second}}',
        },
        { op: 'Add', path: 'roles', value: [{ value: '{"id":"1","value":"helper","displayName":"Helper"}' }] },
      ),
    ),
    scim(
      'PATCH',
      '/Groups/{{group}}',
      patch(
        { op: 'replace', value: { id: '{{group}}', displayName: 'People {{fresh}}' } },
        { op: 'add', path: 'members', value: [{ value: '{{second}}', display: 'x' }] },
        { op: 'remove', path: 'members[value eq "{{second}}" or value eq "{{person}}"]' },
      ),
    ),
    scim('PUT', '/Groups/{{group}}', {
      schemas: [GROUP_URN],
      displayName: 'People {{fresh}}',
      members: [{ value: '{{second}}' }],
    }),
    scim(
      'POST',
      '/Bulk',
      bulk(
        { method: 'POST', path: '/Users', bulkId: 'a', data: aPerson },
        {
          method: 'POST',
          path: '/Groups',
          bulkId: 'b',
          data: { schemas: [GROUP_URN], displayName: 'B {{fresh}}', members: [{ value: 'bulkId:a' }] },
        },
        {
          method: 'PATCH',
          path: '/Groups/bulkId:b',
          data: patch({ op: 'remove', path: 'members[value eq "bulkId:a"]' }),
        },
        { method: 'PUT', path: '/Users/bulkId:a', version: 'W/"1"', data: aPerson },
        { method: 'DELETE', path: '/Users/bulkId:a' },
      ),
    ),
    scim('DELETE', '/Users/{{nobody}}'),
  ]
}

/** What identity providers were seen to send; ids of answers stand for people of the world. */
function dialectSeeds(): Shot[] {
  return conversations().flatMap(([, { exchanges }]) =>
    exchanges.map(({ request, headers, body }) => {
      const [method = '', path = ''] = request.split(' ', 2)
      const named = (text: string) =>
        text
          .replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) =>
            /group|milano|astro|algebra|physics/.test(name) ? '{{group}}' : '{{person}}',
          )
          .replaceAll(/"userName":"[^"]*"/g, '"userName":"d{{fresh}}@x.example"')
          .replaceAll(/"(externalId|displayName)":"[^"]*"/g, '"$1":"d {{fresh}}"')
      const shot = scim(method, named(path))
      return {
        ...shot,
        headers: { ...SCIM, ...headers },
        ...(body === undefined ? {} : { body: named(JSON.stringify(body)) }),
      }
    }),
  )
}

/** An account of names in place of values. What is not here yet stands for nobody, so a new route is fired at as well. */
const NAMES = orNobody({
  ...{ account: { id: '{{account}}' }, word: '{{word}}', domain: '{{domain}}', candidateId: '{{candidate}}' },
  ...{
    matchRequestId: '{{event}}',
    eventId: '{{event}}',
    jobId: '{{job}}',
    signInTestId: '{{signInTest}}',
    sessionId: '{{sessionId}}',
  },
  first: {
    ...{
      connection: { id: '{{other}}' },
      tokenId: '{{tokenId}}',
      secretId: '{{secretId}}',
      ruleId: '{{rule}}',
      userId: '{{userId}}',
    },
    ...{ person: { id: '{{person}}', userName: '{{userName}}' }, group: { id: '{{group}}' } },
  },
  ...{ product: { id: '{{product}}', key: '{{productKey}}' }, role: { id: '{{role}}', key: '{{roleKey}}' } },
  ...{ local: { id: '{{local}}', email: 'local@{{domain}}' }, webhook: { id: '{{webhook}}' } },
  ...{ attribute: { id: '{{attribute}}', name: 'code', type: 'text' } },
}) as FilledAccount

const NOBODY = '{{nobody}}'

function orNobody(known: object): unknown {
  return new Proxy(known, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver)
      // What JSON and templates ask for is no name.
      if (typeof name === 'symbol' || name === 'toJSON') return value
      if (value === undefined) return orNobody({ [Symbol.toPrimitive]: () => NOBODY, toJSON: () => NOBODY })
      return typeof value === 'object' && value !== null ? orNobody(value) : value
    },
  })
}

function adminSeeds(): Shot[] {
  return ADMIN_ROUTES.map(({ method, path, body: schema }): Shot => {
    const named = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => PATH_VALUES[name]?.(NAMES) ?? name)
    const body = ADMIN_CASES[`${method} ${path}`]?.body?.(NAMES, 1) ?? {}
    const text = JSON.stringify(body).replaceAll('new1', 'new{{fresh}}')
    const shot = { method: method.toUpperCase(), path: `/api/v1${named}`, headers: OPERATOR }
    return schema === undefined ? shot : { ...shot, body: text }
  }).concat(
    [
      '/accounts/{{account}}/events?q=ada&source=scim&from=2020-01-01T00:00:00Z&limit=5',
      '/accounts/{{account}}/users?q=a&status=active&limit=2',
      '/accounts/{{account}}/feed?mode=full&limit=3&cursor={{cursor}}',
      '/accounts/{{account}}/webhooks/{{webhook}}/deliveries?limit=2',
      '/openapi.json',
      '/nothing',
    ].map((path) => ({ method: 'GET', path: `/api/v1${path}`, headers: OPERATOR })),
  )
}

function oauthSeeds(): Shot[] {
  const token = (body: string, headers = {}): Shot => ({
    method: 'POST',
    path: '/oauth/token',
    headers: { ...FORM, ...headers },
    body,
  })
  const jwt = [
    '{"alg":"RS256","kid":"1"}',
    `{"iss":"https://127.0.0.1:1","sub":"s","aud":"api://a","exp":${4e9},"jti":"1"}`,
    'x',
  ]
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.')
  const type = encodeURIComponent('urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
  return [
    token('grant_type=client_credentials&client_id={{clientId}}&client_secret={{clientSecret}}&scope=scim'),
    token('grant_type=client_credentials', { Authorization: 'Basic e3tjbGllbnRJZH19Ont7Y2xpZW50U2VjcmV0fX0=' }),
    token(`grant_type=client_credentials&client_id={{other}}&client_assertion_type=${type}&client_assertion=${jwt}`),
    { method: 'GET', path: '/.well-known/oauth-authorization-server', headers: {} },
    { method: 'GET', path: '/.well-known/jwks.json', headers: {} },
  ]
}

function browserSeeds(): Shot[] {
  const get = (path: string, headers: Record<string, string> = {}): Shot => ({ method: 'GET', path, headers })
  return [
    {
      method: 'POST',
      path: '/sso/discover',
      headers: { 'Content-Type': 'application/json' },
      body: '{"email":"ada@{{domain}}"}',
    },
    get('/sign-in?target=/reports&lang=fr', { 'Accept-Language': 'it;q=0.9, fr-CH, *;q=0.1' }),
    get('/sign-in', OWN_PAGE),
    { method: 'POST', path: '/sign-in', headers: FORM, body: 'email=ada%40{{domain}}&target=%2Freports' },
    get('/sso/test/{{connection}}', OWN_PAGE),
    get('/api/v1/session', OWN_PAGE),
    get('/api/v1/sessions', OWN_PAGE),
    {
      method: 'POST',
      path: '/api/v1/session/token',
      headers: { ...OWN_PAGE, 'Content-Type': 'application/json' },
      body: '{"audience":"crm"}',
    },
    get('/', OWN_PAGE),
    get('/console/users?tab=1', OWN_PAGE),
    get('/healthz'),
    get('/readyz'),
    get('/metrics', { Authorization: 'Bearer {{operator}}' }),
    get('/saml/{{connection}}/finish?id=x', { Cookie: '{{browser}}' }),
  ]
}

const HEAD = 'GET /scim/v2/{{connection}}/Users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {{token}}\r\n'
const POST =
  'POST /scim/v2/{{connection}}/Users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {{token}}\r\nContent-Type: application/scim+json\r\n'

/** HTTP as it should be, and as it should not. */
const RAW: readonly Shot[] = [
  `${HEAD}\r\n`,
  `${HEAD}Connection: close\r\n\r\n${HEAD}\r\n`,
  `${POST}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  `${POST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  `${POST}Content-Length: 20\r\nExpect: 100-continue\r\n\r\n{"schemas":[]}`,
  `${HEAD}Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n`,
  'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n',
  'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET http://other.example/api/v1/accounts HTTP/1.1\r\nHost: x\r\n\r\n',
  'POST /saml/{{connection}}/acs HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=a\r\nContent-Length: 9\r\n\r\n--a\r\n\r\n--a',
  'GET /sign-in HTTP/1.0\r\n\r\n',
].map((raw) => ({ method: 'GET', path: '/', headers: {}, raw }))
