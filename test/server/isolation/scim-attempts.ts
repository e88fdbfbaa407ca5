import type { ScimRoute } from '../../../scim/routes.js'
import { aUser, ENTERPRISE_URN, GROUP_URN, patchOf, replace } from '../../harness/app.js'
import type { FilledAccount, FilledConnection } from '../../harness/filled-account.js'

/** A connection in its account. */
export interface Side {
  readonly filled: FilledAccount
  readonly at: FilledConnection
}

/** One try to reach `a` through the connection of `b`; sent by `a` itself it is an ordinary request. */
export interface Attempt {
  readonly what: string
  /** Behind the base URI of the connection that sends it. */
  readonly path: (a: Side, b: Side) => string
  readonly body?: (a: Side, b: Side) => object
  /** What `b` is answered; a list has the status 200 and, where it is 'nobody', no resource. */
  readonly answer: number | 'nobody'
  /** Where the other connection is one of the same account, and the answer is then another. */
  readonly inOneAccount?: number | 'nobody' | 'skip'
  /** What `a` is answered to the same request; 'somebody' is a list that is not empty. */
  readonly inA: number | 'somebody'
}

/** `GET /Users/{id}`: how cases name a route. */
export function nameOf({ method, endpoint, withId }: ScimRoute): string {
  return `${method} /${endpoint}${withId ? '/{id}' : ''}`
}

const manager = (id: string) => ({ [ENTERPRISE_URN]: { manager: { value: id } } })
const aGroup = (displayName: string, ids: string[]) => {
  return { schemas: [GROUP_URN], displayName, members: ids.map((value) => ({ value })) }
}
const member = ({ at }: Side) => ({ value: at.person.id })
const list = (resource: 'Users' | 'Groups' | '', filter: (a: Side) => string): Attempt => ({
  what: `finds nobody by ${filter(NAMES)}`,
  path: (a) => `/${resource}?filter=${encodeURIComponent(filter(a))}`,
  answer: 'nobody',
  inA: 'somebody',
})

const search = (resource: 'Users/' | 'Groups/' | '', filter: (a: Side) => string): Attempt => ({
  what: `finds nobody by ${filter(NAMES)}`,
  path: () => `/${resource}.search`,
  body: (a) => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], filter: filter(a) }),
  answer: 'nobody',
  inA: 'somebody',
})
const bulkOf = (...Operations: object[]) => {
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations }
}

/** Stands for the values in the title of a case. */
const NAMES = {
  filled: { candidateId: '<candidate>', local: { email: '<local e-mail>' } },
  at: {
    person: { id: '<id>', userName: '<userName>', externalId: '<externalId>', displayName: '<displayName>' },
    group: { id: '<group>', displayName: '<group name>' },
  },
} as unknown as Side

/** A request to the id of each kind of thing in A, which is the address of nothing in B. */
function onIds(resource: 'Users' | 'Groups', inA: number, body?: Attempt['body']): Attempt[] {
  const own = resource === 'Users' ? 'person' : 'group'
  const other = resource === 'Users' ? 'group' : 'person'
  const path = (id: (a: Side) => string) => (a: Side) => `/${resource}/${id(a)}`
  const rest = body === undefined ? {} : { body }
  return [
    { what: `to a ${own} of A`, path: path((a) => a.at[own].id), ...rest, answer: 404, inA },
    { what: `to a ${other} of A`, path: path((a) => a.at[other].id), ...rest, answer: 404, inA: 404 },
    { what: 'to an account user of A', path: path((a) => a.at.userId), ...rest, answer: 404, inA: 404 },
  ]
}

/** A local user of A who may be linked: only A's own connections know her candidate id. */
function onCandidate(inA: number, body?: Attempt['body']): Attempt {
  const path = ({ filled }: Side) => `/Users/${filled.candidateId}`
  const attempt = { what: 'to a candidate of A', path, answer: 404, inOneAccount: 'skip', inA } as const
  return body === undefined ? attempt : { ...attempt, body }
}

const notOffered: Attempt[] = [{ what: 'is not offered', path: () => '/Me', answer: 501, inA: 501 }]
const nameless = (path: string, inA: number): Attempt => ({
  what: 'to a person of A',
  path: (a) => `${path}/${a.at.person.id}`,
  answer: 404,
  inA,
})
const searchAll = (path: string): Attempt => ({
  what: 'lists nothing of A',
  path: () => path,
  body: () => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'] }),
  answer: 200,
  inA: 'somebody',
})
/** What belongs to the account is the same for each of its connections. */
const ofAccount = (resource: string, thing: (filled: FilledAccount) => { id: string } | undefined): Attempt => ({
  what: 'to one of A',
  path: ({ filled }) => `/${resource}/${thing(filled)?.id}`,
  answer: 404,
  inOneAccount: 200,
  inA: 200,
})
const plain = (path: string): Attempt[] => [{ what: 'says nothing of A', path: () => path, answer: 200, inA: 200 }]

