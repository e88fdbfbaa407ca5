import type { ConnectionRow } from '../db/connections.js'
import type { Queries, Tx } from '../db/database.js'
import {
  deleteSamlKey,
  findSamlSettings,
  insertSamlKey,
  type SamlKeyRow,
  samlKeysOf,
  saveSamlSettings,
} from '../db/saml-settings.js'
import { type Administrator, adminEvent, changesBetween } from './administrator.js'
import { connectionFromRow } from './connection.js'
import { lockedConnection } from './connections.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import { type Effect, writeEvents } from './events.js'
import { queueReevaluation } from './reevaluate.js'
import { followMetadata } from './refresh-schedule.js'
import { countsAsSuperAdmin } from './roles.js'

/** A certificate of an identity provider, by which it signs. */
export interface IdpCertificate {
  readonly pem: string
  /** SHA-256 of the DER form, hex. */
  readonly sha256: string
  readonly notAfter: string
}

/** An identity provider as its metadata describes it: what we need to know of it (Metadata §2.4.3). */
export interface IdentityProvider {
  readonly entityId: string
  readonly ssoRedirectUrl?: string
  readonly ssoPostUrl?: string
  readonly sloRedirectUrl?: string
  readonly sloPostUrl?: string
  readonly wantsSignedRequests: boolean
  readonly certificates: readonly IdpCertificate[]
  /** ISO 8601; metadata beyond it is stale. */
  readonly validUntil?: string
}

/** Names of attributes in the assertion where they are not the well-known ones. */
export interface AttributeNames {
  readonly email?: string | undefined
  readonly externalId?: string | undefined
  /** The attribute that identifies the person, in place of the NameID. */
  readonly identifier?: string | undefined
  readonly groups?: string | undefined
  readonly roles?: string | undefined
}

/** What a connection says of sign-in; stored as one JSON text. */
export interface SamlSettings {
  readonly idp: IdentityProvider
  /** Where the metadata came from; undefined where it was pasted or typed. */
  readonly metadataUrl?: string
  /** May a sign-in begin at the identity provider? */
  readonly allowIdpInitiated: boolean
  readonly attributes: AttributeNames
  /** Apply the rules of the connection to the groups and roles that an assertion names. */
  readonly rolesFromAssertion: boolean
  /** Audiences that are accepted beside our entityID. */
  readonly audiences: readonly string[]
  /** The only AuthnContextClassRef that is accepted. */
  readonly requiredContext?: string
  /** Until when SHA-1 is accepted, ISO 8601. */
  readonly sha1Until?: string
  readonly sessionHours: number
}

/** A key of this service provider: a private key (PEM) and its certificate (PEM). */
export interface SpKey {
  readonly id: string
  readonly privateKey: string
  readonly certificate: string
}

export interface Saml {
  readonly settings: SamlSettings
  readonly version: number
  /** The current key first; a second one while keys are changed. */
  readonly keys: readonly SpKey[]
}

const DEFAULTS = {
  allowIdpInitiated: false,
  rolesFromAssertion: false,
  attributes: {},
  audiences: [],
  sessionHours: 12,
} as const

/** What an administrator may set; a property that is undefined keeps what is, or takes the default. */
export interface SamlInput {
  readonly idp?: IdentityProvider | undefined
  readonly metadataUrl?: string | undefined
  readonly allowIdpInitiated?: boolean | undefined
  readonly attributes?: AttributeNames | undefined
  readonly rolesFromAssertion?: boolean | undefined
  readonly audiences?: readonly string[] | undefined
  readonly sessionHours?: number | undefined
  readonly requiredContext?: string | null | undefined
  readonly sha1Until?: Date | null | undefined
}

/** What sign-in through a connection needs; undefined where it is not set up. */
export async function readSaml(
  { sealer }: Pick<Deps, 'sealer'>,
  q: Queries,
  accountId: string,
  connectionId: string,
): Promise<Saml | undefined> {
  const row = await findSamlSettings(q, accountId, connectionId)
  if (row === undefined) return undefined
  const keys = await samlKeysOf(q, accountId, connectionId)
  return {
    settings: { ...DEFAULTS, ...(JSON.parse(row.settings) as SamlSettings) },
    version: row.version,
    keys: keys.map((key) => ({
      id: key.id,
      certificate: key.certificate,
      // Opened by whoever needs it: most steps of a sign-in do not.
      get privateKey() {
        return sealer.open(key.sealed_key, aboutKey(key))
      },
    })),
  }
}

/** Certificates of our keys, the current one first; `makeKey` makes the first key, for who asks before there is one. */
export async function samlCertificates(
  deps: Deps,
  { accountId, id }: { readonly accountId: string; readonly id: string },
  makeKey: () => Promise<Omit<SpKey, 'id'>>,
): Promise<string[]> {
  const found = await samlKeysOf(deps.db, accountId, id)
  if (found.length > 0) return found.map(({ certificate }) => certificate)
  const key = await makeKey()
  return deps.db.transaction(async (tx) => {
    await lockedConnection(tx, accountId, id)
    if ((await samlKeysOf(tx, accountId, id)).length === 0) await addKey(deps, tx, accountId, id, key)
    return (await samlKeysOf(tx, accountId, id)).map(({ certificate }) => certificate)
  })
}

/** A sealed key opens in its own row alone. */
function aboutKey({ account_id, connection_id, id }: Pick<SamlKeyRow, 'account_id' | 'connection_id' | 'id'>): string {
  return `saml key ${account_id} ${connection_id} ${id}`
}

/**
 * Set up sign-in through a connection. `makeKey` makes our first key where there is none yet. Settings that are undefined stay
 * as they are. Refuses: connection_not_found, version_mismatch.
 */
