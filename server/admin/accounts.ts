import { z } from 'zod'
import { createAccount, getAccount, listAccounts, updateAccountSettings } from '../../accounts/accounts.js'
import { createRole, listRolesWithMembers, reviseRole } from '../../accounts/custom-roles.js'
import { addDomain, listDomains, removeDomain, reviseDomain, verifyDomain } from '../../accounts/domains.js'
import { PERMISSIONS } from '../../accounts/permissions.js'
import { createProduct, getProduct, listProducts, reviseProduct } from '../../accounts/products.js'
import { listWaiting } from '../../accounts/waiting-list.js'
import { holds } from './gate.js'
import { route } from './route.js'
import { ExpectedVersion, Features, Id, Key, listOf, PageQuery, Time, text, Version } from './schemas.js'

const Settings = z.object({
  directoryMayGrantSuperAdmin: z.boolean().meta({ description: 'Directory roles and rules may grant super_admin.' }),
  inactivityDays: z.union([z.literal(30), z.literal(60), z.literal(90)]),
})

const AccountSchema = z
  .object({ id: Id, name: z.string(), settings: Settings, version: Version, createdAt: Time, updatedAt: Time })
  .meta({ id: 'Account', description: 'A customer; every other resource belongs to one.' })

const accounts = [
  route({
    method: 'post',
    path: '/accounts',
    tag: 'Accounts',
    summary: 'Make an account, with its three system roles',
    requires: 'operator',
    status: 201,
    body: z.strictObject({ name: text(128) }),
    answer: AccountSchema,
    run: ({ deps, administrator, body }) => createAccount(deps, administrator, body),
  }),
  route({
    method: 'get',
    path: '/accounts',
    tag: 'Accounts',
    summary: 'List accounts, oldest first',
    requires: 'operator',
    query: PageQuery,
    answer: listOf(AccountSchema),
    run: ({ deps, query }) => listAccounts(deps.db, query.cursor, query.limit),
  }),
  route({
    method: 'get',
    path: '/accounts/{accountId}',
    tag: 'Accounts',
    summary: 'Read an account',
    requires: 'users.view',
    answer: AccountSchema,
    run: ({ deps, params }) => getAccount(deps.db, params.accountId),
  }),
  route({
    method: 'patch',
    path: '/accounts/{accountId}',
    tag: 'Accounts',
    summary: 'Change name or settings of an account',
    requires: 'account.manage',
    body: z.strictObject({
      name: text(128).optional(),
      settings: z.strictObject(Settings.partial().shape).optional(),
    }),
    answer: AccountSchema,
    run: ({ deps, administrator, params, body }) => updateAccountSettings(deps, administrator, params.accountId, body),
  }),
]

const DomainSchema = z
  .object({
    name: z.string().meta({ example: 'example.com' }),
    state: z.enum(['pending', 'verified']),
    txtName: z.string().meta({ description: 'Where the TXT record that proves it has to stand.' }),
    txtRecord: z.string().meta({ description: 'What has to stand in it.' }),
    ssoRequired: z.boolean().meta({
      description: 'Its people sign in through their identity provider, and in no other way.',
    }),
    createdAt: Time,
    verifiedAt: Time.nullable(),
  })
  .meta({ id: 'Domain', description: 'Only a verified domain lets a directory adopt local users.' })

const domains = [
  route({
    method: 'post',
    path: '/accounts/{accountId}/domains',
    tag: 'Domains',
    summary: 'Add a domain; `verified: true` is the word of the operator, also for one that is pending',
    requires: 'account.manage',
    status: 201,
    body: z.strictObject({ name: text(253), verified: z.boolean().optional() }),
    answer: DomainSchema,
    run: ({ deps, administrator, params, body }) => addDomain(deps, administrator, params.accountId, body),
  }),
  route({
    method: 'get',
    path: '/accounts/{accountId}/domains',
    tag: 'Domains',
    summary: 'List domains',
    requires: 'account.manage',
    answer: listOf(DomainSchema),
    run: async ({ deps, params }) => ({ items: await listDomains(deps.db, params.accountId) }),
  }),
  route({
    method: 'patch',
    path: '/accounts/{accountId}/domains/{name}',
    tag: 'Domains',
    summary: 'Say whether people of a verified domain have to sign in through their identity provider',
    requires: 'account.manage',
    body: z.strictObject({ ssoRequired: z.boolean().optional() }),
    answer: DomainSchema,
    run: ({ deps, administrator, params, body }) =>
      reviseDomain(deps, administrator, params.accountId, params.name, body),
  }),
  route({
    method: 'post',
    path: '/accounts/{accountId}/domains/{name}/verify',
    tag: 'Domains',
    summary: 'Verify a domain by its TXT record, which is looked up now',
    requires: 'account.manage',
    status: 200,
    answer: DomainSchema,
    run: ({ deps, administrator, params, resolveTxt }) =>
      verifyDomain(deps, administrator, params.accountId, params.name, resolveTxt),
  }),
  route({
    method: 'delete',
    path: '/accounts/{accountId}/domains/{name}',
    tag: 'Domains',
    summary: 'Remove a domain',
    requires: 'account.manage',
    run: ({ deps, administrator, params }) => removeDomain(deps, administrator, params.accountId, params.name),
  }),
]