/** Every route of SCIM, with what B tries there. */
export const SCIM_ATTEMPTS: Readonly<Record<string, readonly Attempt[]>> = {
  'GET /Users': [
    list('Users', ({ at }) => `id eq "${at.person.id}"`),
    list('Users', ({ at }) => `userName eq "${at.person.userName}"`),
    list('Users', ({ at }) => `externalId eq "${at.person.externalId}"`),
    list('Users', ({ at }) => `emails.value eq "${at.person.userName}"`),
    list('Users', ({ at }) => `emails[type eq "work"].value eq "${at.person.userName}"`),
    list('Users', ({ at }) => `displayName sw "${at.person.displayName}"`),
    list('Users', ({ at }) => `groups.value eq "${at.group.id}"`),
    list('Users', ({ at }) => `groups.display eq "${at.group.displayName}"`),
    list('Users', ({ at }) => `id eq "${at.person.id}" or userName eq "${at.person.userName}"`),
    { ...list('Users', ({ filled }) => `userName eq "${filled.local.email}"`), inOneAccount: 'skip' },
    { ...list('Users', ({ filled }) => `emails.value eq "${filled.local.email}"`), inOneAccount: 'skip' },
    { what: 'lists no one of A', path: () => '/Users?count=1000&sortBy=userName', answer: 200, inA: 'somebody' },
    { what: 'filters no one of A', path: () => '/Users?filter=id%20pr&count=1000', answer: 200, inA: 'somebody' },
  ],
  'POST /Users': [
    {
      what: 'with id, meta and groups of A, which are ignored',
      path: () => '/Users',
      body: ({ at }) =>
        aUser({ id: at.person.id, meta: at.person.meta, groups: [{ value: at.group.id, display: 'x' }] }),
      answer: 201,
      inA: 201,
    },
    {
      what: 'with userName, externalId and address of A: a person of her own (trap 17)',
      path: () => '/Users',
      body: ({ at: { person } }) => aUser({ userName: person.userName, externalId: person.externalId }),
      answer: 201,
      // One address is one user of an account: the other directory is told, as DESIGN 4 says.
      inOneAccount: 409,
      inA: 409,
    },
    {
      what: 'with a manager of A, who stays a word without a name',
      path: () => '/Users',
      body: ({ at }) => aUser(manager(at.person.id)),
      answer: 201,
      inA: 201,
    },
    {
      what: 'with a candidate of A as manager, who is not linked',
      path: () => '/Users',
      body: ({ filled }) => aUser(manager(filled.candidateId)),
      answer: 201,
      inOneAccount: 'skip',
      inA: 201,
    },
  ],
  'GET /Users/{id}': [...onIds('Users', 200), onCandidate(200)],
  'PUT /Users/{id}': [
    ...onIds('Users', 200, ({ at: { person } }) => aUser({ userName: person.userName, title: 'Changed' })),
    onCandidate(200, ({ filled }) => aUser({ userName: filled.local.email, title: 'Changed' })),
    {
      what: 'of its own person, with a manager and groups of A',
      path: (_, b) => `/Users/${b.at.person.id}`,
      body: (a, b) =>
        aUser({ userName: b.at.person.userName, groups: [{ value: a.at.group.id }], ...manager(a.at.person.id) }),
      answer: 200,
      inA: 200,
    },
  ],
  'PATCH /Users/{id}': [
    ...onIds('Users', 200, () => replace('title', 'Changed')),
    onCandidate(200, () => replace('title', 'Changed')),
    {
      what: 'of its own person, with a manager of A',
      path: (_, b) => `/Users/${b.at.person.id}`,
      body: ({ at }) => replace(`${ENTERPRISE_URN}:manager`, at.person.id),
      answer: 200,
      inA: 200,
    },
    {
      what: 'of its own person into a group of A',
      path: (_, b) => `/Users/${b.at.person.id}`,
      body: ({ at }) => patchOf({ op: 'add', path: 'groups', value: [{ value: at.group.id }] }),
      answer: 400,
      inA: 400,
    },
  ],
  'DELETE /Users/{id}': [
    // A candidate cannot be deleted; in A she is linked by the requests before this one.
    onCandidate(204),
    ...onIds('Users', 204),
  ],
  'GET /Groups': [
    list('Groups', ({ at }) => `id eq "${at.group.id}"`),
    list('Groups', ({ at }) => `displayName eq "${at.group.displayName}"`),
    list('Groups', ({ at }) => `members.value eq "${at.person.id}"`),
    list('Groups', ({ at }) => `members eq "${at.person.id}"`),
    list('Groups', ({ at }) => `id eq "${at.group.id}" and members[value eq "${at.person.id}"]`),
    { what: 'lists no group of A', path: () => '/Groups?count=1000&sortBy=displayName', answer: 200, inA: 'somebody' },
  ],
  'POST /Groups': [
    {
      what: 'with a member of A',
      path: () => '/Groups',
      body: ({ at }) => aGroup(`Stolen ${at.person.id}`, [at.person.id]),
      answer: 400,
      inA: 201,
    },
    {
      what: 'with a candidate of A as member, who is not linked',
      path: () => '/Groups',
      body: ({ filled }) => aGroup(`Lured ${filled.candidateId}`, [filled.candidateId]),
      answer: 400,
      inOneAccount: 'skip',
      inA: 201,
    },
    {
      what: 'with the id and name of a group of A: a group of its own',
      path: () => '/Groups',
      body: ({ at }) => ({ ...aGroup(at.group.displayName, []), id: at.group.id }),
      answer: 201,
      inA: 409,
    },
  ],
  'POST /Users/.search': [
    search('Users/', ({ at }) => `userName eq "${at.person.userName}"`),
    search('Users/', ({ at }) => `id eq "${at.person.id}"`),
    search('Users/', ({ at }) => `groups.value eq "${at.group.id}"`),
  ],
  'POST /Groups/.search': [
    search('Groups/', ({ at }) => `displayName eq "${at.group.displayName}"`),
    search('Groups/', ({ at }) => `members.value eq "${at.person.id}"`),
  ],
  'GET /': [
    list('', ({ at }) => `id eq "${at.person.id}" or id eq "${at.group.id}"`),
    list('', ({ at }) => `meta.resourceType eq "User" and userName eq "${at.person.userName}"`),
    { what: 'lists nothing of A', path: () => '/?count=1000&sortBy=displayName', answer: 200, inA: 'somebody' },
    { what: 'walks past all of A', path: () => '/?count=1000&cursor=', answer: 200, inA: 'somebody' },
  ],
  'POST /.search': [
    search('', ({ at }) => `id eq "${at.person.id}" or id eq "${at.group.id}"`),
    search('', ({ at }) => `displayName eq "${at.group.displayName}"`),
  ],
  'GET /Roles': [{ what: 'lists no role of A', path: () => '/Roles', answer: 200, inA: 'somebody' }],
  'POST /Roles/.search': [searchAll('/Roles/.search')],
  'GET /Roles/{id}': [nameless('/Roles', 404), ofAccount('Roles', ({ role }) => role)],
  'GET /Licenses': [{ what: 'lists no license of A', path: () => '/Licenses', answer: 200, inA: 'somebody' }],
  'POST /Licenses/.search': [searchAll('/Licenses/.search')],
  'GET /Licenses/{id}': [nameless('/Licenses', 404), ofAccount('Licenses', ({ product }) => product)],
  'POST /Bulk': [
    {
      what: 'with changes and removals of what A has',
      path: () => '/Bulk',
      body: ({ at }) =>
        bulkOf(
          { method: 'PATCH', path: `/Users/${at.person.id}`, data: replace('title', 'Changed') },
          { method: 'PUT', path: `/Users/${at.person.id}`, data: aUser() },
          { method: 'PATCH', path: `/Groups/${at.group.id}`, data: replace('displayName', `Bulk ${at.group.id}`) },
          { method: 'POST', path: '/Groups', bulkId: 'g', data: aGroup(`Bulk of ${at.person.id}`, [at.person.id]) },
          { method: 'DELETE', path: `/Groups/${at.group.id}x` },
        ),
      answer: 200,
      inA: 200,
    },
  ],
  'GET /Groups/{id}': onIds('Groups', 200),
  'PUT /Groups/{id}': [
    ...onIds('Groups', 200, ({ at }) => aGroup(at.group.displayName, [])),
    {
      what: 'of its own group, with a member of A',
      path: (_, b) => `/Groups/${b.at.group.id}`,
      body: (a, b) => aGroup(b.at.group.displayName, [b.at.person.id, a.at.person.id]),
      answer: 400,
      inA: 200,
    },
  ],
  'PATCH /Groups/{id}': [
    ...onIds('Groups', 204, () => replace('externalId', 'Changed')),
    ...(['add', 'replace'] as const).map(
      (op): Attempt => ({
        what: `of its own group: ${op} of a member of A`,
        path: (_, b) => `/Groups/${b.at.group.id}`,
        body: (a) => patchOf({ op, path: 'members', value: [member(a)] }),
        answer: 400,
        inA: 204,
      }),
    ),
    {
      what: 'of its own group: remove of a member of A is no change',
      path: (_, b) => `/Groups/${b.at.group.id}`,
      body: ({ at }) => patchOf({ op: 'remove', path: `members[value eq "${at.person.id}"]` }),
      answer: 204,
      inA: 204,
    },
  ],
  'DELETE /Groups/{id}': onIds('Groups', 204),
  'GET /ServiceProviderConfig': plain('/ServiceProviderConfig'),
  'GET /ResourceTypes': plain('/ResourceTypes'),
  'GET /ResourceTypes/{id}': [...plain('/ResourceTypes/User'), nameless('/ResourceTypes', 404)],
  'GET /Schemas': plain('/Schemas'),
  'GET /Schemas/{id}': [...plain(`/Schemas/${GROUP_URN}`), nameless('/Schemas', 404)],
  'GET /Me': notOffered,
  'POST /Me': notOffered,
  'PUT /Me': notOffered,
  'PATCH /Me': notOffered,
  'DELETE /Me': notOffered,
}
