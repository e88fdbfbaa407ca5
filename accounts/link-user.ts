import type { Tx } from '../db/database.js'
import { replaceEmails } from '../db/directory-emails.js'
import { removeMemberships } from '../db/directory-members.js'
import { type DirectoryUserRow, deleteDirectoryUser, findLink, insertDirectoryUser } from '../db/directory-users.js'
import { deleteTerms, insertTerms, type UserRow } from '../db/users.js'
import type { Document } from '../filter/attribute.js'
import { ENTERPRISE_URN } from '../filter/schemas/enterprise-user.js'
import type { Connection } from './connection.js'
import {
  type DocumentColumns,
  documentFromRow,
  emailKeys,
  type Identity,
  identityFromDocument,
  searchTerms,
} from './directory-document.js'

/** A person who enters a connection: her document and what follows from it. */
export interface Entry {
  readonly document: Document
  readonly columns: DocumentColumns
  readonly identity: Identity
  readonly userName: string
}

/**
 * The row of a person who enters a connection. Her version begins with that of the account user, which a candidate
 * showed before, so that an entity tag never names two states.
 */
export function entryRow(
  connection: Connection,
  { columns }: Entry,
  { id, userId, version, now }: { id: string; userId: string; version: number; now: number },
): DirectoryUserRow {
  return {
    account_id: connection.accountId,
    connection_id: connection.id,
    id,
    user_id: userId,
    ...columns,
    rules_version: connection.rulesVersion,
    version,
    created_at: now,
    last_modified: now,
  }
}

/** Store a new link with everything by which the person is searched. */
export async function insertEntry(
  tx: Tx,
  row: DirectoryUserRow,
  { document, identity, userName }: Entry,
): Promise<void> {
  await insertDirectoryUser(tx, row)
  await replaceEmails(tx, row.account_id, row.connection_id, row.id, [], emailKeys(document))
  await insertTerms(tx, row.account_id, row.user_id, searchTerms(identity, userName, row.external_id))
}

/** A user of a connection that is switched off moves to the one that sends her now: the old link ends here. */
export async function endOldLink(tx: Tx, user: UserRow): Promise<void> {
  const old = await findLink(tx, user.account_id, user.id)
  if (old === undefined) return
  const document = documentFromRow(old)
  await forgetTerms(tx, user, document, old.external_id)
  await removeMemberships(tx, old.account_id, old.connection_id, old.id)
  await replaceEmails(tx, old.account_id, old.connection_id, old.id, emailKeys(document), [])
  await deleteDirectoryUser(tx, old.account_id, old.connection_id, old.id)
}

/** Nobody finds her any more by what she was called in a document that is hers no longer. */
export async function forgetTerms(tx: Tx, user: UserRow, document: Document, externalId: string | null): Promise<void> {
  const terms = searchTerms(identityFromDocument(document), String(document.userName), externalId)
  await deleteTerms(tx, user.account_id, user.id, terms)
}

/** A local user as a directory would have sent her (DESIGN 4, Linkable local users); undefined without an address. */
export function synthesisedDocument(user: UserRow): Document | undefined {
  if (user.email === null) return undefined
  const name = {
    ...(user.family_name === null ? {} : { familyName: user.family_name }),
    ...(user.given_name === null ? {} : { givenName: user.given_name }),
  }
  return {
    userName: user.email,
    ...(Object.keys(name).length === 0 ? {} : { name }),
    ...(user.display_name === '' ? {} : { displayName: user.display_name }),
    active: true,
    emails: [{ value: user.email, type: 'work', primary: true }],
  }
}

/** The id of the manager in a document, if any. */
export function managerIdOf(document: Document): string | undefined {
  const extension = document[ENTERPRISE_URN] as { manager?: { value?: string } } | undefined
  return extension?.manager?.value
}
