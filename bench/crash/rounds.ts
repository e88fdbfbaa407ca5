import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type DatabaseLocation, openDatabase } from '../../db/open.js'
import { expectStatus } from '../client.js'
import { type RunningPostgres, startPostgres } from '../postgres.js'
import { say } from '../say.js'
import { tableOf } from '../table.js'
import { type Connection, createConnection, startUsher, type Usher, type UsherOptions } from '../usher.js'
import { startLoad } from './clients.js'
import { compare, type Findings } from './compare.js'
import { type Ledger, openLedger } from './ledger.js'

export interface CrashOptions {
  readonly kills: number
  readonly postgres: boolean
  readonly killDatabase: boolean
  readonly answerEarly: boolean
}

const CONNECTIONS = 16
const GROUPS = 4
/** Fewer than people in the groups, so that seats are handed out, waited for and handed on all the time. */
const SEATS = 60
/** The kill falls somewhere between these. */
const EARLIEST_MS = 300
const LATEST_MS = 3_000
const SHOWN = 10

interface Site {
  readonly server: UsherOptions
  readonly location: DatabaseLocation
  readonly postgres: RunningPostgres | undefined
}

interface Round extends Findings {
  readonly afterMs: number
  readonly acknowledged: number
}

/** Kill a loaded server again and again on one store; prints what was found and resolves to how much was wrong. */
export async function killAndCompare(folder: string, options: CrashOptions): Promise<number> {
  const postgres = options.postgres ? await startPostgres() : undefined
  try {
    const site = siteOf(folder, options, postgres)
    return await killInRounds(site, options, openLedger(CONNECTIONS))
  } finally {
    await postgres?.stop()
  }
}

async function killInRounds(site: Site, options: CrashOptions, ledger: Ledger): Promise<number> {
  const rounds: Round[] = []
  let usher = await startUsher(site.server)
  try {
    const ground = await prepare(usher)
    for (let kill = 1; kill <= options.kills; kill++) {
      const connection = { ...ground.connection, baseUrl: `${usher.origin}/scim/v2/${ground.connection.id}` }
      const killed = await loadAndKill(usher, connection, ground.groups, ledger)
      if (options.killDatabase && kill % 2 === 0) await site.postgres?.crash()
      usher = await startUsher(site.server)
      const findings = await look(site.location, connection, ledger)
      rounds.push({ ...killed, ...findings })
      tell(kill, options.kills, rounds.at(-1)!)
    }
    process.stdout.write(`\n${report(options, rounds, ledger)}\n`)
    return rounds.reduce((sum, { lost, half }) => sum + lost.length + half.length, 0)
  } finally {
    await usher.stop()
  }
}

function siteOf(folder: string, { answerEarly }: CrashOptions, postgres: RunningPostgres | undefined): Site {
  const preload = fileURLToPath(new URL('answer-early.ts', import.meta.url))
  const nodeArgs = answerEarly ? ['--import', 'tsx', '--import', preload] : []
  const location: DatabaseLocation =
    postgres === undefined
      ? { kind: 'sqlite', file: join(folder, 'usher.db') }
      : { kind: 'postgres', url: postgres.url }
  return { server: { dataDir: folder, databaseUrl: postgres?.url, nodeArgs }, location, postgres }
}

/** A connection whose groups give a product with few seats by rule. */
async function prepare(usher: Usher): Promise<{ connection: Connection; groups: string[] }> {
  const connection = await createConnection(usher)
  const account = `/accounts/${connection.accountId}`
  await usher.admin('POST', `${account}/products`, { key: 'meet', name: 'Meet', seats: SEATS })
  const groups: string[] = []
  for (let number = 0; number < GROUPS; number++) {
    const displayName = `Group ${number}`
    const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName }
    const text = await expectStatus(201, 'POST', `${connection.baseUrl}/Groups`, connection.token, body)
    groups.push(JSON.parse(text).id)
  }
  await usher.admin('POST', `${account}/connections/${connection.id}/rules`, {
    condition: 'groups.display sw "Group"',
    effects: { products: [{ key: 'meet' }] },
  })
  return { connection, groups }
}

async function loadAndKill(usher: Usher, connection: Connection, groups: readonly string[], ledger: Ledger) {
  const before = ledger.acknowledged.size
  const load = startLoad(connection, groups, ledger)
  const afterMs = Math.round(EARLIEST_MS + Math.random() * (LATEST_MS - EARLIEST_MS))
  await Promise.race([sleep(afterMs), load.ended])
  if (usher.process.exitCode !== null) throw new Error('the server ended before it was killed')
  const gone = once(usher.process, 'exit')
  usher.process.kill('SIGKILL')
  await Promise.all([gone, load.ended])
  return { afterMs, acknowledged: ledger.acknowledged.size - before }
}

async function look(location: DatabaseLocation, connection: Connection, ledger: Ledger): Promise<Findings> {
  const db = await openDatabase(location)
  try {
    return await compare(db, connection, ledger)
  } finally {
    await db.close()
  }
}

function tell(kill: number, kills: number, { afterMs, acknowledged, lost, half, unanswered }: Round): void {
  say(
    `kill ${kill}/${kills} after ${afterMs} ms: ${acknowledged} acknowledged, ${lost.length} lost, ${half.length} by half; ${unanswered} happened without an answer`,
  )
  for (const text of [...lost.slice(0, SHOWN), ...half.slice(0, SHOWN)]) say(`  ${text}`)
}

function report(options: CrashOptions, rounds: readonly Round[], ledger: Ledger): string {
  const rows = rounds.map(({ afterMs, acknowledged, lost, half, unanswered }, index) =>
    [index + 1, afterMs, acknowledged, lost.length, half.length, unanswered].map(String),
  )
  const sum = (pick: (round: Round) => number) => String(rounds.reduce((total, round) => total + pick(round), 0))
  const totals = [
    'all',
    '',
    sum(({ acknowledged }) => acknowledged),
    sum(({ lost }) => lost.length),
    sum(({ half }) => half.length),
    sum(({ unanswered }) => unanswered),
  ]
  const people = ledger.workers.reduce((count, worker) => count + worker.people.length, 0)
  const place = options.postgres ? `PostgreSQL${options.killDatabase ? ', killed too' : ''}` : 'SQLite'
  const broken = options.answerEarly ? ', answering before COMMIT' : ''
  const head = ['kill', 'after ms', 'acknowledged', 'lost', 'by half', 'happened unanswered']
  return `SIGKILL on ${place}${broken}: ${CONNECTIONS} connections, ${people} people created\n\n${tableOf([head, ...rows, totals])}`
}
