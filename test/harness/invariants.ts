import assert from 'node:assert/strict'
import type { Database, Param, Tx } from '../../db/database.js'
import { composed } from '../../db/statement.js'
import { accessViolations } from './invariants-of-access.js'
import { logViolations } from './invariants-of-log.js'

/** Rows of a table of one account, as the database has them. */
export type Rows = <Row>(table: string) => Promise<Row[]>

/**
 * What must hold at any moment in which no transaction is open, whatever ran at the same time and whenever a process
 * died: seats equal licenses, licenses equal grants, grants equal rules, log equals data. Resolves to what does not hold,
 * in words. `accountId` narrows the look to one account.
 */
export function violations(db: Database, now: Date, accountId?: string): Promise<string[]> {
  return db.transaction(async (tx) => {
    // All tables as they stand at one moment, though the servers go on.
    if (tx.dialect.name === 'postgres') await tx.run(composed('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ'), [])
    const found: string[] = []
    for (const account of accountId === undefined ? await accountsOf(tx) : [accountId]) {
      const rows: Rows = (table) => tx.all(composed(`SELECT * FROM ${table} WHERE account_id = ?`), [account])
      for (const check of CHECKS) found.push(...(await offenders(tx, check, account)))
      found.push(...(await accessViolations(tx, rows, account, now)), ...(await logViolations(rows)))
    }
    return found
  })
}

async function accountsOf(tx: Tx): Promise<string[]> {
  const rows = await tx.all<{ account_id: string }>(composed('SELECT account_id FROM accounts'), [])
  return rows.map((row) => row.account_id)
}

/** Rows by one of their columns. */
export function grouped<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group === undefined) groups.set(keyOf(row), [row])
    else group.push(row)
  }
  return groups
}

/** Throws with every violation. */
export async function assertInvariants(db: Database, now: Date, accountId?: string): Promise<void> {
  assert.deepEqual(await violations(db, now, accountId), [])
}

/** Statements that return the offending rows of an account, which is their only parameter. */
interface Check {
  readonly rule: string
  readonly sql: string
}

const OWN_SEAT = `l.state IN ('reserved', 'assigned') AND l.via_product_id IS NULL`
const LICENSES_OF = `FROM licenses l WHERE l.account_id = p.account_id AND l.product_id = p.id`
const OF_PERSON = `d.account_id = t.account_id AND d.connection_id = t.connection_id AND d.id = t.directory_user_id`

const CHECKS: readonly Check[] = [
  {
    rule: 'a pool counts the seats that licenses hold',
    sql: `SELECT p.id, p.used FROM products p
      WHERE p.account_id = ? AND p.used <> (SELECT count(*) ${LICENSES_OF} AND ${OWN_SEAT})`,
  },
  {
    rule: 'a pool counts the seats that are reserved',
    sql: `SELECT p.id, p.reserved FROM products p
      WHERE p.account_id = ? AND p.reserved <> (SELECT count(*) ${LICENSES_OF} AND ${OWN_SEAT} AND l.state = 'reserved')`,
  },
  {
    rule: 'a pool counts the licenses that wait',
    sql: `SELECT p.id, p.waiting FROM products p
      WHERE p.account_id = ? AND p.waiting <> (SELECT count(*) ${LICENSES_OF} AND l.waiting_since IS NOT NULL)`,
  },
  {
    rule: 'no pool gives more seats than it has',
    sql: 'SELECT id, used, seats FROM products WHERE account_id = ? AND used > seats',
  },
  {
    rule: 'nobody waits while a seat is free',
    sql: 'SELECT id, waiting, used, seats FROM products WHERE account_id = ? AND waiting > 0 AND used < seats',
  },
  {
    rule: 'a license waits exactly where it has no seat of its own or of its bundle',
    sql: `SELECT user_id, product_id, state FROM licenses WHERE account_id = ?
      AND (waiting_since IS NOT NULL) <> (state = 'waiting' AND via_product_id IS NULL)`,
  },
  {
    rule: 'a license through a bundle has the state of the bundle',
    sql: `SELECT l.user_id, l.product_id FROM licenses l WHERE l.account_id = ? AND l.via_product_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM licenses b WHERE b.account_id = l.account_id AND b.user_id = l.user_id
        AND b.product_id = l.via_product_id AND b.state = l.state)`,
  },
  {
    rule: 'every license and every grant belongs to a user',
    sql: `SELECT o.user_id FROM (SELECT account_id, user_id FROM licenses UNION SELECT account_id, user_id FROM grants) AS o
      WHERE o.account_id = ? AND NOT EXISTS (SELECT 1 FROM users u WHERE u.account_id = o.account_id AND u.id = o.user_id)`,
  },
  {
    rule: 'whoever is out has no session and no license',
    sql: `SELECT u.id FROM users u WHERE u.account_id = ? AND u.status IN ('suspended', 'deleted') AND (
      EXISTS (SELECT 1 FROM licenses l WHERE l.account_id = u.account_id AND l.user_id = u.id)
      OR EXISTS (SELECT 1 FROM sessions s WHERE s.account_id = u.account_id AND s.user_id = u.id AND s.ended_at IS NULL))`,
  },
  {
    rule: 'a directory user has a live account user with the same desired state',
    sql: `SELECT t.id FROM directory_users t WHERE t.account_id = ? AND NOT EXISTS (SELECT 1 FROM users u
      WHERE u.account_id = t.account_id AND u.id = t.user_id AND u.deleted_at IS NULL AND u.desired_active = t.desired_active)`,
  },
  {
    rule: 'a user has a desired state only while a directory user says it',
    sql: `SELECT u.id FROM users u WHERE u.account_id = ? AND u.desired_active IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM directory_users d WHERE d.account_id = u.account_id AND d.user_id = u.id)`,
  },
  {
    rule: 'no membership without its person',
    sql: `SELECT t.group_id, t.directory_user_id FROM directory_members t WHERE t.account_id = ?
      AND NOT EXISTS (SELECT 1 FROM directory_users d WHERE ${OF_PERSON})`,
  },
  {
    rule: 'no membership without its group, unless a job is removing it',
    sql: `SELECT t.group_id, t.directory_user_id FROM directory_members t WHERE t.account_id = ?
      AND NOT EXISTS (SELECT 1 FROM directory_groups g
        WHERE g.account_id = t.account_id AND g.connection_id = t.connection_id AND g.id = t.group_id)
      AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.account_id = t.account_id AND j.state = 'open' AND j.kind = 'settle')`,
  },
  {
    rule: 'no address in the index of addresses without its person',
    sql: `SELECT t.value_key FROM directory_emails t WHERE t.account_id = ?
      AND NOT EXISTS (SELECT 1 FROM directory_users d WHERE ${OF_PERSON})`,
  },
  {
    rule: 'rules of a connection stand at 1, 2, 3 …',
    sql: `SELECT connection_id FROM mapping_rules WHERE account_id = ? GROUP BY connection_id
      HAVING min(priority) <> 1 OR max(priority) <> count(*) OR count(DISTINCT priority) <> count(*)`,
  },
]

async function offenders(tx: Tx, { rule, sql }: Check, account: Param): Promise<string[]> {
  const rows = await tx.all<object>(composed(sql), [account])
  return rows.slice(0, 5).map((row) => `${rule}: ${JSON.stringify(row)}`)
}
