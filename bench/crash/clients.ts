import { type Answer, send } from '../client.js'
import { activePatch, entraUser, userNameOf } from '../people.js'
import type { Connection } from '../usher.js'
import { type Ledger, type Pending, settle, type Worker } from './ledger.js'

const PATCH_URN = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

/** The load while the server lives. */
export interface Load {
  /** Resolves when every client has stopped: at `stop`, or because the server is gone. */
  readonly ended: Promise<void>
  stop(): void
}

/**
 * Clients that create, change, move and delete people without a pause, each one request at a time, and note every answer.
 * An answer that refuses is an error: nothing that is sent here is wrong.
 */
export function startLoad(connection: Connection, groups: readonly string[], ledger: Ledger): Load {
  let stopped = false
  const run = async (worker: Worker): Promise<void> => {
    while (!stopped) {
      const pending = choose(worker, groups)
      worker.pending = pending
      // No answer comes of a server that was killed: what became of it is looked at later, so it stays pending.
      const answer = await request(connection, worker, pending).catch(() => undefined)
      if (answer === undefined) return
      if (answer.status >= 300) throw new Error(`${pending.kind} answered ${answer.status}: ${answer.text}`)
      const id = pending.kind === 'create' ? (JSON.parse(answer.text) as { id: string }).id : pending.person.id
      settle(worker, pending, id)
      worker.pending = undefined
      ledger.acknowledged.set(answer.requestId, subjectOf(pending, id))
    }
  }
  return {
    ended: Promise.all(ledger.workers.map(run)).then(() => undefined),
    stop: () => {
      stopped = true
    },
  }
}

function subjectOf(pending: Pending, id: string): string {
  return pending.kind === 'join' || pending.kind === 'leave' ? pending.group : id
}

function choose(worker: Worker, groups: readonly string[]): Pending {
  const living = worker.people.filter(({ deleted }) => !deleted)
  const person = living[Math.floor(Math.random() * living.length)]
  const dice = Math.random()
  if (person === undefined || dice < 0.3) {
    return { kind: 'create', userName: userNameOf(`worker${worker.number}`, ++worker.created) }
  }
  if (dice < 0.5) return { kind: 'title', person, title: `Title ${Math.random()}` }
  if (dice < 0.7) return { kind: 'active', person, active: !person.active }
  if (dice < 0.75) return { kind: 'delete', person }
  const group = groups[Math.floor(Math.random() * groups.length)]!
  return { kind: person.groups.has(group) ? 'leave' : 'join', person, group }
}

function request({ baseUrl, token }: Connection, worker: Worker, pending: Pending): Promise<Answer> {
  if (pending.kind === 'create') {
    return send('POST', `${baseUrl}/Users`, token, entraUser(`worker${worker.number}`, worker.created))
  }
  const user = `${baseUrl}/Users/${pending.person.id}`
  if (pending.kind === 'delete') return send('DELETE', user, token)
  if (pending.kind === 'active') return send('PATCH', user, token, activePatch(pending.active))
  if (pending.kind === 'title') {
    return send('PATCH', user, token, patchOf({ op: 'replace', path: 'title', value: pending.title }))
  }
  const op = pending.kind === 'join' ? 'add' : 'remove'
  const member = patchOf({ op, path: 'members', value: [{ value: pending.person.id }] })
  return send('PATCH', `${baseUrl}/Groups/${pending.group}`, token, member)
}

function patchOf(operation: object): object {
  return { schemas: [PATCH_URN], Operations: [operation] }
}
