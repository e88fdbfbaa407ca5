import { z } from 'zod'
import type { Connection } from '../../accounts/connection.js'
import { createConnection, getConnection, listConnections, reviseConnection } from '../../accounts/connections.js'
import { endConnection } from '../../accounts/end-connection.js'
import type { Effects } from '../../accounts/evaluate-types.js'
import { createRule, getRule, listRules, removeRule, reviseRule } from '../../accounts/rules.js'
import { TOKEN_PATH } from '../oauth/router.js'
import { route } from './route.js'
import { serviceProviderShown } from './saml-schemas.js'
import { ActorSchema, ExpectedVersion, Features, Id, Key, listOf, Time, text, Version } from './schemas.js'

/** Unknown effects pass the schema: the domain refuses them with 422 and names the known ones. */
export const EffectsSchema = z
  .looseObject({
    role: Key.optional().meta({ description: 'Key of the role.' }),
    products: z
      .array(z.strictObject({ key: Key, features: Features.optional() }))
      .max(200)
      .optional(),
  })
  .meta({ id: 'Effects', description: 'What a rule, or a connection by default, gives.' })

/** JSON has no `undefined`, so a property that is there has a value: what exactOptionalPropertyTypes asks for. */
export const EffectsInput = EffectsSchema.transform((effects) => effects as Effects)

export const Mode = z.enum(['draft', 'observe', 'live', 'paused', 'disabled'])
export const IdpKind = z.enum(['okta', 'entra', 'generic'])
const settings = {
  acceptDirectRoles: z.boolean().meta({ description: 'The directory may name roles in `roles`.' }),
  acceptDirectEntitlements: z.boolean().meta({ description: 'The directory may name products in `entitlements`.' }),
  onNoSeat: z.enum(['accept', 'reject']),
  linkPolicy: z.enum(['auto', 'review', 'never']),
  accessTokenSeconds: z.int().min(300).max(21_600).meta({
    description: 'How long an access token lasts that is given for a secret.',
  }),
}
const changeable = {
  mode: Mode.optional(),
  onDisable: z.enum(['keep', 'suspend']).optional().meta({ description: 'What becomes of people; needed to disable.' }),
  ...z.object(settings).partial().shape,
  defaults: EffectsInput.optional(),
}

const ConnectionSchema = z
  .object({
    id: Id,
    name: z.string(),
    idpKind: IdpKind,
    mode: Mode,
    onDisable: z.enum(['keep', 'suspend']).nullable(),
    disabledAt: Time.nullable(),
    ...settings,
    defaults: EffectsSchema,
    scimBaseUrl: z.url().meta({ description: 'What the identity provider calls "Tenant URL" or "SCIM base URL".' }),
    tokenUrl: z.url().meta({ description: 'What an OAuth client calls "Token endpoint".' }),
    clientId: Id.meta({ description: 'The `client_id` of the OAuth client of this connection.' }),
    serviceProvider: z
      .object({ entityId: z.url(), acsUrl: z.url(), sloUrl: z.url(), metadataUrl: z.url(), loginUrl: z.url() })
      .meta({ description: 'Who Usher is to the identity provider, also before sign-in is set up.' }),
    rulesVersion: Version,
    version: Version,
    createdAt: Time,
    updatedAt: Time,
  })
  .meta({ id: 'Connection', description: 'One identity provider of an account.' })

function shown({ accountId: _, userSchema: __, settings, ...connection }: Connection, publicUrl: string) {
  const { id } = connection
  const copied = { scimBaseUrl: `${publicUrl}/scim/v2/${id}`, tokenUrl: `${publicUrl}${TOKEN_PATH}`, clientId: id }
  return { ...connection, ...settings, ...copied, serviceProvider: serviceProviderShown(publicUrl, id) }
}

