import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Measurement, measure } from './measure.js'
import type { Options } from './options.js'
import { say } from './say.js'
import { median, quantile } from './statistics.js'
import { tableOf, verdict } from './table.js'
import { type Connection, createConnection, type Usher } from './usher.js'

/** As many as an identity provider opens at most, and one, whose answers show what a single write waits for. */
const WIDTHS = [16, 1] as const
/** A webhook may cost a write so much of its rate. */
const MAX_COST = 0.05
const WARM_UP_SECONDS = 2
/** Nothing came for so long: nothing is on its way any more. */
const QUIET_MS = 2_000
const LOOK_MS = 50

interface Round {
  readonly none: Measurement
  readonly one: Measurement
  /** From the end of the measurement until the last event came. */
  readonly lagMs: number
}

/** What is measured: people created over a connection, and where their series goes on. */
interface Side {
  readonly connection: Connection
  readonly series: string
  offset: number
}

/** `POST /Users` of an account whose one webhook has a live receiver, against one without, in turn in every round. */
export async function benchWebhooks(options: Options, usher: Usher): Promise<void> {
  const sink = fork(fileURLToPath(new URL('webhook-sink.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] })
  try {
    const [port] = (await once(sink, 'message')) as [number]
    const none: Side = { connection: await createConnection(usher), series: 'none', offset: 1 }
    const one: Side = { connection: await createConnection(usher), series: 'hook', offset: 1 }
    const path = `/accounts/${one.connection.accountId}/webhooks`
    await usher.admin('POST', path, { url: `http://127.0.0.1:${port}/hook` })
    say('warming up …')
    for (const side of [none, one]) await run(usher, side, WIDTHS[0], WARM_UP_SECONDS)
    await drained(sink)
    const rounds = WIDTHS.map((): Round[] => [])
    for (let number = 1; number <= options.rounds; number++)
      for (const [index, width] of WIDTHS.entries()) {
        const round = await runRound({ usher, sink, none, one, width, seconds: options.seconds }, number % 2 === 0)
        rounds[index]!.push(round)
        say(`round ${number}/${options.rounds}  ${width} at a time: ${progress(round)}`)
      }
    const taken = await counted(sink)
    // The last requests of each measurement, warm-up included, may have been cut off before they were sent.
    const least = one.offset - 1 - WIDTHS[0] * (WIDTHS.length * options.rounds + 1)
    if (taken < least) throw new Error(`the webhook was sent ${taken} of ${least} events`)
    const store = options.database === 'sqlite' ? 'SQLite' : 'PostgreSQL'
    const title = `POST /Users with a webhook and without, on ${store}: ${options.rounds} rounds of ${options.seconds} s; ${taken} events delivered`
    process.stdout.write(`\n${title}\n\n${report(rounds)}\n`)
  } finally {
    sink.kill()
  }
}

interface Order {
  readonly usher: Usher
  readonly sink: ChildProcess
  readonly none: Side
  readonly one: Side
  readonly width: number
  readonly seconds: number
}

/** Each goes first every other time, so that neither profits from the order; and neither while events of before come. */
async function runRound({ usher, sink, none, one, width, seconds }: Order, swapped: boolean): Promise<Round> {
  const early = swapped ? undefined : await run(usher, none, width, seconds)
  const measured = await run(usher, one, width, seconds)
  const lagMs = await drained(sink)
  return { none: early ?? (await run(usher, none, width, seconds)), one: measured, lagMs }
}

async function run(usher: Usher, side: Side, connections: number, seconds: number): Promise<Measurement> {
  const { baseUrl, token } = side.connection
  const { series, offset } = side
  const plan = { scenario: 'post', baseUrl, token, connections, seconds, ids: [], series, offset } as const
  const measured = await measure(usher.pid, plan)
  if (measured.failed > 0) throw new Error(`${measured.failed} requests failed`)
  side.offset = measured.offset
  return measured
}

/** Resolves once nothing more comes, to when the last event came, in milliseconds from now. */
async function drained(sink: ChildProcess): Promise<number> {
  const begun = performance.now()
  let last = 0
  let taken = await counted(sink)
  while (performance.now() - begun - last < QUIET_MS) {
    await sleep(LOOK_MS)
    const now = await counted(sink)
    if (now > taken) last = performance.now() - begun
    taken = now
  }
  return last
}

async function counted(sink: ChildProcess): Promise<number> {
  sink.send('count')
  const [taken] = (await once(sink, 'message')) as [number]
  return taken
}

function progress({ none, one, lagMs }: Round): string {
  const rates = `${none.perSecond.toFixed(0)}/s without, ${one.perSecond.toFixed(0)}/s with a webhook`
  return `${rates}, the last event ${(lagMs / 1000).toFixed(1)} s later`
}

function report(rounds: readonly (readonly Round[])[]): string {
  const rows = rounds.map((measured, index) => {
    const costs = measured.map(({ none, one }) => 1 - one.perSecond / none.perSecond)
    const of = (pick: (round: Round) => number) => median(measured.map(pick))
    const percent = (cost: number) => (100 * cost).toFixed(1)
    return [
      `${WIDTHS[index]} at a time`,
      `${percent(median(costs))} %`,
      verdict(median(costs), MAX_COST, 'less'),
      `${percent(quantile(costs, 0.25))}–${percent(quantile(costs, 0.75))}`,
      of(({ none }) => none.perSecond).toFixed(0),
      of(({ one }) => one.perSecond).toFixed(0),
      `${of(({ none }) => none.p50Ms).toFixed(2)} / ${of(({ one }) => one.p50Ms).toFixed(2)}`,
      `${of(({ none }) => none.cpuMs ?? Number.NaN).toFixed(3)} / ${of(({ one }) => one.cpuMs ?? Number.NaN).toFixed(3)}`,
      (of(({ lagMs }) => lagMs) / 1000).toFixed(1),
    ]
  })
  const head = [
    'requests',
    'cost',
    'target',
    'quartiles %',
    'without/s',
    'with/s',
    'p50 ms',
    'CPU ms',
    'last event later by s',
  ]
  return tableOf([head, ...rows])
}