const Policy = z
  .enum(['reserve_on_invite', 'assign_on_accept'])
  .meta({ description: 'Whether an invited person takes a seat at once or when she accepts.' })
const Seats = z.int().min(0).max(10_000_000)
const Includes = z.array(Key).max(100).meta({ description: 'Keys of products that come with this one (a bundle).' })

const ProductSchema = z
  .object({
    id: Id,
    key: Key,
    name: z.string(),
    policy: Policy,
    features: Features,
    includes: Includes,
    seats: z.int(),
    assigned: z.int(),
    reserved: z.int(),
    waiting: z.int(),
    version: Version,
    createdAt: Time,
    updatedAt: Time,
  })
  .meta({ id: 'Product', description: 'A product with its pool of seats.' })

const products = [
  route({
    method: 'post',
    path: '/accounts/{accountId}/products',
    tag: 'Products',
    summary: 'Add a product with its pool of seats',
    requires: 'licenses.manage',
    status: 201,
    body: z.strictObject({
      key: Key,
      name: text(128),
      seats: Seats,
      policy: Policy.optional(),
      features: Features.optional(),
      includes: Includes.optional(),
    }),
    answer: ProductSchema,
    run: ({ deps, administrator, params, body }) => createProduct(deps, administrator, params.accountId, body),
  }),
  route({
    method: 'get',
    path: '/accounts/{accountId}/products',
    tag: 'Products',
    summary: 'List products with their seats',
    requires: 'licenses.view',
    answer: listOf(ProductSchema),
    run: async ({ deps, params }) => ({ items: await listProducts(deps.db, params.accountId) }),
  }),
  route({
    method: 'get',
    path: '/accounts/{accountId}/products/{productId}',
    tag: 'Products',
    summary: 'Read a product',
    requires: 'licenses.view',
    answer: ProductSchema,
    run: ({ deps, params }) => getProduct(deps.db, params.accountId, params.productId),
  }),
  route({
    method: 'patch',
    path: '/accounts/{accountId}/products/{productId}',
    tag: 'Products',
    summary: 'Change a product; added seats go to the waiting list at once',
    requires: 'licenses.manage',
    body: z.strictObject({
      name: text(128).optional(),
      seats: Seats.optional(),
      policy: Policy.optional(),
      features: Features.optional(),
      includes: Includes.optional(),
      version: ExpectedVersion,
    }),
    answer: ProductSchema,
    run: ({ deps, administrator, params, body }) =>
      reviseProduct(deps, administrator, params.accountId, params.productId, body),
  }),
]

const waitingList = [
  route({
    method: 'get',
    path: '/accounts/{accountId}/products/{productId}/waiting',
    tag: 'Products',
    summary: 'List who waits for a seat, in the order in which seats are handed out',
    requires: 'licenses.view',
    query: PageQuery,
    answer: listOf(
      z
        .object({
          position: z.int().meta({ description: '1 is the next one to be served.' }),
          userId: Id,
          displayName: z.string().nullable().meta({ description: 'Null for who may not see people; as is `email`.' }),
          email: z.string().nullable(),
          waitingSince: Time,
          source: z.string(),
          ruleId: Id.optional(),
        })
        .meta({ id: 'WaitingPerson' }),
    ),
    run: ({ deps, administrator, params, query }) =>
      listWaiting(deps.db, params.accountId, params.productId, query, holds(administrator, 'users.view')),
  }),
]

const PermissionSchema = z.enum(PERMISSIONS).meta({ id: 'Permission' })

const RoleSchema = z
  .object({
    id: Id,
    key: Key,
    name: z.string(),
    kind: z.enum(['system', 'custom']),
    permissions: z.array(PermissionSchema),
    rank: z.int().meta({ description: 'Place among custom roles: the lower the higher.' }),
    createdAt: Time,
  })
  .meta({ id: 'Role', description: 'What an administrator may do.' })

const roles = [
  route({
    method: 'post',
    path: '/accounts/{accountId}/roles',
    tag: 'Roles',
    summary: 'Add a custom role',
    requires: 'roles.manage',
    status: 201,
    body: z.strictObject({ key: Key, name: text(128), permissions: z.array(PermissionSchema).max(100) }),
    answer: RoleSchema,
    run: ({ deps, administrator, params, body }) => createRole(deps, administrator, params.accountId, body),
  }),
  route({
    method: 'get',
    path: '/accounts/{accountId}/roles',
    tag: 'Roles',
    summary: 'List roles: the three system roles, then custom ones',
    requires: 'users.view',
    answer: listOf(RoleSchema.extend({ members: z.int() }).meta({ id: 'ListedRole' })),
    run: async ({ deps, params }) => ({ items: await listRolesWithMembers(deps.db, params.accountId) }),
  }),
  route({
    method: 'patch',
    path: '/accounts/{accountId}/roles/{roleId}',
    tag: 'Roles',
    summary: 'Change a custom role',
    requires: 'roles.manage',
    body: z.strictObject({
      name: text(128).optional(),
      permissions: z.array(PermissionSchema).max(100).optional(),
      rank: z.int().min(0).max(10_000).optional(),
    }),
    answer: RoleSchema,
    run: ({ deps, administrator, params, body }) =>
      reviseRole(deps, administrator, params.accountId, params.roleId, body),
  }),
]

export const ACCOUNT_ROUTES = [...accounts, ...domains, ...products, ...waitingList, ...roles]
