import { z } from 'zod'
import {
  addManualGrant,
  removeManualGrant,
  removeUserByHand,
  reviseUserByHand,
} from '../../accounts/administer-user.js'
import { AccountError } from '../../accounts/errors.js'
import { SOURCES_BY_STRENGTH } from '../../accounts/evaluate-types.js'
import { listUsers, USER_SORTS } from '../../accounts/list-users.js'
import { addLocalUser } from '../../accounts/local-users.js'
import { decideMatch, listMatchRequests } from '../../accounts/match-requests.js'
import type { Permission } from '../../accounts/permissions.js'
import { USER_FLAGS } from '../../accounts/status.js'
import { getUser } from '../../accounts/users-read.js'
import { route } from './route.js'
import {
  ActorSchema,
  ExpectedVersion,
  Features,
  Id,
  Instant,
  Key,
  listOf,
  PageQuery,
  Time,
  text,
  Version,
} from './schemas.js'
import { SessionSchema } from './sessions.js'

const Status = z.enum(['invited', 'active', 'suspended', 'deleted'])
const LicenseState = z.enum(['pending', 'reserved', 'assigned', 'waiting'])
const Source = z.enum(SOURCES_BY_STRENGTH)
const RuleId = Id.optional().meta({
  description: 'The rule that decided it, where the source is `rule` or `assertion`.',
})

const LicenseSchema = z
  .object({
    product: Key,
    state: LicenseState,
    source: Source,
    ruleId: RuleId,
    features: Features,
    via: Key.optional().meta({ description: 'The bundle whose seat it shares.' }),
    waitingSince: Time.optional(),
  })
  .meta({ id: 'License' })

const UserSchema = z
  .object({
    id: Id,
    email: z.string().nullable(),
    displayName: z.string(),
    givenName: z.string().nullable(),
    familyName: z.string().nullable(),
    origin: z.enum(['local', 'directory']),
    status: Status,
    statusReason: z.enum(['directory', 'admin', 'transfer_declined', 'transferred_out']).optional(),
    flags: z.array(z.enum(USER_FLAGS)),
    role: z.object({ key: Key, source: Source, ruleId: RuleId }),
    licenses: z.array(LicenseSchema),
    connectionId: Id.nullable().meta({ description: 'The connection that manages her.' }),
    webLoginAllowed: z.boolean().meta({
      description: 'May she sign in with a browser? Unless it was set: as long as she has an address.',
    }),
    lastSignInAt: Time.nullable(),
    version: Version,
    createdAt: Time,
    updatedAt: Time,
  })
  .meta({ id: 'User' })

const GrantSchema = z
  .object({
    kind: z.enum(['role', 'product']),
    value: Key,
    source: Source,
    ruleId: RuleId,
    effect: z.enum(['allow', 'deny']),
    features: Features,
    reason: z.string().nullable(),
    actor: ActorSchema.nullable(),
    expiresAt: Time.nullable(),
    createdAt: Time,
  })
  .meta({ id: 'Grant' })

const UserDetailSchema = UserSchema.extend({
  grants: z.array(GrantSchema),
  sessions: z.array(SessionSchema),
  directoryUser: z
    .object({
      connectionId: Id,
      id: Id.meta({ description: 'The SCIM id.' }),
      userName: z.string(),
      externalId: z.string().nullable(),
      active: z.boolean(),
      document: z.looseObject({}).meta({ description: 'The desired state: what the directory last said.' }),
      groups: z.array(z.object({ id: Id, display: z.string() })),
      version: Version,
      createdAt: Time,
      lastModified: Time,
    })
    .nullable(),
}).meta({ id: 'UserDetail' })

/** What a list of users can be narrowed by; an export takes the same. */
export const userFilters = {
  q: z.string().max(256).optional().meta({
    description: 'Beginning of e-mail, userName, externalId or a word of the name, in any case.',
  }),
  status: Status.optional(),
  origin: z.enum(['local', 'directory']).optional(),
  connectionId: Id.optional().meta({ description: 'The connection that manages her.' }),
  role: Key.optional().meta({ description: 'Key of her role.' }),
  product: Key.optional().meta({ description: 'Key of a product of which she has a license, in whatever state.' }),
  licenseState: LicenseState.optional().meta({ description: 'Of the product, where one is named, else of any.' }),
  flag: z.enum(USER_FLAGS).optional(),
}

const PersonName = z.string().max(1_000)

