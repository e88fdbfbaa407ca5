import { ensureInstalled } from './install.mjs'
import { run } from './run.mjs'
import { say } from './say.mjs'

/** What runs where no file is named: everything that is quick, or the suite that is not. */
const SUITES = new Map([
  [
    '--quick',
    [
      'test/**/*.test.ts',
      '--ignore',
      'test/{long,browser}/**',
      '--parallel',
      '--jobs',
      '2',
      '--require',
      './test/harness/global.ts',
    ],
  ],
  ['--long', ['test/long/**/*.test.ts', '--timeout', '600000']],
])

// `npm test`: `npm test -- test/filter/parse.test.ts` runs one file, other options are mocha's.
const [first = '--quick', ...rest] = process.argv.slice(2)
const suite = SUITES.has(first) ? first : '--quick'
const wishes = SUITES.has(first) ? rest : [first, ...rest]
const namesFiles = wishes.some((wish) => wish.endsWith('.ts'))

await ensureInstalled()
say(`running ${namesFiles ? 'the named tests' : `the ${suite.slice(2)} tests`} with mocha …`)
const mocha = [
  'node_modules/mocha/bin/mocha.js',
  '--reporter',
  'scripts/reporter.cjs',
  ...(namesFiles ? [] : SUITES.get(suite)),
  ...wishes,
]
process.exitCode = await run(process.execPath, mocha)
