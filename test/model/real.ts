import assert from 'node:assert/strict'
import { type Body, GROUP_URN, patchOf, type TestConnection, USER_URN } from '../harness/app.js'
import type { Expected, Model, ModelUser } from './model.js'
import type { Change, Operation, UserBody } from './operations.js'

/** What came back, and what it was for. */
export interface Got {
  readonly status: number
  readonly body: Body
}

/** An operation as a request; undefined where there is nobody yet to whom it could go. */
export function send(
  okta: TestConnection,
  model: Model,
  operation: Operation,
  version?: string,
): Promise<Got> | undefined {
  const userPath = 'who' in operation ? pathOf('Users', model.who(operation.who)) : undefined
  const groupPath = 'which' in operation ? pathOf('Groups', model.which(operation.which)) : undefined
  if (('who' in operation && userPath === undefined) || ('which' in operation && groupPath === undefined))
    return undefined
  const values = (indices: readonly number[]) => [...model.idsOf(indices)].map((value) => ({ value }))
  switch (operation.kind) {
    case 'create':
      return got(okta.post('/Users', userBody(operation.body)))
    case 'put':
      return got(okta.put(userPath!, userBody(operation.body)))
    case 'patch': {
      const request = okta.patch(userPath!, patchOf(...operation.changes.map(patchOperation)))
      return got(version === undefined ? request : request.set('If-Match', version))
    }
    case 'delete':
      return got(okta.delete(userPath!))
    case 'read':
      return got(okta.get(userPath!))
    case 'find': {
      const { attribute, value } = operation.filter
      return got(okta.get(`/Users?filter=${encodeURIComponent(`${attribute} eq ${JSON.stringify(value)}`)}`))
    }
    case 'createGroup':
      return got(okta.post('/Groups', groupBody(operation.name, values(operation.members))))
    case 'putGroup':
      return got(okta.put(groupPath!, groupBody(operation.name, values(operation.members))))
    case 'rename':
      return got(
        okta.patch(
          `${groupPath}?attributes=displayName,members`,
          patchOf({ op: 'replace', path: 'displayName', value: operation.name }),
        ),
      )
    case 'members':
      return got(
        okta.patch(groupPath!, patchOf({ op: operation.op, path: 'members', value: values(operation.members) })),
      )
    case 'deleteGroup':
      return got(okta.delete(groupPath!))
    case 'readGroup':
      return got(okta.get(groupPath!))
  }
}

async function got(request: PromiseLike<{ status: number; body: Body }>): Promise<Got> {
  const { status, body } = await request
  return { status, body }
}

const pathOf = (type: string, id: string | undefined) => (id === undefined ? undefined : `/${type}/${id}`)
const userBody = (body: UserBody) => ({ schemas: [USER_URN], ...body })
const groupBody = (displayName: string, members: object[]) => ({ schemas: [GROUP_URN], displayName, members })

function patchOperation(change: Change): object {
  if (change.op === 'bad') return { op: 'replace', path: 'nonsense', value: 'x' }
  if (change.path !== 'phoneNumbers') return change
  if (change.op === 'remove') return { op: 'remove', path: `phoneNumbers[type eq "${change.type}"]` }
  return { ...change, value: change.op === 'add' ? [change.value] : change.value }
}

/** The answer is what the model says, to the last attribute that it knows of. */
export function assertAnswer(model: Model, expected: Expected, { status, body }: Got): void {
  assert.equal(status, expected.status, JSON.stringify(body))
  if (expected.scimType !== undefined) assert.equal(body.scimType, expected.scimType)
  if (expected.user !== undefined) assertUser(model, expected.user, body)
  if (expected.group !== undefined) assertGroup(model, expected.group, body)
  if (expected.found !== undefined)
    assert.deepEqual(body.Resources.map(({ id }: Body) => id).sort(), [...expected.found].sort())
}

export function assertUser(model: Model, id: string, body: Body): void {
  const { userName, externalId, title, nickName, active, phoneNumbers = [], groups } = body
  assert.equal(body.id, id)
  assert.deepEqual(
    { userName, externalId, title, nickName, active, phoneNumbers } satisfies ModelUser,
    model.users.get(id),
  )
  const shown = groups.map(({ value, display }: Body) => ({ id: value, name: display }))
  assert.deepEqual(sorted(shown), sorted(model.groupsOf(id)))
}

export function assertGroup(model: Model, id: string, body: Body): void {
  const group = model.groups.get(id)
  assert.equal(body.displayName, group?.displayName)
  const members = (body.members ?? []).map(({ value }: Body) => value)
  assert.deepEqual([...members].sort(), [...(group?.members ?? [])].sort())
}

function sorted(list: { id: string; name: string }[]): { id: string; name: string }[] {
  return [...list].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Everything that the server has is what the model has. */
export async function assertSame(okta: TestConnection, model: Model): Promise<void> {
  const { body: users } = await okta.get('/Users?count=1000').expect(200)
  assert.deepEqual(users.Resources.map(({ id }: Body) => id).sort(), [...model.users.keys()].sort())
  for (const user of users.Resources) assertUser(model, user.id, user)
  const { body: groups } = await okta.get('/Groups?count=1000').expect(200)
  assert.deepEqual(groups.Resources.map(({ id }: Body) => id).sort(), [...model.groups.keys()].sort())
  for (const group of groups.Resources) assertGroup(model, group.id, group)
}
