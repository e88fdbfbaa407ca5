import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '../db/database.js'
import { type DatabaseLocation, openDatabase } from '../db/open.js'
import { benchBulk } from './bulk.js'
import { benchConsole } from './console.js'
import { benchGroups } from './groups.js'
import { benchKnown } from './known.js'
import { benchLog } from './log.js'
import { isRequest, type Options, parseOptions, USAGE } from './options.js'
import { startPostgres } from './postgres.js'
import { printHotFunctions } from './profile.js'
import { benchRequests } from './requests.js'
import { benchSaml } from './saml.js'
import { say } from './say.js'
import { slowFsync } from './slow-fsync.js'
import { startUsher, type Usher } from './usher.js'
import { benchWebhooks } from './webhooks.js'

/** `npm run bench`: both servers as processes of their own, measured in turn; nothing outside a temporary folder. */
async function main(args: string[]): Promise<void> {
  if (args.includes('--help')) {
    process.stdout.write(`${USAGE}\n`)
    return
  }
  const options = parseOptions(args)
  const folder = mkdtempSync(join(tmpdir(), 'usher-bench-'))
  try {
    if (options.parts.some(isRequest)) await withUsher(options, folder, ({ usher }) => benchRequests(options, usher))
    if (options.parts.includes('known')) await withUsher(options, folder, ({ usher }) => benchKnown(usher))
    if (options.parts.includes('bulk')) await withUsher(options, folder, ({ usher }) => benchBulk(usher))
    if (options.parts.includes('groups'))
      await withUsher(options, folder, ({ usher, location }) => benchStore(location, (db) => benchGroups(usher, db)))
    if (options.parts.includes('log'))
      await withUsher(options, folder, ({ usher, location }) => benchStore(location, (db) => benchLog(usher, db)))
    if (options.parts.includes('saml')) await withUsher(options, folder, ({ usher }) => benchSaml(options, usher))
    if (options.parts.includes('webhooks'))
      await withUsher(options, folder, ({ usher }) => benchWebhooks(options, usher), {
        USHER_ALLOW_PRIVATE_FETCH: 'on',
      })
    if (options.parts.includes('console'))
      await withUsher(options, folder, ({ usher, location }) =>
        benchStore(location, (db) => benchConsole(options, usher, db)),
      )
    if (options.profile !== undefined) printHotFunctions(options.profile)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function benchStore(location: DatabaseLocation, work: (db: Database) => Promise<void>): Promise<void> {
  const db = await openDatabase(location)
  try {
    await work(db)
  } finally {
    await db.close()
  }
}

interface Ground {
  readonly usher: Usher
  readonly location: DatabaseLocation
}

/** An empty server for the length of `work`. */
async function withUsher(
  options: Options,
  folder: string,
  work: (ground: Ground) => Promise<void>,
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  const profile = options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`]
  const env = { ...slowFsync(options.fsyncMs, folder), ...settings }
  const postgres = options.database === 'postgres' ? await startPostgres() : undefined
  const dataDir = mkdtempSync(join(folder, 'data-'))
  const location: DatabaseLocation =
    postgres === undefined
      ? { kind: 'sqlite', file: join(dataDir, 'usher.db') }
      : { kind: 'postgres', url: postgres.url }
  try {
    const usher = await startUsher({ dataDir, databaseUrl: postgres?.url, env, nodeArgs: profile })
    try {
      await work({ usher, location })
    } finally {
      await usher.stop()
    }
  } finally {
    await postgres?.stop()
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exitCode = 1
})
