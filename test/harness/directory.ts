import { v7 } from 'uuid'
import { getConnection } from '../../accounts/connections.js'
import type { Deps } from '../../accounts/deps.js'
import { columnsFromDocument, documentFromRow } from '../../accounts/directory-document.js'
import type { DirectoryRequest, Recorded } from '../../accounts/directory-request.js'
import type { DirectoryUser } from '../../accounts/directory-user.js'
import { type DirectoryGroup, provisionGroup } from '../../accounts/provision-group.js'
import { provisionUser } from '../../accounts/provision-user.js'
import { runDueJobs } from '../../accounts/worker.js'
import type { Database } from '../../db/database.js'
import { findLink, insertDirectoryUser } from '../../db/directory-users.js'
import { findUser, insertUser } from '../../db/users.js'
import type { Document } from '../../filter/attribute.js'
import { USER_SCHEMA } from '../../filter/schemas/user.js'

/** Pushes people and groups into a connection as SCIM would, without the wire. */
export interface Directory {
  user(document?: Document): Promise<DirectoryUser>
  group(displayName: string, members?: readonly DirectoryUser[]): Promise<DirectoryGroup>
}

/** `connectionPath` is `/accounts/{a}/connections/{c}`. */
export function directoryOf(deps: Deps, connectionPath: string): Directory {
  const [, , accountId = '', , connectionId = ''] = connectionPath.split('/')
  const request = async (): Promise<DirectoryRequest> => ({
    id: v7(),
    connection: await getConnection(deps.db, accountId, connectionId),
    token: { kind: 'token', id: v7(), last4: 'ab12' },
    http: { method: 'POST', path: `/scim/v2/${connectionId}/Users`, address: '192.0.2.1', userAgent: 'test' },
    startedAt: performance.now(),
    body: '{}',
  })
  return {
    async user(document = {}) {
      const userName = `u${v7().slice(-12)}@example.com`
      const whole = { userName, displayName: 'Ada Lovelace', active: true, ...document }
      return (
        await provisionUser(
          deps,
          await request(),
          () => ({ document: whole, passedOver: [] }),
          (user) => reply({ user }),
        )
      ).user
    },
    async group(displayName, members = []) {
      const input = { displayName, members: members.map(({ id }) => id) }
      const answer = {
        wantsMembers: false,
        *respond(group: DirectoryGroup) {
          yield
          return reply({ group })
        },
      }
      return (await provisionGroup(deps, await request(), input, answer)).group
    },
  }
}

function reply<T extends object>(what: T): T & Recorded {
  return { ...what, status: 201, text: JSON.stringify(what) }
}

/** Run background work until none is due. */
export async function runAllJobs(deps: Deps): Promise<void> {
  const fail = (error: unknown) => {
    throw error
  }
  while (await runDueJobs(deps, fail));
}

/** Many more people like one of a connection, without address, written below the domain because that is fast. */
export async function copyPerson(db: Database, accountId: string, person: DirectoryUser, times: number): Promise<void> {
  const user = await findUser(db, accountId, person.userId)
  const link = await findLink(db, accountId, person.userId)
  if (user === undefined || link === undefined) throw new Error('there is nobody to copy')
  const columns = columnsFromDocument(documentFromRow(link), USER_SCHEMA)
  for (let done = 0; done < times; done += 50) {
    await db.transaction(async (tx) => {
      for (let count = done; count < Math.min(times, done + 50); count++) {
        const userId = v7()
        await insertUser(tx, { ...user, id: userId, email: null, email_key: null, candidate_scim_id: v7() })
        await insertDirectoryUser(tx, {
          ...link,
          ...columns,
          id: v7(),
          user_id: userId,
          user_name_key: `copy-${count}`,
          external_id: null,
        })
      }
    })
  }
}
