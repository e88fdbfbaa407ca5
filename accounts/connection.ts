import type { ConnectionRow } from '../db/connections.js'
import type { ResourceSchema } from '../filter/attribute.js'
import type { Effects } from './evaluate-types.js'
import { userSchemaFromText } from './user-schema.js'

export type IdpKind = 'okta' | 'entra' | 'generic'
export type ConnectionMode = 'draft' | 'observe' | 'live' | 'paused' | 'disabled'

/** What an administrator sets on a connection (PRODUCT 2.2); stored as one JSON text. */
export interface ConnectionSettings {
  readonly acceptDirectRoles: boolean
  readonly acceptDirectEntitlements: boolean
  readonly onNoSeat: 'accept' | 'reject'
  readonly linkPolicy: 'auto' | 'review' | 'never'
  readonly defaults: Effects
  /** How long an access token lasts that is given for a secret. */
  readonly accessTokenSeconds: number
}

export const DEFAULT_SETTINGS: ConnectionSettings = {
  acceptDirectRoles: false,
  acceptDirectEntitlements: false,
  onNoSeat: 'accept',
  linkPolicy: 'auto',
  defaults: {},
  accessTokenSeconds: 3_600,
}

/** One identity provider's SCIM and SAML settings inside an account. */
export interface Connection {
  readonly accountId: string
  readonly id: string
  readonly name: string
  readonly idpKind: IdpKind
  readonly mode: ConnectionMode
  /** What became of the people when it was disabled. */
  readonly onDisable: 'keep' | 'suspend' | null
  readonly disabledAt: Date | null
  readonly settings: ConnectionSettings
  /** What a User may hold: the standard attributes and those of the account. */
  readonly userSchema: ResourceSchema
  /** Grows with every change on which evaluation depends: rules, defaults, roles, products. */
  readonly rulesVersion: number
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

export function connectionFromRow(row: ConnectionRow): Connection {
  return {
    accountId: row.account_id,
    id: row.id,
    name: row.name,
    idpKind: row.idp_kind as IdpKind,
    mode: row.mode as ConnectionMode,
    onDisable: row.on_disable as Connection['onDisable'],
    disabledAt: row.disabled_at === null ? null : new Date(row.disabled_at),
    settings: settingsFromText(row.settings),
    userSchema: userSchemaFromText(row.extension),
    rulesVersion: row.rules_version,
    version: row.version,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  }
}

/** Parsed once per text: every SCIM request reads its connection, and the settings rarely change. */
function settingsFromText(text: string): ConnectionSettings {
  const known = parsed.get(text)
  if (known !== undefined) return known
  if (parsed.size >= MAX_PARSED) parsed.clear()
  const settings = { ...DEFAULT_SETTINGS, ...(JSON.parse(text) as Partial<ConnectionSettings>) }
  parsed.set(text, settings)
  return settings
}

const parsed = new Map<string, ConnectionSettings>()
const MAX_PARSED = 1_000
