import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { hashSecret, newSecret } from '../accounts/sessions.js'
import type { Database } from '../db/database.js'
import { insertSession } from '../db/sessions.js'
import { openFresh, routeChangeMs, startBrowser } from './console-browser.js'
import { untilIdle } from './cpu-time.js'
import { fillLog, type Names } from './log.js'
import type { Options } from './options.js'
import { say } from './say.js'
import { median, quantile } from './statistics.js'
import { tableOf, verdict } from './table.js'
import { seedPeople } from './targets.js'
import { type Connection, createConnection, type Usher } from './usher.js'

const WWW = fileURLToPath(new URL('../dist/www', import.meta.url))
const SAMPLES = 7
const MAX_SCRIPT_KB = 250
const ROUTE_MS = 200
const LOG_MS = 500
const USERS_MS = 300
/** What a page does after its content is there. */
const SETTLE_MS = 300

/**
 * How much does the console load, and how long does one wait in it (issue 5; PRODUCT 6.3)? In Chromium, against the server
 * with many people and a million events. `db` is that of `usher`, for seeding.
 */
export async function benchConsole(options: Options, usher: Usher, db: Database): Promise<void> {
  const connection = await createConnection(usher)
  const names = await fillLog(usher, db, connection)
  say(`adding people until there are ${options.consoleUsers.toLocaleString('en')} …`)
  await seedPeople(connection, options.consoleUsers)
  await untilIdle(usher.pid)
  const { browser, context } = await startBrowser(usher.origin, await enter(usher, db, connection))
  try {
    const page = await context.newPage()
    printSize(await firstLoad(page, usher.origin))
    say('changing routes …')
    print(
      'Route changes, from the click to content',
      ROUTE_MS,
      await timesOf(page, usher.origin, routes(connection, names)),
    )
    say('opening views of the log …')
    print('First page of the log, by filter', LOG_MS, await timesOf(page, usher.origin, logViews(connection, names)))
    print('First page of the users', USERS_MS, await timesOf(page, usher.origin, userViews(connection)))
  } finally {
    await browser.close()
  }
}

/** A super admin's session, as signing in makes it; resolves to its secret. */
async function enter(usher: Usher, db: Database, { accountId }: Connection): Promise<string> {
  const person = { email: 'olivia@contoso.example', givenName: 'Olivia', familyName: 'Okafor' }
  const { id } = await usher.admin<{ id: string }>('POST', `/accounts/${accountId}/users`, {
    ...person,
    role: 'super_admin',
    status: 'active',
  })
  const [secret, now] = [newSecret(), Date.now()]
  await db.transaction((tx) =>
    insertSession(tx, {
      account_id: accountId,
      id_hash: hashSecret(secret),
      id: crypto.randomUUID(),
      user_id: id,
      connection_id: null,
      method: 'password',
      name_id: null,
      session_index: null,
      address: null,
      user_agent: null,
      created_at: now,
      expires_at: now + 86_400_000,
      ended_at: null,
      end_reason: null,
    }),
  )
  return secret
}

interface Loaded {
  readonly file: string
  readonly bytes: number
}

/** The scripts that the first page really loads, gzipped. */
async function firstLoad(page: Page, origin: string): Promise<Loaded[]> {
  const files: string[] = []
  page.on('response', (response) => {
    const { pathname } = new URL(response.url())
    if (pathname.endsWith('.js')) files.push(pathname)
  })
  await openFresh(page, `${origin}/`)
  page.removeAllListeners('response')
  return [...new Set(files)].map((file) => ({ file, bytes: gzipSync(readFileSync(`${WWW}${file}`)).length }))
}

function printSize(loaded: readonly Loaded[]): void {
  const rows = loaded
    .toSorted((a, b) => b.bytes - a.bytes)
    .map(({ file, bytes }) => [file.replace('/assets/', ''), kilobytes(bytes), ''])
  const all = loaded.reduce((sum, { bytes }) => sum + bytes, 0)
  const total = ['all', kilobytes(all), verdict(all / 1_000, MAX_SCRIPT_KB, 'less')]
  const table = tableOf([['script of the first load', 'kB gzip', 'target'], ...rows, total])
  process.stdout.write(`\n${table}\n`)
}

const kilobytes = (bytes: number): string => (bytes / 1_000).toFixed(1)

type View = readonly [name: string, address: string]

interface Times {
  readonly name: string
  readonly first: number
  readonly later: readonly number[]
  readonly again: readonly number[]
}

/**
 * Each view from another page of the console: once with everything still to be loaded, then over and over with the page
 * opened anew, so that nothing is compiled and nothing that was read is kept; and each time once more from there.
 */
async function timesOf(page: Page, origin: string, views: readonly View[]): Promise<Times[]> {
  const times: Times[] = []
  for (const [name, address] of views) {
    const all: number[] = []
    const again: number[] = []
    for (let sample = 0; sample < SAMPLES; sample++) {
      await openFresh(page, `${origin}/products`)
      all.push(await routeChangeMs(page, address))
      await page.waitForLoadState('networkidle')
      await routeChangeMs(page, '/products')
      await page.waitForTimeout(SETTLE_MS)
      again.push(await routeChangeMs(page, address))
    }
    times.push({ name, first: all[0] ?? Number.NaN, later: all.slice(1), again })
  }
  return times
}

function print(title: string, target: number, times: readonly Times[]): void {
  const rows = times.map(({ name, first, later, again }) => [
    name,
    first.toFixed(0),
    median(later).toFixed(0),
    quantile(later, 0.95).toFixed(0),
    verdict(median(later), target, 'less'),
    median(again).toFixed(0),
  ])
  const head = [title, 'first ms', 'p50 ms', 'p95 ms', 'target', 'again, p50 ms']
  process.stdout.write(`\n${tableOf([head, ...rows])}\n`)
}

const routes = ({ id }: Connection, { userId }: Names): readonly View[] => [
  ['overview', '/'],
  ['users', '/users'],
  ['a user', `/users/${userId}`],
  ['groups', '/groups'],
  ['connections', '/connections'],
  ['a connection', `/connections/${id}`],
  ['rules', `/rules?connection=${id}`],
  ['log', '/log'],
  ['match requests', '/match-requests'],
  ['roles', '/roles'],
]

const logViews = ({ id }: Connection, names: Names): readonly View[] =>
  [
    ['none', ''],
    ['outcome', 'outcome=failure'],
    ['action', 'action=user.updated'],
    ['source', 'source=scim'],
    ['code', 'code=patch_path'],
    ['status', 'httpStatus=409'],
    ['connection', `connectionId=${id}`],
    ['person', `userId=${names.userId}`],
    ['rule', `ruleId=${names.ruleId}`],
    ['group', `groupId=${names.groupId}`],
    ['text: userName', 'q=log.00000007'],
    ['text: request id', `q=${names.requestId}`],
    ['nothing fits', 'code=no_such_code'],
  ].map(([name = '', words]) => [name, words === '' ? '/log?range=all' : `/log?range=all&${words}`] as const)

const userViews = ({ id }: Connection): readonly View[] => [
  ['all', '/users'],
  ['by text', '/users?q=seed.00000042'],
  ['invited', '/users?status=invited'],
  ['of a connection', `/users?connectionId=${id}`],
  ['by name', '/users?sort=name'],
]
