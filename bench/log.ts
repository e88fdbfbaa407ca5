import type { Database, Tx } from '../db/database.js'
import { composed } from '../db/statement.js'
import { expectStatus, hangUp, send } from './client.js'
import { untilIdle } from './cpu-time.js'
import { activePatch, entraUser } from './people.js'
import { say } from './say.js'
import { median, quantile } from './statistics.js'
import { tableOf, verdict } from './table.js'
import { type Connection, createConnection, type Usher } from './usher.js'

const EVENTS = 1_000_000
const PEOPLE = 40
/** Every so many copies one keeps its person; the others belong to people of whom there is nothing else. */
const OWN_EVERY = 100
const OTHERS = 50_000
const SAMPLES = 50
const TARGET_MS = 20
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

/** How long does a search of the log take at a million events (DESIGN 4, Events)? `db` is that of `usher`, for seeding. */
export async function benchLog(usher: Usher, db: Database): Promise<void> {
  const connection = await createConnection(usher)
  const names = await fillLog(usher, db, connection)
  say('searching …')
  const queries = await queriesOf(usher, connection, names)
  const times = queries.map((): number[] => [])
  for (let sample = 0; sample < SAMPLES; sample++)
    for (const [index, [, query]] of queries.entries()) {
      const start = performance.now()
      await search(usher, connection, query)
      times[index]!.push(performance.now() - start)
    }
  const rows = queries.map(([name], index) => {
    const own = times[index]!
    return [name, median(own).toFixed(2), quantile(own, 0.95).toFixed(2), verdict(median(own), TARGET_MS, 'less')]
  })
  const title = `${EVENTS.toLocaleString('en')} events, pages of 50, one request at a time`
  process.stdout.write(`\n${title}\n\n${tableOf([['filter', 'p50 ms', 'p95 ms', 'target'], ...rows])}\n`)
}

/** Fill the log of a connection's account: a day's work of a directory, copied until there are a million events. */
export async function fillLog(usher: Usher, db: Database, connection: Connection): Promise<Names> {
  const names = await work(usher, connection)
  await untilIdle(usher.pid)
  say(`copying what happened until there are ${EVENTS.toLocaleString('en')} events …`)
  await multiply(db, connection.accountId)
  hangUp()
  return names
}

/** What the log can be asked for by name. */
export interface Names {
  readonly userId: string
  readonly ruleId: string
  readonly groupId: string
  readonly requestId: string
}

/** What a directory sends on a day: people, a group that a rule looks at, changes, refusals. */
async function work(usher: Usher, { accountId, id, baseUrl, token }: Connection): Promise<Names> {
  const post = async (path: string, body: object) =>
    JSON.parse(await expectStatus(201, 'POST', `${baseUrl}${path}`, token, body))
  const account = `/accounts/${accountId}`
  await usher.admin('POST', `${account}/products`, { key: 'meet', name: 'Meet', seats: 1_000 })
  const effects = { products: [{ key: 'meet' }] }
  const rule = { condition: 'groups.display eq "Sales"', effects }
  const { id: ruleId } = await usher.admin<{ id: string }>('POST', `${account}/connections/${id}/rules`, rule)
  const people: { id: string }[] = []
  for (let number = 0; number < PEOPLE; number++) people.push(await post('/Users', entraUser('log', number)))
  const members = people.map((person) => ({ value: person.id }))
  const group = await post('/Groups', { schemas: [GROUP], displayName: 'Sales', members })
  const wrong = { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'nope', value: 1 }] }
  let requestId = ''
  for (const [number, person] of people.entries()) {
    await send('POST', `${baseUrl}/Users`, token, entraUser('log', number))
    await send('PATCH', `${baseUrl}/Users/${person.id}`, token, wrong)
    for (const active of [false, true]) {
      const answer = await send('PATCH', `${baseUrl}/Users/${person.id}`, token, activePatch(active))
      requestId = answer.requestId
    }
  }
  const { items } = await usher.admin<{ items: { id: string }[] }>('GET', `${account}/users?q=log.00000007`)
  return { userId: items[0]!.id, ruleId, groupId: group.id, requestId }
}

