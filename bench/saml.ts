import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { inParallel } from './client.js'
import { cpuMs, untilIdle } from './cpu-time.js'
import { beginLogins, finishLogin, type SamlGround, samlGround, type WaitingLogin } from './logins.js'
import type { Options } from './options.js'
import type { ReadLatency, ReadOrder } from './read-latency.js'
import { say } from './say.js'
import { median, quantile } from './statistics.js'
import { tableOf, verdict } from './table.js'
import type { Usher } from './usher.js'
import type { VerifyOrder } from './verify-saml.js'

const PEOPLE = 400
const LOGINS = 200
/** Logins that are under way at the same time where their cost is measured. */
const WIDTH = 8
/** At most so much more CPU than node-saml takes to verify the same responses. */
const MAX_CPU_RATIO = 1.6
/** By so much at most do waiting logins delay reads. */
const MAX_DELAY_MS = 50
const QUIET_MS = 1_500
/** Until what a login runs through is compiled; node-saml alone is there sooner. */
const WARM_UP_ROUNDS = 3

interface Round {
  readonly loginMs: number
  readonly verifyMs: number
  readonly quiet: ReadLatency
  readonly busy: ReadLatency
}

/**
 * Measure what a login costs, from the signed response to the landing page, against node-saml's verification of the same
 * responses in a process of its own, and how long SCIM reads take while logins wait. All in every round.
 */
export async function benchSaml(options: Options, usher: Usher): Promise<void> {
  const ground = await samlGround(usher, PEOPLE)
  const verifier = startVerifier(ground)
  try {
    say('warming up …')
    for (let number = 1; number <= WARM_UP_ROUNDS; number++) await runRound(ground, usher, verifier, true)
    const rounds: Round[] = []
    for (let number = 1; number <= options.rounds; number++) {
      const round = await runRound(ground, usher, verifier, number % 2 === 0)
      rounds.push(round)
      say(`round ${number}/${options.rounds}  ${progress(round)}`)
    }
    const store = options.database === 'sqlite' ? 'SQLite' : 'PostgreSQL'
    process.stdout.write(`\nSign-in on ${store}: ${options.rounds} rounds of ${LOGINS} logins\n\n${report(rounds)}\n`)
  } finally {
    verifier.kill()
  }
}

/** Each goes first every other time, so that neither profits from the order. */
async function runRound(ground: SamlGround, usher: Usher, verifier: ChildProcess, first: boolean): Promise<Round> {
  const logins = await beginLogins(ground, LOGINS)
  const verify = () => cpuPer(verifier.pid!, LOGINS, () => verifyAll(verifier, logins))
  const early = first ? await verify() : undefined
  const loginMs = await cpuPer(usher.pid, LOGINS, () =>
    inParallel(logins, (login) => finishLogin(ground, login), WIDTH),
  )
  const verifyMs = early ?? (await verify())
  const quiet = await readingWhile(ground, () => sleep(QUIET_MS))
  const waiting = await beginLogins(ground, LOGINS)
  await untilIdle(usher.pid)
  const busy = await readingWhile(ground, () => inParallel(waiting, (login) => finishLogin(ground, login), LOGINS))
  return { loginMs, verifyMs, quiet, busy }
}

/** CPU milliseconds of a process for one of `count` parts of some work. */
async function cpuPer(pid: number, count: number, work: () => Promise<unknown>): Promise<number> {
  await untilIdle(pid)
  const before = cpuMs(pid)
  await work()
  await untilIdle(pid)
  const after = cpuMs(pid)
  if (before === undefined || after === undefined) throw new Error('CPU time is read from /proc, which is not at hand')
  return (after - before) / count
}

function startVerifier({ sp, idp }: SamlGround): ChildProcess {
  const child = forked('verify-saml.ts')
  const order: VerifyOrder = { settings: { ...sp, certificate: idp.key.certificate } }
  child.send(order)
  return child
}

async function verifyAll(verifier: ChildProcess, logins: readonly WaitingLogin[]): Promise<void> {
  const order: VerifyOrder = { responses: logins.map(({ samlResponse }) => samlResponse) }
  verifier.send(order)
  const [accepted] = await once(verifier, 'message')
  if (accepted !== logins.length) throw new Error(`node-saml accepted ${accepted} of ${logins.length} responses`)
}

async function readingWhile({ connection, ids }: SamlGround, work: () => Promise<unknown>): Promise<ReadLatency> {
  const reader = forked('read-latency.ts')
  const order: ReadOrder = { urls: ids.map((id) => `${connection.baseUrl}/Users/${id}`), token: connection.token }
  reader.send(order)
  // Until it has started, compiled what it runs, and opened its connections.
  await sleep(QUIET_MS)
  reader.send('count')
  await work()
  reader.send('stop')
  const [report] = (await once(reader, 'message')) as [ReadLatency]
  return report
}

function forked(file: string): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), { execArgv: ['--import', 'tsx'] })
}

function progress({ loginMs, verifyMs, quiet, busy }: Round): string {
  const ratio = (loginMs / verifyMs).toFixed(2)
  const reads = `reads p99 ${quiet.p99Ms.toFixed(1)} ms, with ${LOGINS} waiting ${busy.p99Ms.toFixed(1)} ms`
  return `CPU ${loginMs.toFixed(2)} ms, node-saml ${verifyMs.toFixed(2)} ms, ratio ${ratio}; ${reads}`
}

function report(rounds: readonly Round[]): string {
  const row = (title: string, digits: number, limit: number | undefined, pick: (round: Round) => number) => {
    const values = rounds.map(pick)
    const at = (share: number) => quantile(values, share).toFixed(digits)
    const target = limit === undefined ? '' : verdict(median(values), limit, 'less')
    return [title, at(0.5), target, `${at(0.25)}–${at(0.75)}`, `${at(0)}–${at(1)}`]
  }
  return tableOf([
    ['sign-in', 'median', 'target', 'quartiles', 'range'],
    row('CPU of a login / of node-saml', 2, MAX_CPU_RATIO, ({ loginMs, verifyMs }) => loginMs / verifyMs),
    row('CPU of a login, ms', 2, undefined, ({ loginMs }) => loginMs),
    row("CPU of node-saml's verification, ms", 2, undefined, ({ verifyMs }) => verifyMs),
    row(`SCIM reads p99 later by, ms`, 1, MAX_DELAY_MS, ({ quiet, busy }) => busy.p99Ms - quiet.p99Ms),
    row('SCIM reads p50 / quiet, ms', 1, undefined, ({ quiet }) => quiet.p50Ms),
    row('SCIM reads p99 / quiet, ms', 1, undefined, ({ quiet }) => quiet.p99Ms),
  ])
}
