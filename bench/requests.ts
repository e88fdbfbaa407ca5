import { type Measurement, measure } from './measure.js'
import type { Options, RequestPart } from './options.js'
import { say } from './say.js'
import { median, quantile } from './statistics.js'
import { tableOf, verdict } from './table.js'
import {
  compareBytes,
  countPeople,
  removeSeries,
  sampleAnswers,
  seedPeople,
  startBareExpress,
  type Target,
} from './targets.js'
import { createConnection, type Usher } from './usher.js'

/** As many as an identity provider opens at most. */
const CONNECTIONS = 16
const WARM_UP_SECONDS = 2
/** Names of people whom a measurement creates and who are gone after it. */
const SERIES = 'load'

interface Scenario {
  readonly name: RequestPart
  readonly title: string
  /** The least ratio to the bare server on SQLite; with a slow fsync only where one is promised. */
  readonly target: number
  readonly targetSlowFsync?: number
}

const SCENARIOS: readonly Scenario[] = [
  { name: 'post', title: 'POST /Users', target: 0.25, targetSlowFsync: 0.18 },
  { name: 'get', title: 'GET /Users/{id}', target: 1.2 },
  { name: 'find', title: 'GET userName eq', target: 0.8 },
  { name: 'patch', title: 'PATCH active', target: 0.25, targetSlowFsync: 0.17 },
]

interface Round {
  readonly usher: Measurement
  readonly bare: Measurement
}

/** Measure requests against the bare server, both in every round, and print a table of the ratios. */
export async function benchRequests(options: Options, usher: Usher): Promise<void> {
  const wanted = SCENARIOS.filter(({ name }) => options.parts.includes(name))
  say(`creating ${options.users} people over SCIM …`)
  const connection = await createConnection(usher)
  const ids = await seedPeople(connection, options.users)
  const ours = { ...connection, pid: usher.pid }
  const bare = await startBareExpress(await sampleAnswers(ours, ids))
  try {
    await removeSeries(ours, SERIES)
    await compareBytes(ours, bare, ids)
    await removeSeries(ours, SERIES)
    const rounds = await runRounds(options, wanted, ours, bare, ids)
    process.stdout.write(`\n${heading(options)}\n\n${report(options, wanted, rounds)}\n`)
  } finally {
    bare.stop()
  }
}

async function runRounds(
  options: Options,
  wanted: readonly Scenario[],
  usher: Target,
  bare: Target,
  ids: readonly string[],
): Promise<Map<Scenario, Round[]>> {
  const offsets = new Map<string, number>()
  const run = async ({ name }: Scenario, target: Target, seconds: number): Promise<Measurement> => {
    const key = `${name} ${target.pid}`
    const plan = { scenario: name, ...urlOf(target), connections: CONNECTIONS, seconds, ids, series: SERIES }
    const measured = await measure(target.pid, { ...plan, offset: offsets.get(key) ?? 1 })
    offsets.set(key, measured.offset)
    if (measured.failed > 0) throw new Error(`${name}: ${measured.failed} requests failed`)
    if (name === 'post' && target === usher) await removeSeries(usher, SERIES)
    return measured
  }
  say('warming up …')
  for (const scenario of wanted) for (const target of [bare, usher]) await run(scenario, target, WARM_UP_SECONDS)
  const rounds = new Map(wanted.map((scenario) => [scenario, [] as Round[]]))
  for (let number = 1; number <= options.rounds; number++) {
    for (const scenario of wanted) {
      // Each goes first every other time, so that neither profits from the order.
      const first = number % 2 === 0 ? bare : usher
      const one = await run(scenario, first, options.seconds)
      const other = await run(scenario, first === bare ? usher : bare, options.seconds)
      const round = first === bare ? { bare: one, usher: other } : { usher: one, bare: other }
      rounds.get(scenario)!.push(round)
      say(progress(number, options.rounds, scenario, round))
    }
  }
  say(`${await countPeople(usher)} people in the store at the end`)
  return rounds
}

function urlOf({ baseUrl, token }: Target) {
  return { baseUrl, token }
}

function progress(number: number, count: number, { title }: Scenario, { usher, bare }: Round): string {
  const ratio = (usher.perSecond / bare.perSecond).toFixed(2)
  return `round ${number}/${count}  ${title}: ${usher.perSecond.toFixed(0)}/s, bare ${bare.perSecond.toFixed(0)}/s, ratio ${ratio}`
}

function heading({ database, users, rounds, seconds, fsyncMs }: Options): string {
  const slow = fsyncMs === 0 ? '' : `, ${fsyncMs} ms added to every fsync`
  const store = database === 'sqlite' ? 'SQLite (synchronous=FULL)' : 'PostgreSQL'
  return `Usher on ${store} with ${users} users${slow}: ${CONNECTIONS} connections, ${rounds} rounds of ${seconds} s`
}

function targetOf({ database, fsyncMs }: Options, { target, targetSlowFsync }: Scenario): number | undefined {
  if (database === 'postgres') return undefined
  return fsyncMs === 0 ? target : targetSlowFsync
}

const HEAD = [
  'request',
  'ratio',
  'target',
  'quartiles',
  'range',
  'Usher/s',
  'bare/s',
  'p50 / p99 ms',
  'CPU ms',
  'bare CPU',
]

function report(options: Options, wanted: readonly Scenario[], rounds: Map<Scenario, Round[]>): string {
  const rows = wanted.map((scenario) => {
    const measured = rounds.get(scenario)!
    const ratios = measured.map(({ usher, bare }) => usher.perSecond / bare.perSecond)
    const target = targetOf(options, scenario)
    const of = (pick: (round: Round) => number) => median(measured.map(pick))
    const two = (share: number) => quantile(ratios, share).toFixed(2)
    return [
      scenario.title,
      two(0.5),
      target === undefined ? '' : verdict(quantile(ratios, 0.5), target, 'more'),
      `${two(0.25)}–${two(0.75)}`,
      `${two(0)}–${two(1)}`,
      of(({ usher }) => usher.perSecond).toFixed(0),
      of(({ bare }) => bare.perSecond).toFixed(0),
      `${of(({ usher }) => usher.p50Ms).toFixed(0)} / ${of(({ usher }) => usher.p99Ms).toFixed(0)}`,
      of(({ usher }) => usher.cpuMs ?? Number.NaN).toFixed(3),
      of(({ bare }) => bare.cpuMs ?? Number.NaN).toFixed(3),
    ]
  })
  return tableOf([HEAD, ...rows])
}
