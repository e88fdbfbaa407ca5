import type { Tx } from '../db/database.js'
import { findLink } from '../db/directory-users.js'
import { upsertGrants } from '../db/grants.js'
import { productsOf } from '../db/products.js'
import { findUserByEmail, insertTerms, insertUser, type UserRow } from '../db/users.js'
import { fold } from '../filter/fold.js'
import { type Administrator, adminEvent, changesBetween } from './administrator.js'
import type { Deps } from './deps.js'
import { searchTerms } from './directory-document.js'
import { writeOutbox } from './directory-request.js'
import { newUser } from './directory-user.js'
import { parseDomain } from './domains.js'
import { AccountError } from './errors.js'
import type { Features } from './evaluate-types.js'
import { type Effect, type Subject, writeEvents } from './events.js'
import { manualGrantRow, roleOf } from './manual-grant.js'
import { loadCatalog } from './policy.js'
import { MEMBER } from './roles.js'
import { settleUsers } from './settle-users.js'
import { getUser, type UserDetail } from './users-read.js'

/** A person added by hand. */
export interface NewLocalUser {
  readonly email: string
  readonly givenName: string
  readonly familyName: string
  readonly displayName?: string | undefined
  /** Key; member where it is not given. */
  readonly role?: string | undefined
  readonly products?: readonly { readonly key: string; readonly features?: Features | undefined }[] | undefined
  /** `active` takes her as accepted, on the operator's word (a migration from elsewhere). */
  readonly status?: 'invited' | 'active' | undefined
}

const MAX_NAME = 32
const MAX_DISPLAY_NAME = 256
const MAX_EMAIL = 128

/** A name as it is kept: trimmed. Refuses: attr_missing, attr_too_long (LMI-06, in Unicode code points). */
export function parseName(attribute: string, text: string, limit = MAX_NAME): string {
  const name = text.trim()
  if (name === '') throw new AccountError('attr_missing', `Attribute ${attribute} is required.`, { attribute })
  checkLength(attribute, name, limit)
  return name
}

/** Refuses: attr_missing, attr_too_long, attr_type (no address). */
export function parseEmail(text: string): string {
  const email = parseName('email', text, MAX_EMAIL)
  const at = email.lastIndexOf('@')
  const sound = /^[^\s@]+$/.test(email.slice(0, at)) && parseDomain(email.slice(at + 1)) !== undefined
  if (at < 1 || !sound)
    throw new AccountError('attr_type', `'${email}' is not an e-mail address.`, { attribute: 'email' })
  return email
}

function checkLength(attribute: string, text: string, limit: number): void {
  const length = [...text].length
  if (length > limit)
    throw new AccountError('attr_too_long', `${attribute} has ${length} characters, limit ${limit}.`, { attribute })
}

/**
 * Add a person by hand: invited, or active on the operator's word. All or nothing: where a product has no free seat
 * nothing is written (GA-14). Refuses: attr_missing, attr_too_long, attr_type, user_exists_local, role_not_found,
 * role_not_grantable (GA-27), product_not_found, no_seat, forbidden.
 */
export async function addLocalUser(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  input: NewLocalUser,
): Promise<UserDetail> {
  const person = personFrom(input)
  if (input.status === 'active' && actor.role !== 'operator')
    throw new AccountError('forbidden', 'Only the operator of this server may add a user who has accepted already.')
  const id = await deps.db.transaction(async (tx) => {
    const taken = await findUserByEmail(tx, accountId, fold(person.email))
    if (taken !== undefined)
      throw new AccountError('user_exists_local', `${person.email} is already a user here.`, { userId: taken.id })
    const user = await insertPerson(deps, tx, actor, accountId, person, input.status === 'active')
    await grantByHand(deps, tx, actor, user, input)
    const cause = { parentId: actor.request.id, source: 'admin', actor: actor.actor } as const
    const [settled] = await settleUsers(deps, tx, accountId, [user.id], cause)
    const effects = settled?.effects ?? []
    await refuseWithoutSeat(tx, accountId, effects)
    const status: Effect = { kind: 'status', before: null, after: user.status, reason: null }
    const { email, givenName, familyName, displayName } = person
    await writeEvents(deps, tx, accountId, [
      adminEvent(deps, actor, {
        action: 'user.created',
        subject: subjectOf(user),
        userId: user.id,
        changes: changesBetween<object>(undefined, { email, givenName, familyName, displayName }),
        effects: [status, ...effects],
      }),
    ])
    await writeOutbox(deps, tx, accountId, user.id, user.version, actor.request.id)
    return user.id
  })
  return getUser(deps.db, accountId, id, deps.now())
}

