import fc from 'fast-check'
import type { Database, Tx } from '../../db/database.js'
import { replaceEmails } from '../../db/directory-emails.js'
import { insertGroup } from '../../db/directory-groups.js'
import { addMembers } from '../../db/directory-members.js'
import { insertDirectoryUser } from '../../db/directory-users.js'
import type { FilterScope } from '../../db/filter-search.js'
import type { Document, Json } from '../../filter/attribute.js'
import { fold } from '../../filter/fold.js'
import { foldDocument } from '../../filter/fold-document.js'
import { ENTERPRISE_URN } from '../../filter/schemas/enterprise-user.js'
import { someDocument, someText, WIDE_SCHEMA } from '../filter/generate.js'

export interface Person {
  readonly id: string
  readonly document: Document
  readonly managerId: string | null
  readonly createdAt: number
  readonly lastModified: number
}

export interface Group {
  readonly id: string
  readonly displayName: string
  readonly externalId: string | null
  readonly members: readonly string[]
  readonly createdAt: number
  readonly lastModified: number
}

export interface Population {
  readonly people: readonly Person[]
  readonly groups: readonly Group[]
}

const INSTANTS = [Date.parse('2026-01-02T03:04:05Z'), Date.parse('2026-01-02T03:04:05.1Z'), -1]
export const idOf = (kind: 'user' | 'group', index: number) => `${kind}-${index % 2 === 0 ? 'a' : 'A'}${index}`

/** People and groups that the seed alone decides. Names are made unique, as their indexes demand. */
export function populate(seed: number, people: number, groups: number): Population {
  const ids = Array.from({ length: people }, (_, index) => idOf('user', index))
  const someInstant = fc.constantFrom(...INSTANTS)
  const somePerson = fc.record({
    document: someDocument,
    managerId: fc.option(fc.constantFrom(...ids)),
    createdAt: someInstant,
    lastModified: someInstant,
  })
  const someGroup = fc.record({
    displayName: someText,
    externalId: fc.option(someText),
    members: fc.subarray(ids, { maxLength: 6 }),
    createdAt: someInstant,
    lastModified: someInstant,
  })
  return {
    people: fc.sample(somePerson, { seed, numRuns: people }).map((person, index) => ({
      ...person,
      id: ids[index]!,
      document: distinct(person.document, index),
    })),
    groups: fc.sample(someGroup, { seed, numRuns: groups }).map((group, index) => ({
      ...group,
      id: idOf('group', index),
      displayName: `${group.displayName}${index}`,
    })),
  }
}

function distinct(document: Document, index: number): Document {
  const { externalId, ...rest } = document
  const named = { ...rest, userName: `${document.userName}${index}` }
  return typeof externalId === 'string' ? { ...named, externalId: `${externalId}${index}` } : named
}

/** A user as a filter sees it: the document with all that is computed at read. */
export function userResource(person: Person, { people, groups }: Population): Document {
  const { document, managerId } = person
  const memberships = groups.filter(({ members }) => members.includes(person.id))
  const manager = people.find(({ id }) => id === managerId)
  const enterprise = { ...(document[ENTERPRISE_URN] as Document | undefined), ...managerOf(manager) }
  return {
    ...document,
    id: person.id,
    meta: metaOf('User', person),
    ...(memberships.length > 0 && {
      groups: memberships.map(({ id, displayName }) => ({ value: id, display: displayName, type: 'direct' })),
    }),
    ...(Object.keys(enterprise).length > 0 && { [ENTERPRISE_URN]: enterprise }),
  }
}

function managerOf(manager: Person | undefined): Document {
  if (manager === undefined) return {}
  return { manager: { value: manager.id, ...nameOf('displayName', manager) } }
}

export function groupResource(group: Group, { people }: Population): Document {
  const { id, displayName, externalId } = group
  const members = people.filter((person) => group.members.includes(person.id))
  return {
    id,
    displayName,
    ...(externalId !== null && { externalId }),
    meta: metaOf('Group', group),
    ...(members.length > 0 && {
      members: members.map((person) => ({ value: person.id, type: 'User', ...nameOf('display', person) })),
    }),
  }
}

function nameOf(key: string, { document }: Person): Document {
  return document.displayName === undefined ? {} : { [key]: document.displayName }
}

function metaOf(resourceType: string, { createdAt, lastModified }: { createdAt: number; lastModified: number }): Json {
  const [created, modified] = [createdAt, lastModified].map((instant) => new Date(instant).toISOString()) as [
    string,
    string,
  ]
  return { resourceType, created, lastModified: modified }
}

/**
 * Store a population, and beside it decoys in another connection and in another account: the same ids, but everyone has
 * the document of her neighbour and is in every group.
 */
export async function store(database: Database, scope: FilterScope, population: Population): Promise<void> {
  const { accountId, connectionId } = scope
  const { people, groups } = population
  const decoy = {
    people: people.map((person, index) => ({ ...people[(index + 1) % people.length]!, id: person.id })),
    groups: groups.map((group) => ({ ...group, members: people.map(({ id }) => id) })),
  }
  await database.transaction(async (tx) => {
    await storeIn(tx, accountId, connectionId, population)
    await storeIn(tx, accountId, 'connection-2', decoy)
    await storeIn(tx, `${accountId} decoy`, connectionId, decoy)
  })
}

async function storeIn(tx: Tx, accountId: string, connectionId: string, { people, groups }: Population): Promise<void> {
  for (const person of people) await storePerson(tx, accountId, connectionId, person)
  for (const { id, displayName, externalId, members, createdAt, lastModified } of groups) {
    await insertGroup(tx, {
      account_id: accountId,
      connection_id: connectionId,
      id,
      display_name: displayName,
      display_key: fold(displayName),
      external_id: externalId,
      version: 1,
      created_at: createdAt,
      last_modified: lastModified,
    })
    await addMembers(tx, accountId, connectionId, id, members)
  }
}

async function storePerson(tx: Tx, accountId: string, connectionId: string, person: Person): Promise<void> {
  const { id, document } = person
  const { userName, displayName, externalId } = document
  await insertDirectoryUser(tx, {
    account_id: accountId,
    connection_id: connectionId,
    id,
    user_id: `${connectionId} ${id}`,
    user_name_key: fold(String(userName)),
    external_id: typeof externalId === 'string' ? externalId : null,
    display_key: typeof displayName === 'string' ? fold(displayName) : null,
    desired_active: document.active === true ? 1 : 0,
    manager_id: person.managerId,
    document: JSON.stringify(document),
    folded: JSON.stringify(foldDocument(document, WIDE_SCHEMA)),
    rules_version: 0,
    version: 1,
    created_at: person.createdAt,
    last_modified: person.lastModified,
  })
  const addresses = ((document.emails ?? []) as readonly Document[]).flatMap(({ value }) => value ?? [])
  const keys = addresses.map((address) => fold(String(address)))
  await replaceEmails(tx, accountId, connectionId, id, [], keys)
}
