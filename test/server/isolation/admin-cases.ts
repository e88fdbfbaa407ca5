import { feedCursor } from '../../../accounts/feed-cursor.js'
import { cursorOf } from '../../../accounts/opaque-cursor.js'
import { type FilledAccount, IDP_METADATA, TERMS } from '../../harness/filled-account.js'

/** A body or query of B in which something of A is named. */
export interface Naming {
  readonly what: string
  readonly body?: (a: FilledAccount) => object
  readonly query?: (a: FilledAccount) => Readonly<Record<string, string>>
  /** A refusal, or the status of a request that is good and finds or does nothing of A. */
  readonly status: number
  /** The list that is answered is empty, or the count is 0: in A it is not. */
  readonly finds?: 'nothing' | 'none'
}

/** What isolation needs to know of a route beside its path. */
export interface AdminCase {
  /** A good body; `n` tells those of several requests apart. */
  readonly body?: (own: FilledAccount, n: number) => object
  readonly naming?: readonly Naming[]
  /** Properties that name no row here, though elsewhere they do: the key of what is made. */
  readonly plain?: readonly string[]
  /** Status in its own account, where it is not that of the route's success. */
  readonly own?: number
}

/** What stands in a path for each name in braces. A new name has no value here, and fails. */
export const PATH_VALUES: Readonly<Record<string, (own: FilledAccount) => string>> = {
  accountId: ({ account }) => account.id,
  attributeId: ({ attribute }) => attribute.id,
  connectionId: ({ first }) => first.connection.id,
  eventId: ({ eventId }) => eventId,
  exportId: ({ exportId }) => exportId,
  groupId: ({ first }) => first.group.id,
  jobId: ({ jobId }) => jobId,
  key: ({ product }) => product.key,
  kind: () => 'product',
  matchRequestId: ({ matchRequestId }) => matchRequestId,
  name: ({ domain }) => domain,
  productId: ({ product }) => product.id,
  roleId: ({ role }) => role.id,
  ruleId: ({ first }) => first.ruleId,
  secretId: ({ first }) => first.secretId,
  sessionId: ({ sessionId }) => sessionId,
  testId: ({ signInTestId }) => signInTestId,
  tokenId: ({ first }) => first.tokenId,
  userId: ({ local }) => local.id,
  webhookId: ({ webhook }) => webhook.id,
}

const someone = (n: number) => ({ email: `new${n}@elsewhere.example`, givenName: 'N', familyName: 'N' })
const effects = ({ role, product }: FilledAccount) => ({ role: role.key, products: [{ key: product.key }] })
const onlyRole = ({ role }: FilledAccount) => ({ role: role.key })
const onlyProducts = ({ product }: FilledAccount) => ({ products: [{ key: product.key }] })

/** Effects of a rule or a connection that name a role, or a product, of A. */
function effectsOfA(status: number, wrap: (effects: object) => object): Naming[] {
  return [
    { what: 'a role of A', body: (a) => wrap(onlyRole(a)), status },
    { what: 'a product of A', body: (a) => wrap(onlyProducts(a)), status },
  ]
}

/** A page that begins behind something of A begins nowhere special in B. */
const cursor = (of: (a: FilledAccount) => string): Naming => {
  return { what: 'a cursor of A', query: (a) => ({ cursor: of(a) }), status: 200 }
}

const search = (name: string, of: (a: FilledAccount) => string): Naming => ({
  what: `${name} of A`,
  query: (a) => ({ [name]: of(a) }),
  status: 200,
  finds: 'nothing',
})

const previewed = (rest: (a: FilledAccount) => object, what: string, status: number): Naming => {
  return { what, body: (a) => ({ who: { everyone: true }, rule: { effects: {} }, ...rest(a) }), status }
}

const exported = (kind: string, filter: (a: FilledAccount) => object): Naming => {
  return { what: `a filter of A: ${kind}`, body: (a) => ({ kind, format: 'jsonl', filter: filter(a) }), status: 202 }
}