export async function saveSaml(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  connectionId: string,
  input: SamlInput,
  makeKey: () => Promise<Omit<SpKey, 'id'>>,
): Promise<Saml> {
  // Made before the transaction, which waits for nothing but the database.
  const key = (await samlKeysOf(deps.db, accountId, connectionId)).length === 0 ? await makeKey() : undefined
  return deps.db.transaction(async (tx) => {
    const connection = await lockedConnection(tx, accountId, connectionId)
    const row = await findSamlSettings(tx, accountId, connectionId)
    const before = row === undefined ? undefined : (JSON.parse(row.settings) as SamlSettings)
    const after = merged(before, input)
    if (after.rolesFromAssertion && before?.rolesFromAssertion !== true && !countsAsSuperAdmin(actor.role))
      throw new AccountError('forbidden', 'Only a super admin may let assertions give roles.')
    const now = deps.now().getTime()
    const changes = changesBetween(before === undefined ? undefined : shown(before), shown(after))
    const keys = await samlKeysOf(tx, accountId, connectionId)
    if (keys.length === 0 && key !== undefined) await addKey(deps, tx, accountId, connectionId, key)
    await saveSamlSettings(tx, {
      account_id: accountId,
      connection_id: connectionId,
      settings: JSON.stringify(after),
      version: (row?.version ?? 0) + 1,
      created_at: row?.created_at ?? now,
      updated_at: now,
    })
    if (input.idp !== undefined)
      await followMetadata(deps, tx, accountId, connectionId, after.metadataUrl !== undefined)
    const subject = { type: 'connection', id: connectionId, displayName: connection.name } as const
    const outcome = changes.length === 0 ? 'no_change' : 'success'
    const off = before?.rolesFromAssertion === true && !after.rolesFromAssertion
    const effects = off ? [await takenBack(deps, tx, actor, connection)] : []
    const event = adminEvent(deps, actor, {
      action: 'connection.updated',
      outcome,
      subject,
      connectionId,
      changes,
      effects,
    })
    await writeEvents(deps, tx, accountId, [event])
    return (await readSaml(deps, tx, accountId, connectionId))!
  })
}

function merged(before: SamlSettings | undefined, input: SamlInput): SamlSettings {
  const { idp = before?.idp, metadataUrl, requiredContext, sha1Until, ...rest } = input
  if (idp === undefined)
    throw new AccountError('attr_missing', 'Say who the identity provider is: idpMetadataUrl, idpMetadataXml or idp.')
  const url = input.idp === undefined ? before?.metadataUrl : metadataUrl
  const context = requiredContext === undefined ? before?.requiredContext : requiredContext
  const until = sha1Until === undefined ? before?.sha1Until : sha1Until?.toISOString()
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  const { allowIdpInitiated, attributes, rolesFromAssertion, audiences, sessionHours } = { ...DEFAULTS, ...before }
  return {
    ...{ allowIdpInitiated, attributes, rolesFromAssertion, audiences, sessionHours },
    ...(given as Partial<SamlSettings>),
    idp,
    ...without({ metadataUrl: url, requiredContext: context ?? undefined, sha1Until: until }),
  }
}

function without(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined))
}

/** What sign-ins gave ends with everyone's next evaluation. */
async function takenBack(deps: Deps, tx: Tx, { request }: Administrator, row: ConnectionRow): Promise<Effect> {
  const jobId = await queueReevaluation(deps, tx, connectionFromRow(row), { parentId: request.id })
  return { kind: 'job', jobId, people: null }
}

/** As the log shows it: certificates by their fingerprint, and what may be missing as null. */
function shown({ idp, ...settings }: SamlSettings): object {
  const { certificates, ...provider } = idp
  const addresses = { ssoRedirectUrl: null, ssoPostUrl: null, sloRedirectUrl: null, sloPostUrl: null, validUntil: null }
  const missing = { ...addresses, metadataUrl: null, requiredContext: null, sha1Until: null }
  return {
    ...missing,
    ...provider,
    ...settings,
    certificates: certificates.map(({ sha256 }) => sha256),
  }
}

async function addKey(
  deps: Deps,
  tx: Tx,
  accountId: string,
  connectionId: string,
  key: Omit<SpKey, 'id'>,
): Promise<void> {
  const row = { account_id: accountId, connection_id: connectionId, id: deps.newId() }
  const sealed_key = deps.sealer.seal(key.privateKey, aboutKey(row))
  await insertSamlKey(tx, { ...row, sealed_key, certificate: key.certificate, created_at: deps.now().getTime() })
}

/** Two at a time: the new key signs from now on, the one before it stays in the metadata and still decrypts. */
const MAX_KEYS = 2

/** Give a connection a new key; the oldest beyond two goes. Refuses: connection_not_found. */
export function rotateSamlKey(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  connectionId: string,
  newKey: Omit<SpKey, 'id'>,
): Promise<Saml | undefined> {
  return deps.db.transaction(async (tx) => {
    const connection = await lockedConnection(tx, accountId, connectionId)
    await addKey(deps, tx, accountId, connectionId, newKey)
    const keys = await samlKeysOf(tx, accountId, connectionId)
    for (const old of keys.slice(MAX_KEYS)) await deleteSamlKey(tx, old)
    const subject = { type: 'connection', id: connectionId, displayName: connection.name } as const
    const changes = [{ attribute: 'samlKey', before: keys[1]?.id ?? null, after: keys[0]!.id }]
    const event = adminEvent(deps, actor, { action: 'connection.updated', subject, connectionId, changes })
    await writeEvents(deps, tx, accountId, [event])
    return readSaml(deps, tx, accountId, connectionId)
  })
}
