import { lockAccount } from '../db/accounts.js'
import {
  type CustomAttributeRow,
  customAttributesOf,
  extendConnections,
  isStoredNowhere,
  saveCustomAttribute,
} from '../db/custom-attributes.js'
import type { Queries, Tx } from '../db/database.js'
import { fold } from '../filter/fold.js'
import { ACCOUNT_URN, type AccountAttribute, isReservedName } from '../filter/schemas/account-user.js'
import { type Administrator, adminEvent, changesBetween } from './administrator.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import { writeEvents } from './events.js'
import { settleConditions } from './settle-conditions.js'
import { extensionText } from './user-schema.js'

export const MAX_ATTRIBUTES = 20
/** People whose documents are looked at before a name changes its type. */
const MAX_LOOKED_AT = 1_000

/** An attribute that an account has added to its users (JM-19). */
export interface CustomAttribute {
  readonly id: string
  readonly name: string
  readonly type: AccountAttribute['type']
  readonly description: string
  /** What it may be, of the type `choice`; null for the others. */
  readonly choices: readonly string[] | null
  /** As a directory names it: URN and name. */
  readonly path: string
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

export interface AttributePatch {
  readonly description?: string | undefined
  readonly choices?: readonly string[] | undefined
  /** Refuse if the attribute is no longer at this version. */
  readonly version?: number | undefined
}

/** Oldest first. */
export async function listAttributes(q: Queries, accountId: string): Promise<CustomAttribute[]> {
  return (await customAttributesOf(q, accountId)).filter(isLive).map(attributeFromRow)
}

/** The copy that connections keep. Call it under the lock of the account. */
export async function currentExtension(q: Queries, accountId: string): Promise<string | null> {
  return extensionText(definitionsOf(await customAttributesOf(q, accountId)))
}

/**
 * Add an attribute. One that was deleted comes back with the values that are still stored.
 * Refuses: attribute_limit, attribute_name_taken, attribute_name_reserved, attribute_choices.
 */
export function createAttribute(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  input: Pick<AccountAttribute, 'name' | 'type' | 'description' | 'choices'>,
): Promise<CustomAttribute> {
  return change(deps, actor, accountId, 'attribute.created', async (rows, now, tx) => {
    await checkName(tx, accountId, rows, input)
    const choices = choicesOf(input.type, input.choices)
    const known = rows.find(({ name_key }) => name_key === fold(input.name))
    return {
      account_id: accountId,
      id: known?.id ?? deps.newId(),
      name: input.name,
      name_key: fold(input.name),
      type: input.type,
      description: input.description,
      choices,
      version: (known?.version ?? 0) + 1,
      created_at: now,
      updated_at: now,
      deleted_at: null,
    }
  })
}

/**
 * Change what describes it, or what it may be: name and type stay. Values that people have already stay too.
 * Refuses: attribute_not_found, version_mismatch, attribute_choices.
 */
export function reviseAttribute(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  id: string,
  patch: AttributePatch,
): Promise<CustomAttribute> {
  return change(deps, actor, accountId, 'attribute.updated', (rows, now) => {
    const row = getLive(rows, id)
    if (patch.version !== undefined && patch.version !== row.version)
      throw new AccountError('version_mismatch', 'The attribute changed in between. Read it again.')
    const type = row.type as AccountAttribute['type']
    const choices = patch.choices === undefined ? row.choices : choicesOf(type, patch.choices)
    const { description = row.description } = patch
    if (choices === row.choices && description === row.description) return row
    return { ...row, description, choices, version: row.version + 1, updated_at: now }
  })
}

/**
 * Delete an attribute: it is not accepted, shown or found any more, and rules that name it are broken. Its values leave a
 * document with the next write. Refuses: attribute_not_found.
 */
export async function removeAttribute(deps: Deps, actor: Administrator, accountId: string, id: string): Promise<void> {
  await change(deps, actor, accountId, 'attribute.deleted', (rows, now) => {
    const row = getLive(rows, id)
    return { ...row, version: row.version + 1, updated_at: now, deleted_at: now }
  })
}

type Action = 'attribute.created' | 'attribute.updated' | 'attribute.deleted'

/** Make one change, alone in the account, and all that follows from it. The same row means that nothing changes. */
function change(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  action: Action,
  make: (rows: readonly CustomAttributeRow[], now: number, tx: Tx) => CustomAttributeRow | Promise<CustomAttributeRow>,
): Promise<CustomAttribute> {
  return deps.db.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    const rows = await customAttributesOf(tx, accountId)
    const row = await make(rows, deps.now().getTime(), tx)
    if (!rows.includes(row)) await store(deps, tx, actor, action, rows, row)
    return attributeFromRow(row)
  })
}

