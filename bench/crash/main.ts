import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { say } from '../say.js'
import { killAndCompare } from './rounds.js'

const USAGE = `npm run crash -- [options]
  --kills 10         how often the server is killed
  --postgres         on PostgreSQL in place of SQLite
  --kill-database    kill PostgreSQL too, in every second round
  --answer-early     break the server: it answers before COMMIT. Losses must be found`

/**
 * `npm run crash`: a server under load is killed at random moments, and what it had acknowledged is looked for.
 * Ends with exit code 1 when something was lost or is there by half.
 */
async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      kills: { type: 'string', default: '10' },
      postgres: { type: 'boolean', default: false },
      'kill-database': { type: 'boolean', default: false },
      'answer-early': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(`${USAGE}\n`)
    return
  }
  const folder = mkdtempSync(join(tmpdir(), 'usher-crash-'))
  try {
    const wrong = await killAndCompare(folder, {
      kills: Number(values.kills),
      postgres: values.postgres || values['kill-database'],
      killDatabase: values['kill-database'],
      answerEarly: values['answer-early'],
    })
    process.exitCode = wrong === 0 ? 0 : 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exitCode = 1
})