const connections = [
  route({
    method: 'post',
    path: '/accounts/{accountId}/connections',
    tag: 'Connections',
    summary: 'Make a connection, as a draft unless another mode is asked for',
    requires: 'connections.manage',
    status: 201,
    body: z.strictObject({ name: text(128), idpKind: IdpKind, ...changeable }),
    answer: ConnectionSchema,
    run: async ({ deps, administrator, params, body, publicUrl }) =>
      shown(await createConnection(deps, administrator, params.accountId, body), publicUrl),
  }),
  route({
    method: 'get',
    path: '/accounts/{accountId}/connections',
    tag: 'Connections',
    summary: 'List connections',
    requires: 'connections.view',
    answer: listOf(ConnectionSchema),
    run: async ({ deps, params, publicUrl }) => ({
      items: (await listConnections(deps.db, params.accountId)).map((one) => shown(one, publicUrl)),
    }),
  }),
  route({
    method: 'get',
    path: '/accounts/{accountId}/connections/{connectionId}',
    tag: 'Connections',
    summary: 'Read a connection',
    requires: 'connections.view',
    answer: ConnectionSchema,
    run: async ({ deps, params, publicUrl }) =>
      shown(await getConnection(deps.db, params.accountId, params.connectionId), publicUrl),
  }),
  route({
    method: 'patch',
    path: '/accounts/{accountId}/connections/{connectionId}',
    tag: 'Connections',
    summary: 'Change settings or mode of a connection',
    requires: 'connections.manage',
    body: z.strictObject({
      name: text(128).optional(),
      idpKind: IdpKind.optional(),
      ...changeable,
      version: ExpectedVersion,
    }),
    answer: ConnectionSchema,
    run: async ({ deps, administrator, params, body, publicUrl }) =>
      shown(await reviseConnection(deps, administrator, params.accountId, params.connectionId, body), publicUrl),
  }),
  route({
    method: 'delete',
    path: '/accounts/{accountId}/connections/{connectionId}',
    tag: 'Connections',
    summary: 'Remove a disabled connection; its people become local users as a job',
    requires: 'connections.manage',
    status: 202,
    answer: z.object({ jobId: Id }),
    run: ({ deps, administrator, params }) => endConnection(deps, administrator, params.accountId, params.connectionId),
  }),
]

export const Condition = z.string().max(4_096).nullable().meta({
  description: 'A SCIM filter over the directory user, in which `groups` may be used; null or blank means everyone.',
  example: 'groups.display eq "Sales"',
})
const Note = z.union([text(500, 0), z.null()])

const RuleSchema = z
  .object({
    id: Id,
    priority: z.int().min(1),
    enabled: z.boolean(),
    condition: Condition,
    effects: EffectsSchema,
    note: z.string().nullable(),
    state: z.enum(['ok', 'broken']).meta({ description: 'Broken: its condition names a group that was deleted.' }),
    author: ActorSchema,
    version: Version,
    createdAt: Time,
    updatedAt: Time,
  })
  .meta({ id: 'Rule', description: 'A mapping rule: whom it means, and what they get.' })

export const Priority = z.int().min(1).max(100_000).meta({ description: '1 decides first; those behind it move.' })
const RULES = '/accounts/{accountId}/connections/{connectionId}/rules'

const rules = [
  route({
    method: 'post',
    path: RULES,
    tag: 'Rules',
    summary: 'Add a rule, at the end unless a priority is given',
    requires: 'rules.manage',
    status: 201,
    body: z.strictObject({
      priority: Priority.optional(),
      enabled: z.boolean().optional(),
      condition: Condition.optional(),
      effects: EffectsInput,
      note: Note.optional(),
    }),
    answer: RuleSchema,
    run: ({ deps, administrator, params, body }) =>
      createRule(deps, administrator, params.accountId, params.connectionId, body),
  }),
  route({
    method: 'get',
    path: RULES,
    tag: 'Rules',
    summary: 'List rules in the order in which they decide',
    requires: 'connections.view',
    answer: listOf(RuleSchema),
    run: async ({ deps, params }) => ({ items: await listRules(deps.db, params.accountId, params.connectionId) }),
  }),
  route({
    method: 'get',
    path: `${RULES}/{ruleId}`,
    tag: 'Rules',
    summary: 'Read a rule',
    requires: 'connections.view',
    answer: RuleSchema,
    run: ({ deps, params }) => getRule(deps.db, params.accountId, params.connectionId, params.ruleId),
  }),
  route({
    method: 'patch',
    path: `${RULES}/{ruleId}`,
    tag: 'Rules',
    summary: 'Change or move a rule; what follows for people is applied by a job',
    requires: 'rules.manage',
    body: z.strictObject({
      priority: Priority.optional(),
      enabled: z.boolean().optional(),
      condition: Condition.optional(),
      effects: EffectsInput.optional(),
      note: Note.optional(),
      version: ExpectedVersion,
    }),
    answer: RuleSchema,
    run: ({ deps, administrator, params, body }) =>
      reviseRule(deps, administrator, params.accountId, params.connectionId, params.ruleId, body),
  }),
  route({
    method: 'delete',
    path: `${RULES}/{ruleId}`,
    tag: 'Rules',
    summary: 'Remove a rule',
    requires: 'rules.manage',
    run: ({ deps, administrator, params }) =>
      removeRule(deps, administrator, params.accountId, params.connectionId, params.ruleId),
  }),
]

export const CONNECTION_ROUTES = [...connections, ...rules]