async function store(
  deps: Deps,
  tx: Tx,
  actor: Administrator,
  action: Action,
  rows: readonly CustomAttributeRow[],
  row: CustomAttributeRow,
): Promise<void> {
  const { account_id: accountId, id, name } = row
  await saveCustomAttribute(tx, row)
  const before = rows.find((one) => one.id === id && isLive(one))
  const extended = await extendConnections(tx, accountId, await currentExtension(tx, accountId))
  const { effects, warnings } = await settleConditions(deps, tx, actor, extended, name)
  const changes = changesBetween<object>(before && factsOf(before), isLive(row) ? factsOf(row) : NOTHING)
  const subject = { type: 'attribute', id, displayName: name } as const
  const [first] = warnings
  const outcome = first === undefined ? 'success' : 'warning'
  const code = first === undefined ? {} : { code: first.code, message: first.message }
  const event = adminEvent(deps, actor, { action, outcome, ...code, subject, changes, effects, warnings })
  await writeEvents(deps, tx, accountId, [event])
}

async function checkName(
  tx: Tx,
  accountId: string,
  rows: readonly CustomAttributeRow[],
  { name, type }: Pick<AccountAttribute, 'name' | 'type'>,
): Promise<void> {
  if (isReservedName(name))
    throw new AccountError('attribute_name_reserved', `'${name}' means something already in SCIM. Choose another name.`)
  if (rows.filter(isLive).length >= MAX_ATTRIBUTES)
    throw new AccountError('attribute_limit', `An account has at most ${MAX_ATTRIBUTES} attributes. Delete one first.`)
  const known = rows.find(({ name_key }) => name_key === fold(name))
  if (known === undefined) return
  if (isLive(known))
    throw new AccountError('attribute_name_taken', `An attribute with the name '${known.name}' exists.`)
  // Values stand in documents under the name as it was spelled. Nobody can add one meanwhile: it is not accepted.
  if (known.type === type && known.name === name) return
  if (await isStoredNowhere(tx, accountId, [ACCOUNT_URN, known.name], MAX_LOOKED_AT)) return
  const text = `'${known.name}' was an attribute of the type ${known.type}, and values of it may still be stored.`
  throw new AccountError('attribute_name_taken', `${text} Choose another name, or make it again as it was.`)
}

/** As the column keeps them. Throws attribute_choices. */
function choicesOf(type: AccountAttribute['type'], choices: readonly string[] | undefined): string | null {
  if (type !== 'choice') {
    if (choices === undefined) return null
    throw new AccountError('attribute_choices', `Only the type choice has choices, not ${type}.`)
  }
  if (choices === undefined || choices.length === 0)
    throw new AccountError('attribute_choices', 'An attribute of the type choice needs choices.')
  if (new Set(choices.map(fold)).size < choices.length)
    throw new AccountError('attribute_choices', 'A choice is named twice; letter case does not tell them apart.')
  return JSON.stringify(choices)
}

function getLive(rows: readonly CustomAttributeRow[], id: string): CustomAttributeRow {
  const row = rows.find((one) => one.id === id && isLive(one))
  if (row === undefined) throw new AccountError('attribute_not_found', 'This account has no such attribute.')
  return row
}

const isLive = ({ deleted_at }: CustomAttributeRow): boolean => deleted_at === null

function definitionsOf(rows: readonly CustomAttributeRow[]): AccountAttribute[] {
  return rows.filter(isLive).map((row) => {
    const { name, type, description, choices } = attributeFromRow(row)
    return { name, type, description, ...(choices !== null && { choices }) }
  })
}

function attributeFromRow(row: CustomAttributeRow): CustomAttribute {
  return {
    ...factsOf(row),
    id: row.id,
    path: `${ACCOUNT_URN}:${row.name}`,
    version: row.version,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  }
}

function factsOf({ name, type, description, choices }: CustomAttributeRow) {
  return {
    name,
    type: type as AccountAttribute['type'],
    description,
    choices: choices === null ? null : (JSON.parse(choices) as string[]),
  }
}

const NOTHING = { name: null, type: null, description: null, choices: null }
