import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { send } from '../../bench/client.js'
import { type Body, OPERATOR_TOKEN } from '../harness/app.js'
import type { TestDatabase } from '../harness/database.js'
import type { Random } from '../harness/random.js'
import { CHECKOUT } from '../house/rooms.js'
import type { ReceiverEnvironment, ReceiverOrder } from './receiver-process.js'
import { type ServerProcess, startServerProcess } from './server-process.js'

/** Longer than a job is locked by a process that died, and than the first pauses after a failure. */
const STEP_MS = 65_000

/** Servers on one database and the receiver of its webhook, each a process that can be killed at any moment. */
export class Town {
  readonly #random: Random
  readonly #folder = mkdtempSync(join(tmpdir(), 'usher-town-'))
  #servers: ServerProcess[] = []
  #start: () => Promise<ServerProcess> = () => Promise.reject(new Error('the town is not open'))
  #receiver: ChildProcess | undefined
  #receiverPort = 0
  #aheadMs = 0
  #drop: () => Promise<void> = async () => undefined

  constructor(random: Random) {
    this.#random = random
  }

  async open(database: TestDatabase, servers: number): Promise<void> {
    const { location, drop } = await database.create()
    this.#drop = drop
    this.#start = () =>
      startServerProcess(location, this.#folder, { AHEAD_MS: `${this.#aheadMs}`, USHER_ALLOW_PRIVATE_FETCH: 'on' })
    for (let number = 0; number < servers; number++) this.#servers.push(await this.#start())
    await this.#startReceiver()
  }

  async close(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.stop()))
    await killed(this.#receiver)
    await this.#drop()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** The address of one of the servers; while all are down the last one's, where nobody answers. */
  get url(): string {
    return this.#random.oneOf(this.#servers).url
  }

  get hook(): string {
    return `http://127.0.0.1:${this.#receiverPort}/hook`
  }

  /** The webhook-ids that the receiver noted, in the order in which they came. */
  get noted(): readonly string[] {
    const file = this.#noteFile
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []
  }

  get #noteFile(): string {
    return join(this.#folder, 'noted')
  }

  /** One call of the admin API as the operator; fails at a refusal. */
  async admin(method: string, path: string, body?: object): Promise<Body> {
    const { status, text } = await send(method, `${this.url}/api/v1${path}`, OPERATOR_TOKEN, body)
    assert.ok(status < 300, `${method} ${path} answered ${status} ${text}`)
    return JSON.parse(text)
  }

  async killServer(): Promise<void> {
    const place = this.#random.below(this.#servers.length)
    await this.#servers[place]?.kill()
    // Time goes on, so that what it had in hand is free again.
    this.#aheadMs += STEP_MS
    const server = await this.#start()
    this.#servers[place] = server
    await this.pass(0)
  }

  async killReceiver(downMs: number): Promise<void> {
    await killed(this.#receiver)
    await pause(downMs)
    await this.#startReceiver()
  }

  /** Let time pass for every server. */
  async pass(ms: number): Promise<void> {
    this.#aheadMs += ms
    await Promise.all(this.#servers.map((server) => server.order({ aheadMs: this.#aheadMs })))
  }

  /** From now on the receiver makes no mistakes. */
  calm(): void {
    this.#receiver?.send('calm' satisfies ReceiverOrder)
  }

  async #startReceiver(): Promise<void> {
    const env: ReceiverEnvironment = {
      RECEIVER_FILE: this.#noteFile,
      RECEIVER_PORT: `${this.#receiverPort}`,
      RECEIVER_SEED: `${this.#random.below(2 ** 31)}`,
    }
    const options = { cwd: CHECKOUT, execArgv: ['--import', 'tsx'], env: { PATH: process.env.PATH, ...env } }
    this.#receiver = fork('test/races/receiver-process.ts', options)
    const [{ port }] = (await once(this.#receiver, 'message')) as [{ port: number }]
    this.#receiverPort = port
  }
}

async function killed(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}
