import type { Check } from './check.js'
import { CHECKS } from './checks.js'
import { Client } from './client.js'
import { type Result, tryCheck } from './run.js'

const USAGE = `npm run conformance -- BASE_URL TOKEN [--only NUMBER,NUMBER]

Tries ${CHECKS.length} checks of RFC 7643 and RFC 7644 against a SCIM server, and prints a table of what does not hold.
It makes users and groups with names of its own and removes them again: give it a tenant for tests.
BASE_URL  such as https://example.com/scim/v2
TOKEN     bearer token of a client that may read and write
Ends with 0 where every check of the level must holds, with 1 where one does not, with 2 where it could not run.`

/** Ends with the exit code that USAGE tells. */
async function main(args: readonly string[]): Promise<number> {
  const only = args.includes('--only') ? (args[args.indexOf('--only') + 1] ?? '') : undefined
  const [baseUrl, token] = args.filter((one, index) => !one.startsWith('--') && args[index - 1] !== '--only')
  if (baseUrl === undefined || token === undefined || !URL.canParse(baseUrl)) {
    process.stdout.write(`${USAGE}\n`)
    return 2
  }
  const numbers = only?.split(',').map(Number)
  const wanted = CHECKS.filter(({ number }) => numbers === undefined || numbers.includes(number))
  const client = new Client(baseUrl, token)
  const results: Result[] = []
  for (const [index, check] of wanted.entries()) {
    if (process.stderr.isTTY)
      process.stderr.write(`\r${index + 1}/${wanted.length} ${check.title.slice(0, 70).padEnd(72)}`)
    results.push(await tryCheck(client, check))
  }
  if (process.stderr.isTTY) process.stderr.write(`\r${' '.repeat(90)}\r`)
  process.stdout.write(`${report(results)}\n`)
  if (results.some(({ verdict }) => verdict === 'broken')) return 2
  return results.some(isFailure) ? 1 : 0
}

const isFailure = ({ verdict, check }: Result) => verdict === 'fail' && check.level === 'must'

function report(results: readonly Result[]): string {
  const lines = results
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ verdict, check, reason }) => lineOf(verdict, check, reason))
  const count = (wanted: (result: Result) => boolean) => results.filter(wanted).length
  const summary = [
    `${count(({ verdict }) => verdict === 'pass')} of ${results.length} checks hold`,
    `${count(isFailure)} that must hold do not`,
    `${count((one) => one.verdict === 'fail' && !isFailure(one))} that should hold do not`,
    `${count(({ verdict }) => verdict === 'not offered')} of what the server does not offer`,
    `${count(({ verdict }) => verdict === 'broken')} could not be tried`,
  ]
  return [...lines, ...(lines.length > 0 ? [''] : []), `${summary.join(', ')}.`].join('\n')
}

function lineOf(verdict: Result['verdict'], { source, number, level, title }: Check, reason: string): string {
  return `${verdict.padEnd(11)} ${level.padEnd(6)} ${source} [${number}] ${title}\n            ${reason}`
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 2
  },
)
