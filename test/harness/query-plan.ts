import Sqlite from 'better-sqlite3'
import pg from 'pg'
import type { DatabaseLocation } from '../../db/open.js'

/** How the database would run each of these statements, one text per statement; nothing is run. */
export async function plansOf(location: DatabaseLocation, texts: readonly string[]): Promise<string[]> {
  if (location.kind === 'postgres') return postgresPlans(location.url, texts)
  if (location.kind === 'sqlite') return sqlitePlans(location.file, texts)
  throw new Error('a throwaway database cannot be opened twice')
}

function sqlitePlans(file: string, texts: readonly string[]): string[] {
  const connection = new Sqlite(file, { readonly: true })
  try {
    return texts.map((text) => {
      const params = Array(text.split('?').length - 1).fill(null)
      const rows = connection.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...params) as { detail: string }[]
      return rows.map((row) => row.detail).join('\n')
    })
  } finally {
    connection.close()
  }
}

/** Small tables are read whole whatever index there is, so reading whole is made dear. */
async function postgresPlans(url: string, texts: readonly string[]): Promise<string[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query(
      'SET enable_seqscan = off; SET enable_bitmapscan = off; SET plan_cache_mode = force_generic_plan',
    )
    const plans: string[] = []
    for (const text of texts) {
      const { rows } = await client.query(`EXPLAIN (GENERIC_PLAN) ${text}`)
      plans.push(rows.map((row: { 'QUERY PLAN': string }) => row['QUERY PLAN']).join('\n'))
    }
    return plans
  } finally {
    await client.end()
  }
}
