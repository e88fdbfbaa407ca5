/** What the client was told, noted by the client itself at the moment of the answer. */
export interface Person {
  readonly id: string
  readonly userName: string
  title: string
  active: boolean
  deleted: boolean
  /** Ids of the groups she is in. */
  readonly groups: Set<string>
}

/** A request that was sent and not answered: after a crash it has happened wholly, or not at all. */
export type Pending =
  | { readonly kind: 'create'; readonly userName: string }
  | { readonly kind: 'title'; readonly person: Person; readonly title: string }
  | { readonly kind: 'active'; readonly person: Person; readonly active: boolean }
  | { readonly kind: 'delete'; readonly person: Person }
  | { readonly kind: 'join' | 'leave'; readonly person: Person; readonly group: string }

/** One client: it owns its people, so what it was told last about one of them is what has to be there. */
export interface Worker {
  readonly number: number
  readonly people: Person[]
  pending: Pending | undefined
  created: number
}

export interface Ledger {
  readonly workers: readonly Worker[]
  /** X-Request-Id of every change that was acknowledged, with the SCIM id of whom it was about. */
  readonly acknowledged: Map<string, string>
}

export function openLedger(width: number): Ledger {
  const workers = Array.from({ length: width }, (_, number) => ({ number, people: [], pending: undefined, created: 0 }))
  return { workers, acknowledged: new Map() }
}

/** Take over what a request did: it was acknowledged, or found done after a crash. */
export function settle(worker: Worker, pending: Pending, id: string): void {
  if (pending.kind === 'create') {
    worker.people.push({
      id,
      userName: pending.userName,
      title: 'Engineer',
      active: true,
      deleted: false,
      groups: new Set(),
    })
    return
  }
  const { person } = pending
  if (pending.kind === 'title') person.title = pending.title
  else if (pending.kind === 'active') person.active = pending.active
  else if (pending.kind === 'join') person.groups.add(pending.group)
  else if (pending.kind === 'leave') person.groups.delete(pending.group)
  else {
    person.deleted = true
    person.groups.clear()
  }
}
