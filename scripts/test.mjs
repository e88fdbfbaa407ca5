import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { ensureBuilt } from './build.mjs'
import { CHECKOUT } from './checkout.mjs'
import { ensureInstalled } from './install.mjs'
import { run } from './run.mjs'
import { say } from './say.mjs'

/** One worker more than there are cores: tests wait, too, for PostgreSQL and for time to pass. */
const PARALLEL = ['--parallel', '--jobs', String(availableParallelism() + 1), '--require', './test/harness/global.ts']

/** What runs where no file is named: everything that is quick, or what is not, and what can be done more thoroughly. */
const SUITES = new Map([
  ['--quick', { args: ['test/**/*.test.ts', '--ignore', 'test/{long,browser}/**', ...PARALLEL] }],
  [
    '--long',
    {
      args: ['test/long/**/*.test.ts', ...thoroughSuites(), '--timeout', '600000', ...PARALLEL],
      env: { ...process.env, TEST_THOROUGH: '1' },
    },
  ],
  ['--browser', { args: ['test/browser/**/*.test.ts', '--timeout', '120000'] }],
])

/** The suites that ask test/harness/effort.ts how much to do, themselves or through what defines them. */
function thoroughSuites() {
  const asks = /harness\/effort\.js|forEachDatabaseInTime|forEachFleet/
  const names = readdirSync(join(CHECKOUT, 'test'), { recursive: true }).filter((name) => name.endsWith('.test.ts'))
  return names.map((name) => join('test', name)).filter((file) => asks.test(readFileSync(join(CHECKOUT, file), 'utf8')))
}

// `npm test`: `npm test -- test/filter/parse.test.ts` runs one file, other options are mocha's.
const [first = '--quick', ...rest] = process.argv.slice(2)
const suite = SUITES.has(first) ? first : '--quick'
const wishes = SUITES.has(first) ? rest : [first, ...rest]
const namesFiles = wishes.some((wish) => wish.endsWith('.ts'))

await ensureInstalled()
// A browser is shown the console as it was built; everything else meets the sources.
if (suite === '--browser' || wishes.some((wish) => wish.startsWith('test/browser/'))) await ensureBuilt()
say(`running ${namesFiles ? 'the named tests' : `the ${suite.slice(2)} tests`} with mocha …`)
const { args, env } = SUITES.get(suite)
const mocha = [
  'node_modules/mocha/bin/mocha.js',
  '--reporter',
  'scripts/reporter.cjs',
  ...(namesFiles ? [] : args),
  ...wishes,
]
process.exitCode = await run(process.execPath, mocha, { env })
