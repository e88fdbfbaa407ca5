import { findConnectionById } from '../db/connections.js'
import { type Connection, connectionFromRow } from './connection.js'
import type { Deps } from './deps.js'
import { isId } from './id-at.js'

/** The connection that an address names, whoever asks. */
export async function getConnectionById({ db }: Deps, id: string): Promise<Connection | undefined> {
  // What is no id of ours names nothing; PostgreSQL would refuse some of it.
  if (!isId(id)) return undefined
  const row = await findConnectionById(db, id)
  return row === undefined ? undefined : connectionFromRow(row)
}
