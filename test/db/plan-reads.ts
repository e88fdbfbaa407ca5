import Sqlite from 'better-sqlite3'
import pg from 'pg'
import type { DatabaseLocation } from '../../db/open.js'

/** How a plan comes to the rows of one table. */
export interface TableRead {
  readonly table: string
  /** Columns by which an index is entered; none where the table is read whole. */
  readonly columns: readonly string[]
}

export interface Plan {
  readonly text: string
  readonly reads: readonly TableRead[]
  /** Does the database sort, where no index has the order? */
  readonly sorts: boolean
  /** The plan as the database words it. */
  readonly plan: string
}

/**
 * How the database would run each of these statements, for whatever parameters come: PostgreSQL as a prepared statement
 * that is run often, SQLite as it always plans. Nothing is run.
 */
export async function readsOf(location: DatabaseLocation, texts: readonly string[]): Promise<Plan[]> {
  if (location.kind === 'postgres') return postgresReads(location.url, texts)
  if (location.kind === 'sqlite') return sqliteReads(location.file, texts)
  throw new Error('a throwaway database cannot be opened twice')
}

function sqliteReads(file: string, texts: readonly string[]): Plan[] {
  const connection = new Sqlite(file, { readonly: true })
  const tables = new Set(connection.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).pluck().all())
  try {
    return texts.map((text) => {
      const params = Array(text.split('?').length - 1).fill(null)
      const rows = connection.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...params) as { detail: string }[]
      const aliases = aliasesOf(text)
      // What the statement itself made may be called like a table elsewhere in it.
      const made = new Set(rows.flatMap(({ detail }) => /^(?:CO-ROUTINE|MATERIALIZE) (\w+)$/.exec(detail)?.[1] ?? []))
      const reads = rows.flatMap(({ detail }) => {
        if (detail.startsWith('SCAN ') && made.has(detail.slice(5))) return []
        const [, name = ''] = /^(?:SCAN|SEARCH) (\w+)/.exec(detail) ?? []
        const table = tables.has(name) ? name : aliases.get(name)
        if (table === undefined || !tables.has(table)) return []
        const [, condition = ''] = /\(([^()]*)\)(?: LEFT-JOIN)?$/.exec(detail) ?? []
        return [{ table, columns: [...condition.matchAll(/(\w+)[=<>]/g)].map(([, column = '']) => column) }]
      })
      const plan = rows.map(({ detail }) => detail).join('\n')
      return { text, reads, sorts: plan.includes('USE TEMP B-TREE FOR ORDER BY'), plan }
    })
  } finally {
    connection.close()
  }
}

/** What a statement calls its tables. */
function aliasesOf(text: string): Map<string, string> {
  const named = text.matchAll(/\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)(?:\s+INDEXED BY \w+)?(?:\s+AS)?\s+(\w+)/g)
  return new Map([...named].map(([, table = '', alias = '']) => [alias, table]))
}

interface Node {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly Filter?: string
  readonly 'Sort Key'?: readonly string[]
  readonly 'Index Cond'?: string
  readonly 'Recheck Cond'?: string
  readonly Plans?: readonly Node[]
}

interface Index {
  readonly name: string
  readonly table: string
  /** In the order of the index. */
  readonly columns: readonly string[]
}

const INDEXES = `SELECT c.relname AS name, t.relname AS "table",
    ARRAY(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY AS k(attnum, place)
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum ORDER BY k.place) AS columns
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
  WHERE c.relnamespace = 'public'::regnamespace`

/** Entered is what stands first in the index without a gap; PostgreSQL can skip over a gap, which costs what is there. */
function readOf(node: Node, indexes: ReadonlyMap<string, Index>): TableRead[] {
  const index = indexes.get(node['Index Name'] ?? '')
  if (index !== undefined) {
    const named = [...(node['Index Cond'] ?? '').matchAll(/\((\w+) (?:=|[<>]=?) /g)].map(([, column = '']) => column)
    const gap = index.columns.findIndex((column) => !named.includes(column))
    return [{ table: index.table, columns: gap === -1 ? index.columns : index.columns.slice(0, gap) }]
  }
  const { 'Relation Name': table, 'Node Type': type } = node
  return table === undefined || /ModifyTable|Bitmap Heap Scan/.test(type) ? [] : [{ table, columns: [] }]
}

async function postgresReads(url: string, texts: readonly string[]): Promise<Plan[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    // A small table is best read whole. Where every row is dear, it does what it does when the table is large.
    await client.query('SET cpu_tuple_cost = 1; SET cpu_index_tuple_cost = 1')
    await client.query('SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off')
    const indexes = new Map((await client.query<Index>(INDEXES)).rows.map((index) => [index.name, index]))
    const plans: Plan[] = []
    for (const text of texts) {
      const { rows } = await client.query(`EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${text}`)
      const nodes = nodesOf(rows[0]['QUERY PLAN'][0].Plan as Node)
      const reads = nodes.flatMap((node) => readOf(node, indexes))
      const sorts = nodes.some((node) => /Sort/.test(node['Node Type']))
      plans.push({ text, reads, sorts, plan: nodes.map(lineOf).join('\n') })
    }
    return plans
  } finally {
    await client.end()
  }
}

function lineOf(node: Node): string {
  const words = [
    'Node Type',
    'Relation Name',
    'Index Name',
    'Index Cond',
    'Recheck Cond',
    'Filter',
    'Sort Key',
  ] as const
  return words.flatMap((word) => node[word] ?? []).join(' · ')
}

function nodesOf(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)]
}
