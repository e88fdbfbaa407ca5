import type { Change, Filter, Operation, Phone, UserBody } from './operations.js'

/** A user as the RFC lets her be seen, without what only the server knows. */
export interface ModelUser {
  userName: string
  externalId: string | undefined
  title: string | undefined
  nickName: string | undefined
  active: boolean
  phoneNumbers: readonly Phone[]
}

export interface ModelGroup {
  displayName: string
  members: ReadonlySet<string>
}

/** What the server has to answer. */
export interface Expected {
  readonly status: number
  readonly scimType?: string
  /** Id of the resource that is shown, or of each that is found. */
  readonly user?: string
  readonly group?: string
  readonly found?: readonly string[]
}

/**
 * A SCIM server in memory, as simple as RFC 7644 allows, to hold the real one against. Ids are the real ones: they are
 * told by `adopt` when something was made.
 */
export class Model {
  readonly users = new Map<string, ModelUser>()
  readonly groups = new Map<string, ModelGroup>()
  #pinned: { readonly users: readonly string[]; readonly groups: readonly string[] } | undefined

  /** From now on numbers mean those who are there now, whoever comes or goes. */
  pin(): void {
    this.#pinned = { users: [...this.users.keys()], groups: [...this.groups.keys()] }
  }

  copy(): Model {
    const copy = new Model()
    copy.#pinned = this.#pinned
    for (const [id, user] of this.users) copy.users.set(id, { ...user })
    for (const [id, group] of this.groups) copy.groups.set(id, { ...group })
    return copy
  }

  who(index: number): string | undefined {
    return at(this.#pinned?.users ?? [...this.users.keys()], index)
  }

  which(index: number): string | undefined {
    return at(this.#pinned?.groups ?? [...this.groups.keys()], index)
  }

  groupsOf(userId: string): { id: string; name: string }[] {
    const own = [...this.groups].filter(([, { members }]) => members.has(userId))
    return own.map(([id, { displayName }]) => ({ id, name: displayName }))
  }

  /** What follows from an operation; a creation is done by `made` once its id is known. */
  apply(operation: Operation): Expected {
    switch (operation.kind) {
      case 'create':
        return this.#conflict(undefined, operation.body) ?? { status: 201 }
      case 'put':
        return this.#revise(operation.who, (user) => userFrom(operation.body, user.active))
      case 'patch':
        return this.#revise(operation.who, (user) => patched(user, operation.changes))
      case 'delete':
        return this.#remove(this.who(operation.who))
      case 'read':
        return this.#read(operation.who)
      case 'find':
        return { status: 200, found: [...this.users.keys()].filter((id) => this.#matches(id, operation.filter)) }
      case 'createGroup':
        return this.#unknown(operation.members) ?? this.#taken(undefined, operation.name) ?? { status: 201 }
      case 'putGroup':
        return this.#reviseGroup(operation.which, operation.name, operation.members)
      case 'rename':
        return this.#reviseGroup(operation.which, operation.name)
      case 'members':
        return this.#changeMembers(operation)
      case 'deleteGroup':
        return this.#removeGroup(this.which(operation.which))
      case 'readGroup': {
        const group = this.which(operation.which)
        return group === undefined || !this.groups.has(group) ? MISSING : { status: 200, group }
      }
    }
  }

  idsOf(indices: readonly number[]): Set<string> {
    return new Set(indices.map((index) => this.who(index)).filter((id) => id !== undefined))
  }

  made(id: string, operation: Operation): void {
    if (operation.kind === 'create') this.users.set(id, userFrom(operation.body, true))
    if (operation.kind === 'createGroup')
      this.groups.set(id, { displayName: operation.name, members: this.idsOf(operation.members) })
  }

  #read(index: number): Expected {
    const user = this.who(index)
    return user === undefined || !this.users.has(user) ? MISSING : { status: 200, user }
  }

  #revise(index: number, change: (user: ModelUser) => ModelUser | Expected): Expected {
    const id = this.who(index)
    const user = id === undefined ? undefined : this.users.get(id)
    if (id === undefined || user === undefined) return MISSING
    const changed = change(user)
    if ('status' in changed) return changed
    const conflict = this.#conflict(id, changed)
    if (conflict !== undefined) return conflict
    this.users.set(id, changed)
    return { status: 200, user: id }
  }

  #conflict(own: string | undefined, { userName, externalId }: UserBody): Expected | undefined {
    for (const [id, other] of this.users) {
      if (id === own) continue
      if (folded(other.userName) === folded(userName)) return CONFLICT
      if (externalId !== undefined && other.externalId === externalId) return CONFLICT
    }
    return undefined
  }

  #remove(id: string | undefined): Expected {
    if (id === undefined || !this.users.delete(id)) return MISSING
    for (const group of this.groups.values()) group.members = new Set([...group.members].filter((one) => one !== id))
    return { status: 204 }
  }