interface Person {
  readonly email: string
  readonly givenName: string
  readonly familyName: string
  readonly displayName: string
}

function personFrom(input: NewLocalUser): Person {
  const givenName = parseName('givenName', input.givenName)
  const familyName = parseName('familyName', input.familyName)
  const displayName = parseName('displayName', input.displayName ?? `${givenName} ${familyName}`, MAX_DISPLAY_NAME)
  return { email: parseEmail(input.email), givenName, familyName, displayName }
}

async function insertPerson(
  deps: Deps,
  tx: Tx,
  actor: Administrator,
  accountId: string,
  person: Person,
  accepted: boolean,
): Promise<UserRow> {
  const now = deps.now().getTime()
  const catalog = await loadCatalog(tx, accountId)
  const member = roleOf(actor, catalog, MEMBER)
  const user: UserRow = {
    ...newUser(accountId, deps.newId(), deps.newId(), now),
    given_name: person.givenName,
    family_name: person.familyName,
    display_name: person.displayName,
    email: person.email,
    email_key: fold(person.email),
    accepted_at: accepted ? now : null,
    status: accepted ? 'active' : 'invited',
    role_id: member.id,
    version: 1,
  }
  await insertUser(tx, user)
  await insertTerms(tx, accountId, user.id, searchTerms(person, null, null))
  return user
}

async function grantByHand(
  deps: Deps,
  tx: Tx,
  actor: Administrator,
  user: UserRow,
  { role, products = [] }: NewLocalUser,
): Promise<void> {
  const catalog = await loadCatalog(tx, user.account_id)
  const now = deps.now().getTime()
  const roles = role === undefined ? [] : [{ kind: 'role', value: role } as const]
  const licenses = products.map(({ key, features }) => ({ kind: 'product', value: key, features }) as const)
  const rows = [...roles, ...licenses].map((grant) => manualGrantRow(actor, catalog, user, grant, now))
  const distinct = new Map(rows.map((row) => [`${row.kind} ${row.value}`, row]))
  await upsertGrants(tx, user.account_id, [...distinct.values()])
}

/** GA-14: by hand nobody is put on a waiting list. Refuses: no_seat with the product, its seats and how many are free. */
export async function refuseWithoutSeat(tx: Tx, accountId: string, effects: readonly Effect[]): Promise<void> {
  const waiting = effects.find((effect) => effect.kind === 'license' && effect.after === 'waiting')
  if (waiting?.kind !== 'license') return
  const product = (await productsOf(tx, accountId)).find(({ key }) => key === waiting.product)
  const [total, used] = [product?.seats ?? 0, product?.used ?? 0]
  const free = Math.max(0, total - used)
  const name = product?.name ?? waiting.product
  throw new AccountError('no_seat', `No ${name} seat is free (${used} of ${total}). Add seats or remove assignments.`, {
    product: waiting.product,
    total,
    free,
  })
}

export function subjectOf(user: UserRow): Subject {
  return { type: 'user', id: user.id, email: user.email, displayName: user.display_name }
}

/** What the directory manages is changed there. Refuses: user_directory_managed, naming the connection. */
export async function refuseManaged(tx: Tx, user: UserRow, what: string): Promise<void> {
  const link = await findLink(tx, user.account_id, user.id)
  if (link === undefined) return
  throw new AccountError(
    'user_directory_managed',
    `${what} of this user comes from the directory and is changed there.`,
    {
      connectionId: link.connection_id,
    },
  )
}
