import type { Tx } from '../db/database.js'
import {
  anonymiseEvent,
  deletedDocuments,
  dueForErasure,
  type Erasable,
  eraseUser,
  pageOfUserEvents,
} from '../db/retention.js'
import { deleteTerms } from '../db/users.js'
import type { Document } from '../filter/attribute.js'
import { SYSTEM } from './background-work.js'
import type { Deps } from './deps.js'
import { identityFromDocument, searchTerms } from './directory-document.js'
import { type Actor, type SignInFacts, writeEvents } from './events.js'

/** How long a deleted person can be restored; afterwards she is erased (DESIGN 4, Delete and restore). */
export const RESTORE_DAYS = 30
const DAY_MS = 86_400_000
const CHUNK = 200

/** Erase whoever was deleted 30 days ago or earlier: the log keeps what happened and forgets to whom. */
export async function eraseDuePeople(deps: Deps): Promise<void> {
  const before = deps.now().getTime() - RESTORE_DAYS * DAY_MS
  for (;;) {
    const due = await dueForErasure(deps.db, before, CHUNK)
    for (const person of due) await deps.db.transaction((tx) => erase(deps, tx, person))
    if (due.length < CHUNK) return
  }
}

async function erase(deps: Deps, tx: Tx, person: Erasable): Promise<void> {
  const { account_id: accountId, id } = person
  await anonymiseEvents(tx, accountId, id)
  await deleteTerms(tx, accountId, id, await termsOf(tx, person))
  await eraseUser(tx, accountId, id)
  const subject = { type: 'user', id } as const
  const event = { action: 'user.erased', source: 'system', outcome: 'success', actor: SYSTEM, subject } as const
  await writeEvents(deps, tx, accountId, [{ ...event, id: deps.newId(), userId: id }])
}

async function anonymiseEvents(tx: Tx, accountId: string, userId: string): Promise<void> {
  for (let after = ''; ; ) {
    const page = await pageOfUserEvents(tx, accountId, userId, after, CHUNK)
    for (const { id, detail } of page) await anonymiseEvent(tx, accountId, id, withoutPerson(detail, userId))
    const last = page.at(-1)
    if (last === undefined || page.length < CHUNK) return
    after = last.id
  }
}

/** What was done stays, by attribute and effect; names, addresses and values go. */
function withoutPerson(text: string, userId: string): string {
  const {
    message: _,
    subject: __,
    changes = [],
    warnings: ___,
    signIn,
    actor,
    ...kept
  } = JSON.parse(text) as {
    readonly changes?: readonly { readonly attribute: string }[]
    readonly signIn?: SignInFacts
    readonly actor?: Actor
    readonly [name: string]: unknown
  }
  const attributes = changes.map(({ attribute }) => ({ attribute, before: null, after: null }))
  const subject = { type: 'user', id: userId }
  const flow = signIn === undefined ? {} : { signIn: { flow: signIn.flow, checks: signIn.checks } }
  const by = actor?.type === 'user' && actor.id === userId ? { ...actor, label: '' } : withoutName(actor)
  return JSON.stringify({ ...kept, ...flow, actor: by, subject, changes: attributes })
}

/** Who is unknown is called what she claimed to be. */
function withoutName(actor: Actor | undefined): Actor | undefined {
  return actor?.type === 'unknown' ? { ...actor, label: '' } : actor
}

/** The terms under which she stands: by her own row and by every document that was hers. */
async function termsOf(tx: Tx, { account_id, id, ...row }: Erasable): Promise<string[]> {
  const own = {
    givenName: row.given_name,
    familyName: row.family_name,
    displayName: row.display_name,
    email: row.email,
  }
  const terms = new Set(searchTerms(own, row.email, null))
  for (const { document, external_id } of await deletedDocuments(tx, account_id, id)) {
    const parsed = JSON.parse(document) as Document
    for (const term of searchTerms(identityFromDocument(parsed), String(parsed.userName), external_id)) terms.add(term)
  }
  return [...terms]
}