/**
 * Rows as the server wrote them, again and again, older each time: an id is the time of a copy in milliseconds and the
 * number of its row, in the shape of a UUID of version 7.
 */
async function multiply(db: Database, accountId: string): Promise<void> {
  const isSqlite = db.dialect.name === 'sqlite'
  const hex = (value: string, digits: number) =>
    isSqlite ? `printf('%0${digits}x', ${value})` : `lpad(to_hex(${value}), ${digits}, '0')`
  const row = await db.get<{ count: number }>(composed('SELECT count(*) AS count FROM events'), [])
  const copies = Math.ceil(EVENTS / Number(row!.count))
  const before = Date.now() - 60_000
  const time = hex(`(${before} - CAST(c.i AS BIGINT) * 1000)`, 12)
  const id = `substr(${time}, 1, 8) || '-' || substr(${time}, 9, 4) || '-7000-8000-' || ${hex('s.number', 12)}`
  const user = `CASE WHEN s.user_id IS NULL OR c.i % ${OWN_EVERY} = 0 THEN s.user_id ELSE 'x' || (c.i % ${OTHERS}) END`
  await db.transaction(async (tx) => {
    await run(
      tx,
      accountId,
      'CREATE TEMP TABLE copies AS',
      `WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < ${copies}),
        s AS (SELECT id, row_number() OVER (ORDER BY id) AS number FROM events WHERE account_id = ?)
      SELECT ${id} AS copy, s.id AS source, c.i AS i FROM s CROSS JOIN c`,
    )
    await run(
      tx,
      accountId,
      'INSERT INTO events (account_id, id, parent_id, facet_id, user_id, occurred_at, detail)',
      `SELECT s.account_id, c.copy, CASE WHEN s.parent_id IS NULL THEN NULL ELSE c.copy END, s.facet_id, ${user},
        ${before} - CAST(c.i AS BIGINT) * 1000, s.detail FROM copies c JOIN events s ON s.account_id = ? AND s.id = c.source`,
    )
    await run(
      tx,
      accountId,
      'INSERT INTO event_refs (account_id, ref, event_id)',
      'SELECT r.account_id, r.ref, copies.copy FROM event_refs r JOIN copies ON copies.source = r.event_id WHERE r.account_id = ?',
    )
  })
  if (!isSqlite) await db.run(composed('VACUUM (ANALYZE)'), [])
}

function run(tx: Tx, accountId: string, head: string, rows: string) {
  return tx.run(composed(`${head} ${rows}`), [accountId])
}

function search({ admin }: Usher, { accountId }: Connection, query: string): Promise<{ nextCursor?: string }> {
  return admin('GET', `/accounts/${accountId}/events?limit=50${query}`)
}

/** Every filter of PRODUCT 3.2, and pages far from the first. */
async function queriesOf(usher: Usher, connection: Connection, names: Names): Promise<[name: string, query: string][]> {
  const from = new Date(Date.now() - 3_600_000).toISOString()
  const to = new Date(Date.now() - 600_000).toISOString()
  let cursor = ''
  for (let page = 0; page < 20; page++) {
    const { nextCursor } = await search(usher, connection, cursor)
    cursor = `&cursor=${nextCursor}`
  }
  return [
    ['none', ''],
    ['none, page 20', cursor],
    ['window', `&from=${from}&to=${to}`],
    ['outcome=failure', '&outcome=failure'],
    ['action=user.updated', '&action=user.updated'],
    ['source=scim', '&source=scim'],
    ['code=patch_path', '&code=patch_path'],
    ['httpStatus=409', '&httpStatus=409'],
    ['connection', `&connectionId=${connection.id}`],
    ['person', `&userId=${names.userId}`],
    ['person and outcome', `&userId=${names.userId}&outcome=failure`],
    ['text: userName', '&q=log.00000007'],
    ['text: a word of many', '&q=ada'],
    ['text: request id', `&q=${names.requestId}`],
    ['request', `&correlationId=${names.requestId}`],
    ['rule', `&ruleId=${names.ruleId}`],
    ['group', `&groupId=${names.groupId}`],
    ['rule in a window', `&ruleId=${names.ruleId}&from=${from}&to=${to}`],
    ['nothing fits', '&code=no_such_code&outcome=failure'],
  ]
}
