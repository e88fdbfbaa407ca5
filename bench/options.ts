import { parseArgs } from 'node:util'

/** Requests that are measured against the bare server. */
const REQUEST_PARTS = ['post', 'get', 'find', 'patch'] as const
export type RequestPart = (typeof REQUEST_PARTS)[number]
/** Whether a part is one that needs the bare server. */
export function isRequest(part: Part): part is RequestPart {
  return REQUEST_PARTS.some((one) => one === part)
}

/** The parts of the measurement, in the order in which they run. */
export const PARTS = [...REQUEST_PARTS, 'known', 'bulk', 'groups', 'log', 'saml', 'webhooks', 'console'] as const
export type Part = (typeof PARTS)[number]

/** Parts that have an option of their own, for running them alone. */
const ALONE = ['saml', 'webhooks', 'console'] as const

export interface Options {
  readonly parts: readonly Part[]
  /** How often both servers are measured; the median of the ratios is what counts. */
  readonly rounds: number
  /** Length of one measurement. */
  readonly seconds: number
  /** People in the store while requests are measured. */
  readonly users: number
  /** People in the account that the console looks at. */
  readonly consoleUsers: number
  readonly database: 'sqlite' | 'postgres'
  /** What every fsync of Usher is made to take in addition. */
  readonly fsyncMs: number
  /** Folder for a CPU profile of Usher, or undefined. */
  readonly profile: string | undefined
}

export const USAGE = `npm run bench -- [options]
  --only ${PARTS.join(',')}   which parts (all)
  --saml           sign-in alone: as --only saml
  --webhooks       what a webhook costs a write, alone: as --only webhooks
  --console        size and times of the console in Chromium, alone: as --only console
  --rounds 10      measurements of each server per part
  --seconds 2      length of one measurement
  --users 10000    people in the store while requests are measured (console: 50000)
  --postgres       Usher on PostgreSQL in place of SQLite
  --fsync-ms 1     slow every fsync of Usher down (needs a C compiler)
  --profile DIR    write a CPU profile of Usher and name its busiest functions`

/** Read the command line. Throws an Error that names what is wrong. */
export function parseOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', default: PARTS.join(',') },
      saml: { type: 'boolean', default: false },
      webhooks: { type: 'boolean', default: false },
      console: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '10' },
      seconds: { type: 'string', default: '2' },
      users: { type: 'string' },
      postgres: { type: 'boolean', default: false },
      'fsync-ms': { type: 'string', default: '0' },
      profile: { type: 'string' },
    },
  })
  return {
    parts: partsFrom(ALONE.find((part) => values[part]) ?? values.only),
    rounds: numberFrom('--rounds', values.rounds, 1),
    seconds: numberFrom('--seconds', values.seconds, 0.5),
    users: numberFrom('--users', values.users ?? '10000', 100),
    consoleUsers: numberFrom('--users', values.users ?? '50000', 100),
    database: values.postgres ? 'postgres' : 'sqlite',
    fsyncMs: numberFrom('--fsync-ms', values['fsync-ms'], 0),
    profile: values.profile,
  }
}

function partsFrom(text: string): Part[] {
  const asked = text.split(',').map((part) => part.trim())
  const unknown = asked.filter((part) => !PARTS.some((known) => known === part))
  if (unknown.length > 0) throw new Error(`--only knows ${PARTS.join(', ')}, not ${unknown.join(', ')}`)
  return PARTS.filter((part) => asked.includes(part))
}

function numberFrom(name: string, text: string, least: number): number {
  const value = Number(text)
  if (text === '' || !(value >= least)) throw new Error(`${name} has to be a number of at least ${least}, not ${text}`)
  return value
}
