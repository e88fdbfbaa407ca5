import { lockAccount } from '../db/accounts.js'
import type { Queries } from '../db/database.js'
import { insertProduct, type ProductRow, productsOf, updateProduct } from '../db/products.js'
import { fold } from '../filter/fold.js'
import { type Administrator, adminEvent, changesBetween } from './administrator.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import { evaluateEveryoneAnew } from './evaluate-anew.js'
import type { Features } from './evaluate-types.js'
import { writeEvents } from './events.js'
import { handOverSeats } from './hand-over-seats.js'

export type SeatPolicy = ProductRow['policy']

/** A product with its pool of seats (PRODUCT 2.5). */
export interface Product {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly policy: SeatPolicy
  readonly features: Features
  /** Keys of the products that come with this one: a bundle (PBX-04). */
  readonly includes: readonly string[]
  readonly seats: number
  readonly assigned: number
  readonly reserved: number
  readonly waiting: number
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

function productFromRow(row: ProductRow): Product {
  return {
    id: row.id,
    key: row.key,
    name: row.name,
    policy: row.policy,
    features: JSON.parse(row.features) as Features,
    includes: JSON.parse(row.includes) as string[],
    seats: row.seats,
    assigned: row.used - row.reserved,
    reserved: row.reserved,
    waiting: row.waiting,
    version: row.version,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  }
}

export async function listProducts(q: Queries, accountId: string): Promise<Product[]> {
  return (await productsOf(q, accountId)).map(productFromRow)
}

export interface NewProduct {
  readonly key: string
  readonly name: string
  readonly seats: number
  readonly policy?: SeatPolicy | undefined
  readonly features?: Features | undefined
  readonly includes?: readonly string[] | undefined
}

/** Add a product. Refuses: product_key_taken, product_not_found (an included key). */
export async function createProduct(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  input: NewProduct,
): Promise<Product> {
  return deps.db.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    const products = await productsOf(tx, accountId)
    if (products.some(({ key }) => fold(key) === fold(input.key)))
      throw new AccountError('product_key_taken', `A product with the key '${input.key}' exists.`)
    const includes = input.includes ?? []
    checkIncludes(products, input.key, includes)
    const now = deps.now().getTime()
    const row: ProductRow = {
      account_id: accountId,
      id: deps.newId(),
      key: input.key,
      name: input.name,
      policy: input.policy ?? 'reserve_on_invite',
      features: JSON.stringify(input.features ?? {}),
      includes: JSON.stringify(includes),
      seats: input.seats,
      used: 0,
      reserved: 0,
      waiting: 0,
      version: 1,
      created_at: now,
      updated_at: now,
    }
    await insertProduct(tx, row)
    const effects = await evaluateEveryoneAnew(deps, tx, actor, accountId)
    const changes = changesBetween<object>(undefined, { seats: row.seats, ...decidingOf(row) })
    await writeEvents(deps, tx, accountId, [
      adminEvent(deps, actor, { action: 'product.created', subject: subjectOf(row), changes, effects }),
    ])
    return productFromRow(row)
  })
}

export interface ProductPatch {
  readonly name?: string | undefined
  readonly seats?: number | undefined
  readonly policy?: SeatPolicy | undefined
  readonly features?: Features | undefined
  readonly includes?: readonly string[] | undefined
  /** Refuse if the product is no longer at this version. */
  readonly version?: number | undefined
}

/**
 * Change a product. More seats go to the waiting list at once; fewer than are in use take nobody's away (PRODUCT 2.5).
 * Refuses: product_not_found, bundle_cycle, version_mismatch.
 */
export async function reviseProduct(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  productId: string,
  patch: ProductPatch,
): Promise<Product> {
  await deps.db.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    const products = await productsOf(tx, accountId)
    const row = products.find(({ id }) => id === productId)
    if (row === undefined) throw new AccountError('product_not_found', 'This account has no such product.')
    checkIncludes(products, row.key, patch.includes ?? [])
    if (patch.version !== undefined && patch.version !== row.version)
      throw new AccountError('version_mismatch', 'The product changed in between. Read it again.')
    const before = { name: row.name, seats: row.seats, ...decidingOf(row) }
    const after = { ...before, ...withoutUndefined(patch) }
    const changes = changesBetween(before, after)
    if (changes.length === 0) return
    const text = { features: JSON.stringify(after.features), includes: JSON.stringify(after.includes) }
    const { name, seats, policy } = after
    const version = row.version + 1
    // Connections are locked before pools (DESIGN 4, Transactions).
    const decides = changes.some(({ attribute }) => attribute !== 'seats')
    const effects = decides ? await evaluateEveryoneAnew(deps, tx, actor, accountId) : []
    await updateProduct(tx, { ...row, name, seats, policy, ...text, version, updated_at: deps.now().getTime() })
    const { actor: who, request } = actor
    const cause = { parentId: request.id, source: 'admin', actor: who } as const
    if (after.seats > before.seats) await handOverSeats(deps, tx, accountId, [productId], cause)
    await writeEvents(deps, tx, accountId, [
      adminEvent(deps, actor, { action: 'product.updated', subject: subjectOf({ ...row, name }), changes, effects }),
    ])
  })
  return getProduct(deps.db, accountId, productId)
}

/** Refuses: product_not_found. */
export async function getProduct(q: Queries, accountId: string, productId: string): Promise<Product> {
  const product = (await listProducts(q, accountId)).find(({ id }) => id === productId)
  if (product === undefined) throw new AccountError('product_not_found', 'This account has no such product.')
  return product
}

function decidingOf(row: ProductRow) {
  return {
    policy: row.policy,
    features: JSON.parse(row.features) as Features,
    includes: JSON.parse(row.includes) as readonly string[],
  }
}

function withoutUndefined({ name, seats, policy, features, includes }: ProductPatch) {
  return {
    ...(name === undefined ? {} : { name }),
    ...(seats === undefined ? {} : { seats }),
    ...(policy === undefined ? {} : { policy }),
    ...(features === undefined ? {} : { features }),
    ...(includes === undefined ? {} : { includes }),
  }
}

/** Every included product exists, and none leads back to the bundle itself. */
function checkIncludes(products: readonly ProductRow[], key: string, includes: readonly string[]): void {
  const byKey = new Map(products.map((row) => [row.key, JSON.parse(row.includes) as string[]]))
  for (const included of includes) {
    if (included === key) throw cycle(key)
    if (!byKey.has(included))
      throw new AccountError('product_not_found', `No product has the key '${included}'.`, { inBody: true })
  }
  const open = [...includes]
  const seen = new Set<string>()
  for (const one of open) {
    if (one === key) throw cycle(key)
    if (seen.has(one)) continue
    seen.add(one)
    open.push(...(byKey.get(one) ?? []))
  }
}

function cycle(key: string): AccountError {
  return new AccountError('bundle_cycle', `The bundle '${key}' would include itself.`)
}

function subjectOf({ id, name }: Pick<ProductRow, 'id' | 'name'>) {
  return { type: 'product', id, displayName: name } as const
}
