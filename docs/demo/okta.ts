import { randomUUID } from 'node:crypto'
import {
  type DirectoryClient,
  foundId,
  GROUP_URN,
  idOf,
  PATCH_URN,
  type ScimAnswer,
  USER_URN,
} from './directory-client.js'
import { displayNameOf, type Person } from './people.js'

/** Requests in the form in which Okta sends them: profiles as PUT, (de)activation as a PATCH without a path. */

/** "Test Connector Configuration". */
export async function testConnection(line: DirectoryClient): Promise<void> {
  await line.send('GET', '/Users?startIndex=1&count=2', undefined, 200)
  await line.send('GET', '/Groups?startIndex=1&count=100', undefined, 200)
}

/** Look, then create, always with a password. Throws where the answer is not 201. Resolves to the SCIM id. */
export async function pushPerson(line: DirectoryClient, person: Person): Promise<string> {
  const found = foundId(await lookUp(line, 'Users', 'userName', person.address))
  return found ?? idOf(await createPerson(line, person, 201))
}

export function createPerson(line: DirectoryClient, person: Person, status: number): Promise<ScimAnswer> {
  const { givenName, familyName, address, title } = person
  const body = {
    schemas: [USER_URN],
    userName: address,
    name: { givenName, familyName },
    emails: [{ primary: true, value: address, type: 'work' }],
    displayName: displayNameOf(person),
    title,
    locale: 'en-US',
    externalId: `00u${randomUUID().replaceAll('-', '').slice(0, 17)}`,
    groups: [],
    password: randomUUID(),
    active: true,
  }
  return line.send('POST', '/Users', body, status)
}

/** Read the whole user and PUT all of it back with the change, including id, groups and meta. */
export async function updateProfile(line: DirectoryClient, id: string, change: object): Promise<void> {
  const { body } = await line.send('GET', `/Users/${id}`, undefined, 200)
  await line.send('PUT', `/Users/${id}`, { ...body, ...change }, 200)
}

export async function setActive(line: DirectoryClient, id: string, active: boolean): Promise<void> {
  await patch(line, `/Users/${id}`, 200, { op: 'replace', value: { active } })
}

/** Push a group: create it empty, then add its members. Resolves to the SCIM id. */
export async function pushGroup(
  line: DirectoryClient,
  displayName: string,
  members: readonly { readonly value: string; readonly display: string }[],
): Promise<string> {
  const found = foundId(await lookUp(line, 'Groups', 'displayName', displayName))
  const body = { schemas: [GROUP_URN], displayName, members: [] }
  const id = found ?? idOf(await line.send('POST', '/Groups', body, 201))
  await patch(line, `/Groups/${id}`, 204, { op: 'add', path: 'members', value: members })
  return id
}

/** The id stands beside the new name. */
export async function renameGroup(line: DirectoryClient, id: string, displayName: string): Promise<void> {
  await patch(line, `/Groups/${id}`, 204, { op: 'replace', value: { id, displayName } })
}

async function patch(line: DirectoryClient, path: string, status: number, operation: object): Promise<void> {
  await line.send('PATCH', path, { schemas: [PATCH_URN], Operations: [operation] }, status)
}

function lookUp(line: DirectoryClient, endpoint: string, attribute: string, value: string): Promise<ScimAnswer> {
  const filter = encodeURIComponent(`${attribute} eq ${JSON.stringify(value)}`)
  return line.send('GET', `/${endpoint}?filter=${filter}&startIndex=1&count=100`, undefined, 200)
}
