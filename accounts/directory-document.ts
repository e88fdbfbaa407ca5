import type { DirectoryUserRow } from '../db/directory-users.js'
import type { Document, Json, ResourceSchema } from '../filter/attribute.js'
import { fold } from '../filter/fold.js'
import { foldDocument } from '../filter/fold-document.js'
import { ENTERPRISE_URN } from '../filter/schemas/enterprise-user.js'

/** The columns of a directory user that follow from her document. */
export type DocumentColumns = Pick<
  DirectoryUserRow,
  'user_name_key' | 'external_id' | 'display_key' | 'desired_active' | 'manager_id' | 'document' | 'folded'
>

/** Take a canonical document apart for storage: the manager stands in a column of its own, so that clearing it is one UPDATE. */
export function columnsFromDocument(document: Document, userSchema: ResourceSchema): DocumentColumns {
  const { rest, managerId } = splitManager(document)
  const displayName = textOf(document.displayName)
  return {
    user_name_key: fold(textOf(document.userName) ?? ''),
    external_id: textOf(document.externalId),
    display_key: displayName === null ? null : fold(displayName),
    desired_active: document.active === false ? 0 : 1,
    manager_id: managerId,
    document: JSON.stringify(rest),
    folded: JSON.stringify(foldDocument(rest, userSchema)),
  }
}

/** The whole document again: what the IdP last said, the manager included. */
export function documentFromRow(row: Pick<DirectoryUserRow, 'document' | 'manager_id'>): Document {
  const document = JSON.parse(row.document) as Document
  if (row.manager_id === null) return document
  const extension = document[ENTERPRISE_URN]
  return {
    ...document,
    [ENTERPRISE_URN]: { ...(isObject(extension) ? extension : {}), manager: { value: row.manager_id } },
  }
}

function splitManager(document: Document): { rest: Document; managerId: string | null } {
  const extension = document[ENTERPRISE_URN]
  if (!isObject(extension) || extension.manager === undefined) return { rest: document, managerId: null }
  const { manager, ...others } = extension
  const { [ENTERPRISE_URN]: _, ...rest } = document
  const managerId = isObject(manager) ? textOf(manager.value) : null
  return { rest: Object.keys(others).length === 0 ? rest : { ...rest, [ENTERPRISE_URN]: others }, managerId }
}

/** Who the account user is according to the directory (DESIGN 3). */
export interface Identity {
  readonly givenName: string | null
  readonly familyName: string | null
  readonly displayName: string
  /** The primary e-mail, else the first, else the userName if it is an address, else none. */
  readonly email: string | null
}

export function identityFromDocument(document: Document): Identity {
  const name = isObject(document.name) ? document.name : {}
  const [givenName, familyName] = [textOf(name.givenName), textOf(name.familyName)]
  const userName = textOf(document.userName) ?? ''
  const fullName = [givenName, familyName].filter((part) => part !== null).join(' ')
  return {
    givenName,
    familyName,
    displayName: textOf(document.displayName) ?? textOf(name.formatted) ?? (fullName || userName),
    email: emailOf(document, userName),
  }
}

const ADDRESS = /^[^\s@]+@[^\s@]+$/

function emailOf(document: Document, userName: string): string | null {
  const emails = elementsOf(document.emails)
  const chosen =
    emails.find((email) => email.primary === true && textOf(email.value)) ?? emails.find((email) => textOf(email.value))
  return textOf(chosen?.value) ?? (ADDRESS.test(userName) ? userName : null)
}

/** Folded `emails.value` in document order, for the index by which IdPs search. */
export function emailKeys(document: Document): string[] {
  return elementsOf(document.emails).flatMap((email) => {
    const value = textOf(email.value)
    return value === null ? [] : [fold(value)]
  })
}

const MAX_TERMS = 16
/** In code points: an index of PostgreSQL holds no key of more than 2,700 bytes, and nobody searches by more (`q`). */
const MAX_TERM = 256

/** What a person is found by: the beginnings of folded e-mail, userName, externalId, her name and each word of it. */
export function searchTerms(identity: Identity, userName: string | null, externalId: string | null): string[] {
  const { displayName, givenName, familyName, email } = identity
  const names = [displayName, givenName, familyName].flatMap((name) =>
    name === null ? [] : [name, ...name.split(/\s+/)],
  )
  const texts = [email, userName, externalId, ...names]
  const folded = texts.flatMap((text) => (text === null || text === '' ? [] : [beginning(fold(text))]))
  return [...new Set(folded)].slice(0, MAX_TERMS)
}

function beginning(text: string): string {
  return text.length <= MAX_TERM ? text : [...text].slice(0, MAX_TERM).join('')
}

function elementsOf(value: Json | undefined): Document[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function isObject(value: Json | undefined): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
