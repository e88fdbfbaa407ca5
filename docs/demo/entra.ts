import { randomUUID } from 'node:crypto'
import {
  type DirectoryClient,
  ENTERPRISE_URN,
  foundId,
  GROUP_URN,
  idOf,
  PATCH_URN,
  type ScimAnswer,
  USER_URN,
} from './directory-client.js'
import { displayNameOf, type Person } from './people.js'

/** Requests in the form in which Microsoft Entra ID sends them. Entra never sends PUT, and never reads members back. */

/** One operation as the default dialect writes it: words with a capital, booleans as text. */
export interface Operation {
  readonly op: 'Add' | 'Replace' | 'Remove'
  readonly path: string
  readonly value?: unknown
}

/** "Test connection": a look-up of somebody who cannot exist has to find nobody. */
export async function testConnection(line: DirectoryClient): Promise<void> {
  await lookUp(line, 'Users', 'userName', randomUUID())
}

/** Look first; create only whom the look-up does not find, else change what differs. Resolves to the SCIM id. */
export async function pushPerson(line: DirectoryClient, person: Person): Promise<string> {
  const found = foundId(await lookUp(line, 'Users', 'userName', person.address))
  if (found === undefined) return idOf(await createPerson(line, person, 201))
  await patchPerson(line, found, [
    { op: 'Add', path: 'externalId', value: randomUUID() },
    { op: 'Replace', path: 'active', value: 'True' },
    { op: 'Replace', path: 'displayName', value: displayNameOf(person) },
    { op: 'Add', path: 'title', value: person.title },
    { op: 'Add', path: `${ENTERPRISE_URN}:department`, value: person.department },
  ])
  return found
}

/** A POST with nulls for what has no value, as Microsoft's samples have them. */
export function createPerson(line: DirectoryClient, person: Person, status: number): Promise<ScimAnswer> {
  return line.send('POST', '/Users', userOf(person), status)
}

export function userOf(person: Person): object {
  const { givenName, familyName, address, title, department } = person
  const displayName = displayNameOf(person)
  return {
    schemas: [USER_URN, ENTERPRISE_URN],
    externalId: randomUUID(),
    userName: address,
    active: 'True',
    addresses: null,
    displayName,
    emails: [{ primary: true, type: 'work', value: address }],
    meta: { resourceType: 'User' },
    name: { formatted: displayName, familyName, givenName },
    phoneNumbers: null,
    title,
    roles: [],
    [ENTERPRISE_URN]: { department, manager: null },
  }
}

export async function patchPerson(line: DirectoryClient, id: string, operations: readonly Operation[]): Promise<void> {
  await line.send('PATCH', `/Users/${id}`, { schemas: [PATCH_URN], Operations: operations }, 200)
}

/** Groups are created empty. Resolves to the SCIM id. */
export async function pushGroup(line: DirectoryClient, displayName: string): Promise<string> {
  const found = foundId(await lookUp(line, 'Groups', 'displayName', displayName, 'excludedAttributes=members&'))
  if (found !== undefined) return found
  const schemas = [GROUP_URN, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group']
  const body = { schemas, externalId: randomUUID(), displayName, meta: { resourceType: 'Group' } }
  return idOf(await line.send('POST', '/Groups', body, 201))
}

export async function addMembers(
  line: DirectoryClient,
  groupId: string,
  ids: readonly string[],
  status = 204,
): Promise<void> {
  const value = ids.map((id) => ({ $ref: null, value: id }))
  const body = { schemas: [PATCH_URN], Operations: [{ op: 'Add', path: 'members', value }] }
  await line.send('PATCH', `/Groups/${groupId}`, body, status)
}

function lookUp(
  line: DirectoryClient,
  endpoint: string,
  attribute: string,
  value: string,
  query = '',
): Promise<ScimAnswer> {
  const filter = encodeURIComponent(`${attribute} eq ${JSON.stringify(value)}`).replaceAll('%20', '+')
  return line.send('GET', `/${endpoint}?${query}filter=${filter}`, undefined, 200)
}