/** What of A the log of B can be asked for. */
const EVENT_SEARCHES = [
  search('userId', ({ first }) => first.userId),
  search('connectionId', ({ first }) => first.connection.id),
  search('tokenId', ({ first }) => first.tokenId),
  search('ruleId', ({ first }) => first.ruleId),
  search('groupId', ({ first }) => first.group.id),
  search('correlationId', ({ eventId }) => eventId),
  search('q', ({ eventId }) => eventId),
  search('q', ({ first }) => first.person.userName),
]

const ACCOUNT = '/accounts/{accountId}'
const CONNECTION = `${ACCOUNT}/connections/{connectionId}`
const WEBHOOK = `${ACCOUNT}/webhooks/{webhookId}`

/** Every route of the admin API. */
export const ADMIN_CASES: Readonly<Record<string, AdminCase>> = {
  'post /accounts': { body: () => ({ name: 'Another' }) },
  'get /accounts': {},
  [`get ${ACCOUNT}`]: {},
  [`patch ${ACCOUNT}`]: { body: (_, n) => ({ name: `Renamed ${n}` }) },

  [`post ${ACCOUNT}/setup-link`]: { body: () => ({}) },

  'get /me': {},
  'patch /me': { body: () => ({ language: 'fr', displayName: 'Renamed' }) },
  'post /me/password': { body: () => ({ current: 'one', password: 'another' }) },
  'post /me/second-factor': { body: () => ({ password: 'one' }) },
  'post /me/second-factor/confirm': { body: () => ({ code: '123456' }) },
  'delete /me/second-factor': { body: () => ({ password: 'one' }) },
  'post /me/recovery-codes': { body: () => ({ password: 'one' }) },

  [`post ${ACCOUNT}/domains`]: {
    body: (_, n) => ({ name: `new${n}.elsewhere.example` }),
    naming: [
      { what: 'a verified domain of A', body: ({ domain }) => ({ name: domain, verified: true }), status: 403 },
      { what: 'a verified domain of A, pending', body: ({ domain }) => ({ name: domain }), status: 409 },
    ],
  },
  [`get ${ACCOUNT}/domains`]: {},
  [`patch ${ACCOUNT}/domains/{name}`]: { body: (_, n) => ({ ssoRequired: n === 1 }) },
  [`post ${ACCOUNT}/domains/{name}/verify`]: {},
  [`delete ${ACCOUNT}/domains/{name}`]: {},

  [`post ${ACCOUNT}/products`]: {
    body: ({ product }, n) => ({ key: `new${n}`, name: 'New', seats: 1, includes: [product.key] }),
    naming: [
      {
        what: 'a bundle with a product of A',
        body: ({ product }) => ({ key: 'bundle', name: 'Bundle', seats: 1, includes: [product.key] }),
        status: 422,
      },
    ],
    plain: ['key'],
  },
  [`get ${ACCOUNT}/products`]: {},
  [`get ${ACCOUNT}/products/{productId}`]: {},
  [`get ${ACCOUNT}/products/{productId}/waiting`]: {
    naming: [{ what: 'a cursor of A', query: ({ local }) => ({ cursor: cursorOf([1, 1, local.id]) }), status: 200 }],
  },
  [`patch ${ACCOUNT}/products/{productId}`]: {
    body: (_, n) => ({ seats: 60 + n }),
    naming: [
      {
        what: 'a bundle with a product of A',
        body: ({ product }) => ({ includes: [product.key] }),
        status: 422,
      },
    ],
  },

  [`post ${ACCOUNT}/roles`]: { body: (_, n) => ({ key: `new${n}`, name: 'New', permissions: [] }), plain: ['key'] },
  [`get ${ACCOUNT}/roles`]: {},
  [`get ${ACCOUNT}/overview`]: {},
  [`get ${CONNECTION}/health`]: {},
  [`get ${CONNECTION}/setup`]: {},
  [`post ${CONNECTION}/self-test`]: {},
  [`patch ${ACCOUNT}/roles/{roleId}`]: { body: (_, n) => ({ name: `Renamed ${n}` }) },

  [`post ${ACCOUNT}/attributes`]: {
    body: (_, n) => ({ name: `new${n}`, type: 'choice', description: 'New', choices: ['yes', 'no'] }),
    naming: [
      { what: 'the name of an attribute of A', body: ({ attribute: { name, type } }) => ({ name, type }), status: 201 },
    ],
  },
  [`get ${ACCOUNT}/attributes`]: {},
  [`patch ${ACCOUNT}/attributes/{attributeId}`]: { body: (_, n) => ({ description: `Renamed ${n}` }) },
  [`delete ${ACCOUNT}/attributes/{attributeId}`]: {},

  [`post ${ACCOUNT}/connections`]: {
    body: (own) => ({ name: 'New', idpKind: 'okta', defaults: effects(own) }),
    naming: effectsOfA(422, (defaults) => ({ name: 'New', idpKind: 'okta', defaults })),
  },
  [`get ${ACCOUNT}/connections`]: {},
  [`get ${CONNECTION}`]: {},
  [`patch ${CONNECTION}`]: {
    body: (own, n) => ({ name: `Renamed ${n}`, defaults: effects(own) }),
    naming: effectsOfA(422, (defaults) => ({ defaults })),
  },
  // It is found: who removes a connection has to switch it off first.
  [`delete ${CONNECTION}`]: { own: 409 },

  [`put ${CONNECTION}/saml`]: { body: (_, n) => ({ idpMetadataXml: IDP_METADATA, sessionHours: 1 + n }) },
  [`get ${CONNECTION}/saml`]: {},
  [`post ${CONNECTION}/saml/preview`]: { body: () => ({ idpMetadataXml: IDP_METADATA }) },
  // Nothing waits; what waits is decided in test/server/admin/saml-refresh.test.ts.
  [`post ${CONNECTION}/saml/pending/decision`]: { body: () => ({ decision: 'discard' }), own: 409 },
  [`post ${CONNECTION}/saml/rotate-key`]: {},
  [`post ${CONNECTION}/saml/test`]: {},
  [`get ${CONNECTION}/saml/test/{testId}`]: {},

  [`post ${CONNECTION}/tokens`]: { body: () => ({}) },
  [`get ${CONNECTION}/tokens`]: {},
  [`delete ${CONNECTION}/tokens/{tokenId}`]: {},

  [`post ${CONNECTION}/secrets`]: { body: () => ({}) },
  [`get ${CONNECTION}/secrets`]: {},
  [`delete ${CONNECTION}/secrets/{secretId}`]: {},

  [`put ${CONNECTION}/federation`]: { body: (own, n) => ({ ...TERMS, audience: `api://${own.word}-${n}` }) },
  [`get ${CONNECTION}/federation`]: {},
  [`delete ${CONNECTION}/federation`]: {},

  [`post ${CONNECTION}/rules`]: {
    body: (own) => ({ condition: `groups.value eq "${own.first.group.id}"`, effects: effects(own) }),
    naming: [
      ...effectsOfA(422, (given) => ({ effects: given })),
      {
        what: 'a condition on a group of A',
        body: ({ first }) => ({ condition: `groups.value eq "${first.group.id}"`, effects: {} }),
        status: 201,
      },
    ],
  },
  [`get ${CONNECTION}/rules`]: {},
  [`get ${CONNECTION}/rules/{ruleId}`]: {},
  [`patch ${CONNECTION}/rules/{ruleId}`]: {
    body: (own, n) => ({ note: `note ${n}`, effects: effects(own) }),
    naming: [
      ...effectsOfA(422, (given) => ({ effects: given })),
      {
        what: 'a condition on a group of A',
        body: ({ first }) => ({ condition: `groups.value eq "${first.group.id}"` }),
        status: 200,
      },
    ],
  },
  [`delete ${CONNECTION}/rules/{ruleId}`]: {},
  [`post ${CONNECTION}/rules/preview`]: {
    body: (own) => ({ who: { userId: own.first.userId }, ruleId: own.first.ruleId, rule: { effects: effects(own) } }),
    naming: [
      previewed(({ first }) => ({ ruleId: first.ruleId }), 'a rule of A', 404),
      previewed(({ first }) => ({ who: { userId: first.userId } }), 'a person of A', 404),
      previewed(({ first }) => ({ who: { groupId: first.group.id } }), 'a group of A', 404),
      previewed((a) => ({ rule: { effects: onlyRole(a) } }), 'a role of A', 422),
      previewed((a) => ({ rule: { effects: onlyProducts(a) } }), 'a product of A', 422),
      previewed(
        ({ first }) => ({ rule: { condition: `groups.value eq "${first.group.id}"`, effects: {} } }),
        'a condition on a group of A',
        200,
      ),
    ],
  },
  [`get ${CONNECTION}/groups`]: {
    naming: [
      search('q', ({ first }) => first.group.displayName),
      { what: 'a cursor of A', query: ({ first }) => ({ cursor: cursorOf([first.group.displayName]) }), status: 200 },
    ],
  },
  [`get ${CONNECTION}/groups/{groupId}`]: {},
  [`get ${CONNECTION}/groups/{groupId}/members`]: { naming: [cursor(({ first }) => first.person.id)] },
  [`post ${CONNECTION}/reapply`]: {},
  [`post ${ACCOUNT}/reapply`]: {},
  [`post ${ACCOUNT}/users/{userId}/reapply`]: {},
  [`get ${ACCOUNT}/jobs/{jobId}`]: {},

  [`get ${ACCOUNT}/users`]: {
    naming: [
      search('q', ({ local }) => local.email),
      search('q', ({ first }) => first.person.userName),
      search('q', ({ first }) => first.person.externalId),
      search('q', ({ word }) => word),
      search('connectionId', ({ first }) => first.connection.id),
      { what: 'a role of A', query: ({ role }) => ({ role: role.key }), status: 200 },
      search('product', ({ product }) => product.key),
      cursor(({ first }) => first.userId),
    ],
  },
  [`post ${ACCOUNT}/users`]: {
    body: ({ role, product }, n) => ({ ...someone(n), role: role.key, products: [{ key: product.key }] }),
    naming: [
      { what: 'a role of A', body: ({ role }) => ({ ...someone(1), role: role.key }), status: 422 },
      {
        what: 'a product of A',
        body: ({ product }) => ({ ...someone(1), products: [{ key: product.key }] }),
        status: 422,
      },
      { what: 'the address of a user of A', body: ({ local }) => ({ ...someone(1), email: local.email }), status: 201 },
    ],
  },
  [`get ${ACCOUNT}/users/{userId}`]: {},
  [`patch ${ACCOUNT}/users/{userId}`]: { body: (_, n) => ({ displayName: `Renamed ${n}` }) },
  [`delete ${ACCOUNT}/users/{userId}`]: {},
  [`post ${ACCOUNT}/users/{userId}/grants`]: {
    body: ({ product }) => ({ kind: 'product', value: product.key }),
    naming: [
      { what: 'a product of A', body: ({ product }) => ({ kind: 'product', value: product.key }), status: 422 },
      { what: 'a role of A', body: ({ role }) => ({ kind: 'role', value: role.key }), status: 422 },
    ],
  },
  [`delete ${ACCOUNT}/users/{userId}/grants/{kind}/{key}`]: {},

  [`post ${ACCOUNT}/users/{userId}/invitation`]: { body: () => ({}) },
  [`get ${ACCOUNT}/mails`]: { naming: [cursor(({ local }) => local.id)] },

  [`get ${ACCOUNT}/users/{userId}/sessions`]: {},
  [`delete ${ACCOUNT}/users/{userId}/sessions`]: {},
  [`delete ${ACCOUNT}/users/{userId}/sessions/{sessionId}`]: {},

  'get /signing-keys': {},
  'post /signing-keys/rotate': { body: () => ({}) },

  [`get ${ACCOUNT}/match-requests`]: { naming: [cursor(({ matchRequestId }) => matchRequestId)] },
  [`post ${ACCOUNT}/match-requests/{matchRequestId}/decision`]: { body: () => ({ decision: 'refuse' }) },

  [`get ${ACCOUNT}/events`]: {
    naming: [
      ...EVENT_SEARCHES,
      { what: 'a run of A', query: ({ eventId }) => ({ run: eventId }), status: 404 },
      cursor(({ eventId }) => eventId),
    ],
  },
  [`get ${ACCOUNT}/events/count`]: {
    naming: [
      ...EVENT_SEARCHES.map((one) => ({ ...one, finds: 'none' as const })),
      { what: 'an event of A', query: ({ eventId }) => ({ after: eventId }), status: 200 },
      { what: 'a run of A', query: ({ eventId }) => ({ run: eventId }), status: 404 },
    ],
  },
  [`get ${ACCOUNT}/events/{eventId}`]: {},

  [`post ${ACCOUNT}/exports`]: {
    body: () => ({ kind: 'users', format: 'csv', filter: {} }),
    // What is asked for is looked for in the account alone, as in its lists.
    naming: [
      exported('users', ({ first }) => ({ connectionId: first.connection.id })),
      exported('users', ({ role, product }) => ({ role: role.key, product: product.key })),
      exported('events', ({ first }) => ({ userId: first.userId, tokenId: first.tokenId, ruleId: first.ruleId })),
      exported('events', ({ first, eventId }) => ({ groupId: first.group.id, correlationId: eventId, run: eventId })),
      exported('events', ({ word }) => ({ q: word })),
    ],
  },
  [`get ${ACCOUNT}/exports/{exportId}`]: {},
  [`get ${ACCOUNT}/exports/{exportId}/file`]: {},
  [`delete ${ACCOUNT}/exports/{exportId}`]: {},

  [`get ${ACCOUNT}/feed`]: {
    naming: [{ what: 'a cursor of A', query: (a) => ({ cursor: feedCursor(a.account.id, 1) }), status: 400 }],
  },

  [`post ${ACCOUNT}/webhooks`]: { body: (_, n) => ({ url: `https://new${n}.elsewhere.example/`, events: ['access'] }) },
  [`get ${ACCOUNT}/webhooks`]: {},
  [`get ${WEBHOOK}`]: {},
  [`patch ${WEBHOOK}`]: { body: (_, n) => ({ description: `Renamed ${n}`, enabled: false }) },
  [`delete ${WEBHOOK}`]: {},
  [`post ${WEBHOOK}/secret`]: { body: () => ({}) },
  [`get ${WEBHOOK}/deliveries`]: {
    naming: [{ what: 'a cursor of A', query: (a) => ({ cursor: feedCursor(a.account.id, 1) }), status: 400 }],
  },
  [`post ${WEBHOOK}/replay`]: {
    body: (own) => ({ from: feedCursor(own.account.id, 1) }),
    naming: [
      { what: 'a cursor of A', body: (a) => ({ from: feedCursor(a.account.id, 1) }), status: 400 },
      { what: 'a delivery of A', body: (a) => ({ deliveryId: feedCursor(a.account.id, 1) }), status: 400 },
    ],
  },
}

/**
 * What a body or query can say without naming a row: a new property stands here, or among those that are named in
 * `naming`, or fails.
 */
export const PLAIN: ReadonlySet<string> = new Set(
  `choices description events overlapHours type url accessTokenSeconds audience issuer jwksUrl subject
  allowIdpInitiated attributes audiences certificates entityId externalId groups idp idpEntityId idpMetadataUrl idpMetadataXml
  identifier immediately requiredContext roles rolesFromAssertion sessionHours sha1Until sloPostUrl sloRedirectUrl ssoPostUrl ssoRedirectUrl
  ssoRequired wantsSignedRequests webLoginAllowed acceptDirectEntitlements acceptDirectRoles action children code decision directoryMayGrantSuperAdmin displayName
  effect email enabled everyone expiresAt familyName features from givenName httpStatus idpKind inactivityDays limit
  flag licenseState origin sort linkPolicy mode name note onDisable onNoSeat outcome permissions policy priority rank reason remove seats settings
  source state status suspended to verified version`.split(/\s+/),
)