const users = [
  route({
    method: 'get',
    path: '/accounts/{accountId}/users',
    tag: 'Users',
    summary: 'List users, oldest first unless `sort` says otherwise; deleted ones only where the status asks for them',
    requires: 'users.view',
    query: PageQuery.extend({
      cursor: z.string().max(512).default('').meta({ description: '`nextCursor` of the page before, in this order.' }),
      ...userFilters,
      sort: z.enum(USER_SORTS).default('created'),
    }),
    answer: listOf(UserSchema),
    run: ({ deps, params, query }) => listUsers(deps.db, params.accountId, query, deps.now()),
  }),
  route({
    method: 'post',
    path: '/accounts/{accountId}/users',
    tag: 'Users',
    summary: 'Add a person by hand, as invited',
    requires: 'users.create',
    status: 201,
    body: z.strictObject({
      email: z.string().max(1_000),
      givenName: PersonName.meta({ description: 'At most 32 characters.' }),
      familyName: PersonName.meta({ description: 'At most 32 characters.' }),
      displayName: PersonName.optional(),
      role: Key.optional().meta({ description: 'Key of the role; member if not given.' }),
      products: z
        .array(z.strictObject({ key: Key, features: Features.optional() }))
        .max(200)
        .optional(),
      status: z.enum(['invited', 'active']).optional().meta({
        description: '`active`: she has accepted already, on the word of the operator.',
      }),
    }),
    answer: UserDetailSchema,
    run: ({ deps, administrator, params, body }) => addLocalUser(deps, administrator, params.accountId, body),
  }),
  route({
    method: 'get',
    path: '/accounts/{accountId}/users/{userId}',
    tag: 'Users',
    summary: 'Read a user with grants, sessions and what the directory says',
    requires: 'users.view',
    answer: UserDetailSchema,
    run: ({ deps, params }) => getUser(deps.db, params.accountId, params.userId, deps.now()),
  }),
  route({
    method: 'patch',
    path: '/accounts/{accountId}/users/{userId}',
    tag: 'Users',
    summary: 'Suspend a user or lift it; allow sign-in or not; change the name of a local one',
    requires: 'users.view',
    alsoRequires: ({ suspended, version: _, ...described }): Permission[] => [
      ...(suspended === undefined ? [] : (['users.suspend'] as const)),
      ...(suspended !== undefined && Object.values(described).every((value) => value === undefined)
        ? []
        : (['users.edit'] as const)),
    ],
    body: z.strictObject({
      suspended: z.boolean().optional(),
      webLoginAllowed: z.boolean().optional().meta({ description: '`false` ends her sessions at once.' }),
      givenName: PersonName.optional(),
      familyName: PersonName.optional(),
      displayName: PersonName.optional(),
      email: z.string().max(1_000).optional().meta({ description: 'Only where she has none.' }),
      version: ExpectedVersion,
    }),
    answer: UserDetailSchema,
    run: ({ deps, administrator, params, body }) =>
      reviseUserByHand(deps, administrator, params.accountId, params.userId, body),
  }),
  route({
    method: 'delete',
    path: '/accounts/{accountId}/users/{userId}',
    tag: 'Users',
    summary: 'Remove a local user',
    requires: 'users.delete',
    run: ({ deps, administrator, params }) => removeUserByHand(deps, administrator, params.accountId, params.userId),
  }),
  route({
    method: 'post',
    path: '/accounts/{accountId}/users/{userId}/grants',
    tag: 'Users',
    summary: 'Give or withhold a role or product by hand; an override where a directory manages the user',
    requires: 'users.edit',
    status: 201,
    body: z.strictObject({
      kind: z.enum(['role', 'product']),
      value: Key.meta({ description: 'Key of the role or product.' }),
      effect: z.enum(['allow', 'deny']).optional().meta({ description: '`deny` withholds what others give.' }),
      features: Features.optional(),
      reason: text(500).optional().meta({ description: 'Needed where a directory manages the user.' }),
      expiresAt: Instant.optional(),
    }),
    answer: UserDetailSchema,
    run: ({ deps, administrator, params, body }) =>
      addManualGrant(deps, administrator, params.accountId, params.userId, body),
  }),
  route({
    method: 'delete',
    path: '/accounts/{accountId}/users/{userId}/grants/{kind}/{key}',
    tag: 'Users',
    summary: 'Take a manual grant back',
    requires: 'users.edit',
    run: async ({ deps, administrator, params: { accountId, userId, kind, key } }) => {
      if (kind !== 'role' && kind !== 'product')
        throw new AccountError('grant_not_found', `'${kind}' is neither role nor product.`)
      await removeManualGrant(deps, administrator, accountId, userId, { kind, value: key })
    },
  }),
]

const MatchState = z.enum(['open', 'approved', 'refused', 'used'])

const MatchRequestSchema = z
  .object({
    id: Id,
    connectionId: Id,
    userId: Id,
    cause: z.enum(['domain_not_verified', 'admin_role', 'owner', 'review']),
    incoming: z.object({
      userName: z.string(),
      externalId: z.string().optional(),
      email: z.string().nullable(),
      displayName: z.string().optional(),
    }),
    state: MatchState,
    decidedBy: ActorSchema.nullable(),
    decidedAt: Time.nullable(),
    createdAt: Time,
    updatedAt: Time,
  })
  .meta({ id: 'MatchRequest', description: 'A person from a directory who may be an existing user.' })

const matchRequests = [
  route({
    method: 'get',
    path: '/accounts/{accountId}/match-requests',
    tag: 'Match requests',
    summary: 'List match requests, oldest first',
    requires: 'users.view',
    query: PageQuery.extend({ state: MatchState.optional() }),
    answer: listOf(MatchRequestSchema),
    run: ({ deps, params, query }) => listMatchRequests(deps.db, params.accountId, query),
  }),
  route({
    method: 'post',
    path: '/accounts/{accountId}/match-requests/{matchRequestId}/decision',
    tag: 'Match requests',
    summary: 'Link or refuse; a link takes effect when the identity provider sends the person again',
    requires: 'users.edit',
    status: 200,
    body: z.strictObject({ decision: z.enum(['link', 'refuse']) }),
    answer: MatchRequestSchema,
    run: ({ deps, administrator, params, body }) =>
      decideMatch(deps, administrator, params.accountId, params.matchRequestId, body.decision),
  }),
]

export const USER_ROUTES = [...users, ...matchRequests]
