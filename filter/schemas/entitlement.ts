import type { Attribute, ResourceSchema } from '../attribute.js'
import { COMMON_ATTRIBUTES } from './common.js'
import { attribute, complex, readOnly, text } from './define.js'

/** Okta's URNs: its entitlement discovery looks for resource types of these schemas. The IETF draft has no final ones. */
export const ROLE_URN = 'urn:okta:scim:schemas:core:1.0:Role'
export const ENTITLEMENT_URN = 'urn:okta:scim:schemas:core:1.0:Entitlement'

/** Another entry of the catalogue that this one brings along, or is brought along by. */
const others = (name: string, description: string): Attribute =>
  complex(
    name,
    description,
    [
      text('value', 'What to write into the user to assign it.', readOnly),
      text('display', 'Its name.', readOnly),
      attribute('$ref', 'reference', 'Its URI.', { ...readOnly, referenceTypes: ['uri'] }),
    ],
    { ...readOnly, multiValued: true },
  )

/**
 * What Okta reads (`displayName`, `type`, `description`) and what draft-ietf-scim-roles-entitlements defines: one
 * catalogue for both. Everything is readOnly: roles and products are made by administrators.
 */
const CATALOGUE: readonly Attribute[] = [
  text('displayName', 'The name to show.', { ...readOnly, required: true }),
  text('type', 'What kind of entry this is.', readOnly),
  text('description', 'What it brings, for people to read.', readOnly),
  text('value', 'What to write into the user to assign it; the id and the name are understood too.', {
    ...readOnly,
    required: true,
    uniqueness: 'server',
  }),
  text('display', 'The name to show, as the draft of the IETF calls it.', readOnly),
  attribute('supported', 'boolean', 'Whether this connection may assign it.', readOnly),
  attribute('limitedAssignmentsPermitted', 'boolean', 'Whether only so many may have it.', readOnly),
]

const ROLE = { id: ROLE_URN, name: 'Role', description: 'A role in the product account', attributes: CATALOGUE }

const LICENSE = {
  id: ENTITLEMENT_URN,
  name: 'License',
  description: 'A product with its seats',
  attributes: [
    ...CATALOGUE,
    attribute('totalAssignmentsPermitted', 'integer', 'How many seats there are.', readOnly),
    attribute('totalAssignmentsUsed', 'integer', 'How many seats are taken.', readOnly),
    others('contains', 'Licenses that come with this one.'),
    others('containedBy', 'Licenses that bring this one.'),
  ],
}

export const ROLE_SCHEMA: ResourceSchema = { common: COMMON_ATTRIBUTES, core: ROLE, extensions: [] }
export const LICENSE_SCHEMA: ResourceSchema = { common: COMMON_ATTRIBUTES, core: LICENSE, extensions: [] }
