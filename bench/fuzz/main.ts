import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { randomFrom, seedFrom } from '../../test/harness/random.js'
import { say } from '../say.js'
import { hunt } from './hunt.js'

const USAGE = `npm run fuzz -- [options]
  --minutes 10       how long
  --seed N           the same choices again
  --only /scim       nothing but addresses that begin so
  --corpus FOLDER    where findings are kept, in place of test/fuzz/corpus`

/**
 * `npm run fuzz`: good requests to every entry point, made into others, are fired at a server on SQLite. Ends with exit
 * code 1 when an answer was wrong, the loop stood still, the log has an error, or the server ended.
 */
async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '10' },
      seed: { type: 'string' },
      only: { type: 'string', default: '/' },
      corpus: { type: 'string', default: fileURLToPath(new URL('../../test/fuzz/corpus/', import.meta.url)) },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(`${USAGE}\n`)
    return
  }
  // What the identity provider of the fuzzer is to sign is often no XML any more, and its parser says so each time.
  console.warn = console.error = () => undefined
  const random = randomFrom(seedFrom(values.seed))
  say(`seed ${random.seed}`)
  // Whoever stops this stops the server too, which is a child of ours.
  let stopped = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => (stopped = true))
  const dataDir = mkdtempSync(join(tmpdir(), 'usher-fuzz-'))
  try {
    const { only, corpus } = values
    const found = await hunt({ minutes: Number(values.minutes), random, only, corpus, dataDir, isOver: () => stopped })
    process.exitCode = found === 0 ? 0 : 1
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exitCode = 1
})
