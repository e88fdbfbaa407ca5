import type { Connection } from '../../api/schema.js'

type Kind = Connection['idpKind']

/** What fields are called at the identity provider (PRODUCT 4.3). Never translated: so they stand on its screens. */
export const IDP_LABELS = {
  scimBaseUrl: { okta: 'SCIM connector base URL', entra: 'Tenant URL', generic: 'base URL, SCIM endpoint' },
  uniqueId: {
    okta: 'Unique identifier field for users',
    entra: 'matching attribute, precedence 1',
    generic: 'unique identifier, match',
  },
  token: { okta: 'Authorization (Bearer)', entra: 'Secret token', generic: 'bearer token' },
  acsUrl: {
    okta: 'Single sign-on URL',
    entra: 'Reply URL (Assertion Consumer Service URL)',
    generic: 'ACS URL, reply URL',
  },
  entityId: {
    okta: 'Audience URI (SP Entity ID)',
    entra: 'Identifier (Entity ID)',
    generic: 'entity ID, audience',
  },
  loginUrl: { okta: 'Bookmark App → URL', entra: 'Sign on URL', generic: 'login URL, start URL' },
  metadataUrl: { okta: undefined, entra: 'Upload metadata file', generic: 'SP metadata URL' },
  sloUrl: { okta: 'Single Logout URL', entra: 'Logout Url', generic: 'single logout URL' },
  nameId: {
    okta: 'Name ID format: EmailAddress; Application username: Email',
    entra: 'Unique User Identifier (Name ID)',
    generic: 'NameID',
  },
  tokenUrl: { okta: 'Access token endpoint URI', entra: 'Token Endpoint', generic: 'token URL' },
  clientId: { okta: 'Client ID', entra: 'Client Identifier', generic: 'client_id' },
  clientSecret: { okta: 'Client Secret', entra: 'Client Secret', generic: 'client_secret' },
} as const satisfies Record<string, Record<Kind, string | undefined>>

export type ValueName = keyof typeof IDP_LABELS
export type CopiedName = Exclude<ValueName, 'token' | 'clientSecret'>

/** What is pasted into such a field. Entra asks for PATCH as the standard has it where the address ends in its flag. */
export function copiedValue(
  name: CopiedName,
  { scimBaseUrl, idpKind, tokenUrl, clientId, serviceProvider }: Connection,
) {
  if (name === 'scimBaseUrl') return idpKind === 'entra' ? `${scimBaseUrl}?aadOptscim062020` : scimBaseUrl
  if (name === 'uniqueId') return 'userName'
  if (name === 'nameId') return undefined
  return { tokenUrl, clientId, ...serviceProvider }[name]
}
