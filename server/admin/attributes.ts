import { z } from 'zod'
import {
  createAttribute,
  listAttributes,
  MAX_ATTRIBUTES,
  removeAttribute,
  reviseAttribute,
} from '../../accounts/custom-attributes.js'
import { ACCOUNT_ATTRIBUTE_TYPES } from '../../filter/schemas/account-user.js'
import { route } from './route.js'
import { ExpectedVersion, Id, listOf, Time, text, Version } from './schemas.js'

const Name = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'a letter, then letters, digits, underscores and hyphens, at most 64')
  .meta({ description: 'As directories name it; letter case does not tell two apart.', example: 'costCode' })
const Type = z.enum(ACCOUNT_ATTRIBUTE_TYPES).meta({ description: 'A text has at most 256 characters.' })
const Description = text(256, 0)
const Choices = z
  .array(text(64))
  .min(1)
  .max(50)
  .meta({ description: 'What it may be, in any letter case; of the type choice, and needed there.' })

const AttributeSchema = z
  .object({
    id: Id,
    name: Name,
    type: Type,
    description: Description,
    choices: Choices.nullable(),
    path: z.string().meta({ description: 'URN and name: what is mapped in the identity provider.' }),
    version: Version,
    createdAt: Time,
    updatedAt: Time,
  })
  .meta({ id: 'Attribute', description: 'An attribute that the account adds to its users.' })

const ATTRIBUTES = '/accounts/{accountId}/attributes'
const ATTRIBUTE = `${ATTRIBUTES}/{attributeId}`
const common = { tag: 'Attributes', requires: 'settings.manage' } as const

export const ATTRIBUTE_ROUTES = [
  route({
    ...common,
    method: 'get',
    path: ATTRIBUTES,
    summary: 'List the attributes that the account adds to its users, oldest first',
    requires: 'users.view',
    answer: listOf(AttributeSchema),
    run: async ({ deps, params }) => ({ items: await listAttributes(deps.db, params.accountId) }),
  }),
  route({
    ...common,
    method: 'post',
    path: ATTRIBUTES,
    summary: `Add an attribute, of at most ${MAX_ATTRIBUTES}`,
    status: 201,
    body: z.strictObject({
      name: Name,
      type: Type,
      description: Description.default(''),
      choices: Choices.optional(),
    }),
    answer: AttributeSchema,
    run: ({ deps, administrator, params, body: { choices, ...body } }) =>
      createAttribute(deps, administrator, params.accountId, { ...body, ...(choices !== undefined && { choices }) }),
  }),
  route({
    ...common,
    method: 'patch',
    path: ATTRIBUTE,
    summary: 'Change the description or the choices of an attribute',
    body: z.strictObject({
      description: Description.optional(),
      choices: Choices.optional(),
      version: ExpectedVersion,
    }),
    answer: AttributeSchema,
    run: ({ deps, administrator, params, body }) =>
      reviseAttribute(deps, administrator, params.accountId, params.attributeId, body),
  }),
  route({
    ...common,
    method: 'delete',
    path: ATTRIBUTE,
    summary: 'Delete an attribute; rules that name it are broken',
    run: ({ deps, administrator, params }) =>
      removeAttribute(deps, administrator, params.accountId, params.attributeId),
  }),
]
