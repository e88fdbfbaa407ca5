import { faultOf } from '../../test/fuzz/checks.js'
import { bytesOf, type Shot, type World } from '../../test/fuzz/shot.js'
import { fire, type Reply } from '../../test/fuzz/wire.js'
import { makeWorld } from '../../test/fuzz/world.js'
import { OPERATOR_TOKEN, startUsher, type Usher } from '../usher.js'

/** What came of a shot. */
export interface Hit {
  readonly reply: Reply
  readonly fault: string | undefined
}

interface LoggedError {
  readonly requestId: string | undefined
  readonly text: string
}

interface Load {
  readonly blockMs: number
  readonly cpuMs: number
}

/** No request may hold up the others for longer. */
export const LONGEST_BLOCK_MS = 100
const ERROR_LEVEL = 50
const QUIET_MS = 50

/** The server that is fired at: a process of its own, which is started again when it ends. */
export class Target {
  readonly #dataDir: string
  readonly #errors: LoggedError[] = []
  #usher: Usher | undefined
  #cpuMs = 0
  #world: World | undefined

  constructor(dataDir: string) {
    this.#dataDir = dataDir
  }

  async start(): Promise<void> {
    const onLine = (line: string): void => this.#read(line)
    const env = { USHER_ALLOW_PRIVATE_FETCH: 'on', PUBLIC_URL: 'http://usher.example' }
    this.#usher = await startUsher({ dataDir: this.#dataDir, env, onLine })
    await this.renew()
  }

  async stop(): Promise<void> {
    await this.#usher?.stop()
  }

  get isUp(): boolean {
    const process = this.#usher?.process
    return process !== undefined && process.exitCode === null && process.signalCode === null
  }

  /** An account that nothing was done to yet. */
  async renew(): Promise<void> {
    this.#world = await makeWorld({ port: this.#port, operatorToken: OPERATOR_TOKEN })
  }

  get world(): World {
    if (this.#world === undefined) throw new Error('the target has not been started')
    return this.#world
  }

  async fire(shot: Shot): Promise<Hit> {
    const reply = await fire(this.#port, bytesOf(shot, this.world), shot.raw !== undefined)
    return { reply, fault: faultOf(shot, reply) }
  }

  /** How long the event loop stood still at most, and what the server computed, since this was asked last; milliseconds. */
  async load(): Promise<Load> {
    const shot = { method: 'GET', path: '/metrics', headers: { Authorization: `Bearer ${OPERATOR_TOKEN}` } }
    const { text } = await fire(this.#port, bytesOf(shot, this.world))
    const read = (name: string): number => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1] ?? 0) * 1_000
    const [blockMs, cpuMs] = [read('nodejs_eventloop_lag_max_seconds'), read('process_cpu_seconds_total')]
    const load = { blockMs, cpuMs: cpuMs - this.#cpuMs }
    this.#cpuMs = cpuMs
    return load
  }

  /**
   * For how long this shot alone blocks the loop; undefined where it does not. Others use this machine too, so what counts is
   * what was computed, and of several tries the shortest.
   */
  async blocks(shot: Shot, tries = 3): Promise<number | undefined> {
    let least = Number.POSITIVE_INFINITY
    for (let left = tries; left > 0; left--) {
      await this.load()
      await this.fire(shot)
      const { blockMs, cpuMs } = await this.load()
      least = Math.min(least, blockMs, cpuMs)
      if (least <= LONGEST_BLOCK_MS) return undefined
    }
    return least
  }

  /** What the log has as an error since this was asked last, once it is there. */
  async takeErrors(): Promise<LoggedError[]> {
    await new Promise((resolve) => setTimeout(resolve, this.#errors.length > 0 ? QUIET_MS : 0))
    return this.#errors.splice(0)
  }

  get #port(): number {
    return Number(new URL(this.#usher?.origin ?? 'http://localhost:0').port)
  }

  #read(line: string): void {
    const isError = Number(/"level":(\d+)/.exec(line)?.[1] ?? 0) >= ERROR_LEVEL
    if (isError) this.#errors.push({ requestId: /"requestId":"([^"]+)"/.exec(line)?.[1], text: line.slice(0, 3_000) })
  }
}