  #matches(id: string, { attribute, value }: Filter): boolean {
    const user = this.users.get(id)!
    if (attribute === 'active') return user.active === value
    const values =
      attribute === 'phoneNumbers.value'
        ? user.phoneNumbers.map((phone) => phone.value)
        : attribute === 'groups.display'
          ? this.groupsOf(id).map(({ name }) => name)
          : [user[attribute]]
    return values.some((one) => one !== undefined && folded(one) === folded(String(value)))
  }

  #taken(own: string | undefined, name: string): Expected | undefined {
    const others = [...this.groups].filter(([id]) => id !== own)
    return others.some(([, { displayName }]) => folded(displayName) === folded(name)) ? CONFLICT : undefined
  }

  /** Members who are gone (RFC 7644 §3.5.2; docs/conformance.md, 60). */
  #unknown(members: readonly number[]): Expected | undefined {
    return [...this.idsOf(members)].every((id) => this.users.has(id)) ? undefined : INVALID
  }

  #reviseGroup(index: number, name: string, members?: readonly number[]): Expected {
    const id = this.which(index)
    const group = id === undefined ? undefined : this.groups.get(id)
    if (id === undefined || group === undefined) return MISSING
    const refused = this.#taken(id, name) ?? this.#unknown(members ?? [])
    if (refused !== undefined) return refused
    this.groups.set(id, { displayName: name, members: members === undefined ? group.members : this.idsOf(members) })
    return { status: 200, group: id }
  }

  #changeMembers({ which, op, members }: Extract<Operation, { kind: 'members' }>): Expected {
    const id = this.which(which)
    const group = id === undefined ? undefined : this.groups.get(id)
    if (group === undefined) return MISSING
    const named = this.idsOf(members)
    if (op !== 'remove' && this.#unknown(members) !== undefined) return INVALID
    if (op === 'replace') group.members = named
    else if (op === 'add') group.members = new Set([...group.members, ...named])
    else group.members = new Set([...group.members].filter((one) => !named.has(one)))
    return { status: 204 }
  }

  #removeGroup(id: string | undefined): Expected {
    return id !== undefined && this.groups.delete(id) ? { status: 204 } : MISSING
  }
}

const MISSING: Expected = { status: 404 }
const INVALID: Expected = { status: 400, scimType: 'invalidValue' }
const CONFLICT: Expected = { status: 409, scimType: 'uniqueness' }

const folded = (text: string): string => text.toLowerCase()

function at(ids: readonly string[], index: number): string | undefined {
  return ids[index % ids.length]
}

/** `active` stays where it was not sent (docs/conformance.md, 121). */
function userFrom(body: UserBody, active: boolean): ModelUser {
  const { userName, externalId, title, nickName, phoneNumbers = [] } = body
  return { userName, externalId, title, nickName, active: body.active ?? active, phoneNumbers }
}

function patched(user: ModelUser, changes: readonly Change[]): ModelUser | Expected {
  let result = user
  for (const change of changes) {
    if (change.op === 'bad') return { status: 400, scimType: 'invalidPath' }
    result = changed(result, change)
  }
  return result
}

function changed(user: ModelUser, change: Exclude<Change, { op: 'bad' }>): ModelUser {
  if (change.path !== 'phoneNumbers') return { ...user, [change.path]: 'value' in change ? change.value : undefined }
  if (change.op === 'replace') return { ...user, phoneNumbers: change.value }
  if (change.op === 'remove') {
    return { ...user, phoneNumbers: user.phoneNumbers.filter(({ type }) => type !== change.type) }
  }
  const { value } = change
  const isThere = user.phoneNumbers.some((one) => one.value === value.value && one.type === value.type)
  return isThere ? user : { ...user, phoneNumbers: [...user.phoneNumbers, value] }
}
