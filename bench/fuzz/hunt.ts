import { hash } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { seeds } from '../../test/fuzz/seeds.js'
import type { Shot } from '../../test/fuzz/shot.js'
import type { Random } from '../../test/harness/random.js'
import { inParallel } from '../client.js'
import { say } from '../say.js'
import { median } from '../statistics.js'
import { mutated } from './mutate.js'
import { shrunk } from './shrink.js'
import { type Hit, LONGEST_BLOCK_MS, Target } from './target.js'

export interface HuntOptions {
  readonly minutes: number
  readonly random: Random
  /** Only shots whose path begins so. */
  readonly only: string
  /** Where findings are kept. */
  readonly corpus: string
  readonly dataDir: string
  /** Was it told to stop? */
  readonly isOver: () => boolean
}

/** Shots between two looks at the loop, and how many of them are under way at a time. */
const BATCH = 48
const AT_ONCE = 8
/** Batches after which the shots have an account of their own again: they delete what others would need. */
const BATCHES_PER_WORLD = 30
const MOST_IN_POOL = 3_000
const TELL_EVERY_MS = 5_000

/** Fire until the time is up; resolves to how many faults were found. */
export async function hunt(options: HuntOptions): Promise<number> {
  const target = new Target(options.dataDir)
  const run = new Hunt(target, options)
  try {
    await target.start()
    await run.run()
  } finally {
    await target.stop()
  }
  return run.found.size
}

class Hunt {
  /** Faults by what they have in common. */
  readonly found = new Set<string>()
  readonly #target: Target
  readonly #options: HuntOptions
  readonly #seeds: readonly Shot[]
  readonly #pool: Shot[]
  /** Kinds of answers that were seen: a shot that brings a new one is built upon. */
  readonly #seen = new Set<string>()
  readonly #statuses = new Map<string, number>()
  #fired = 0
  #longestMs = 0
  /** Of the last batches. */
  readonly #blocksMs: number[] = []

  constructor(target: Target, options: HuntOptions) {
    this.#target = target
    this.#options = options
    this.#seeds = seeds().filter(({ path }) => path.startsWith(options.only))
    this.#pool = [...this.#seeds]
  }

  async run(): Promise<void> {
    const { minutes, random, isOver } = this.#options
    const begun = performance.now()
    const passed = () => performance.now() - begun
    let told = 0
    for (let batch = 1; passed() < minutes * 60_000 && !isOver(); batch++) {
      const shots = Array.from({ length: BATCH }, () => mutated(this.#oneOfPool(), random, this.#pool))
      await this.#fireAll(shots)
      if (batch % BATCHES_PER_WORLD === 0) await this.#target.renew()
      if (passed() - told > TELL_EVERY_MS) {
        told = passed()
        this.#tell(told / 1_000)
      }
    }
    this.#tell(passed() / 1_000)
  }

  /** Half of them as good as they come, the others from those that have shown something that was not seen before. */
  #oneOfPool(): Shot {
    const { random } = this.#options
    return random.chance(0.5) ? random.oneOf(this.#seeds) : random.oneOf(this.#pool)
  }

  async #fireAll(shots: readonly Shot[]): Promise<void> {
    const hits = new Map<Shot, Hit>()
    await inParallel(shots, async (shot) => void hits.set(shot, await this.#target.fire(shot)), AT_ONCE)
    this.#fired += shots.length
    if (!this.#target.isUp) return this.#afterCrash(shots)
    for (const [shot, { reply, fault }] of hits) {
      this.#learn(shot, reply.status, reply.text)
      if (fault !== undefined)
        await this.#keep(shot, fault, async (one) => (await this.#target.fire(one)).fault === fault)
    }
    const { blockMs } = await this.#target.load()
    this.#longestMs = Math.max(this.#longestMs, blockMs)
    if (blockMs > this.#usualMs(blockMs)) await this.#findBlock(shots)
    await this.#readLog(hits)
  }

  /** On a machine that has other work every batch has its pauses: then those beyond the usual are looked into. */
  #usualMs(blockMs: number): number {
    const usual = median(this.#blocksMs)
    this.#blocksMs.push(blockMs)
    if (this.#blocksMs.length > 20) this.#blocksMs.shift()
    return Math.max(LONGEST_BLOCK_MS, 2 * (Number.isNaN(usual) ? 0 : usual))
  }

  #learn(shot: Shot, status: number, text: string): void {
    const keyword = /"(?:scimType|code|error)":"(\w+)"/.exec(text)?.[1] ?? ''
    const sentence = /"(?:detail|error_description)":"((?:[A-Za-z]+ ){1,4})/.exec(text)?.[1] ?? ''
    const kind = `${routeOf(shot)} ${status} ${keyword} ${sentence}`
    this.#statuses.set(`${Math.floor(status / 100)}xx`, (this.#statuses.get(`${Math.floor(status / 100)}xx`) ?? 0) + 1)
    if (this.#seen.has(kind) || this.#seen.size > 20_000) return
    this.#seen.add(kind)
    if (JSON.stringify(shot).length > 20_000) return
    this.#pool.push(shot)
    if (this.#pool.length > MOST_IN_POOL) this.#pool.splice(500 + this.#options.random.below(1_000), 1)
  }

  /** Which of them was it that held up the loop? None, where it was the machine. */
  async #findBlock(shots: readonly Shot[]): Promise<void> {
    for (const shot of shots) {
      const ms = await this.#target.blocks(shot)
      if (ms === undefined) continue
      const fault = 'a loop that stands still'
      say(`${routeOf(shot)} blocks for ${ms.toFixed(0)} ms`)
      await this.#keep(shot, fault, async (one) => (await this.#target.blocks(one, 2)) !== undefined)
    }
  }

  /** Errors of the log belong to an answer by its id; those of work in the background to one of the batch. */
  async #readLog(hits: ReadonlyMap<Shot, Hit>): Promise<void> {
    for (const { requestId, text } of await this.#target.takeErrors()) {
      const [shot] = [...hits].find(([, { reply }]) => reply.headers['x-request-id'] === requestId) ?? []
      const message = /"message":"((?:[^"\\]|\\.){0,200})/.exec(text)?.[1] ?? text.slice(0, 200)
      const fault = `an error in the log: ${message}`
      if (shot === undefined) await this.#keepAll([...hits.keys()], fault, text)
      else if ((hits.get(shot)?.fault ?? '') === '') await this.#keep(shot, fault, async () => false)
      else say(`the log says ${text.slice(0, 1_200)}`)
    }
  }

  async #afterCrash(shots: readonly Shot[]): Promise<void> {
    say('the server has ended; it is started again')
    await this.#target.start()
    for (const shot of shots) {
      await this.#target.fire(shot)
      await new Promise((resolve) => setTimeout(resolve, 50))
      if (this.#target.isUp) continue
      await this.#target.start()
      return this.#keep(shot, 'the end of the server', async () => false)
    }
    await this.#keepAll(shots, 'the end of the server', '')
  }

  async #keep(shot: Shot, fault: string, does: (shot: Shot) => Promise<boolean>): Promise<void> {
    const key = `${fault} ${routeOf(shot).split('/').slice(0, 4).join('/')}`
    if (this.found.has(key)) return
    this.found.add(key)
    const again = await does(shot)
    this.#write(key, { fault, again, shot: again ? await shrunk(shot, does) : shot })
  }

  async #keepAll(shots: readonly Shot[], fault: string, log: string): Promise<void> {
    if (this.found.has(fault)) return
    this.found.add(fault)
    say(`${fault}\n${log}\nafter one of ${shots.length} requests, with the seed ${this.#options.random.seed}`)
    for (const shot of shots.slice(0, 5)) say(JSON.stringify(shot).slice(0, 300))
  }

  #write(key: string, found: { readonly fault: string; readonly again: boolean; readonly shot: Shot }): void {
    const { corpus, random } = this.#options
    mkdirSync(corpus, { recursive: true })
    const file = join(corpus, `${hash('sha256', key).slice(0, 10)}.json`)
    if (!existsSync(file)) writeFileSync(file, `${JSON.stringify({ seed: random.seed, ...found }, undefined, 2)}\n`)
    say(
      `FOUND ${found.fault}${found.again ? '' : ' (not again when it was repeated)'}, seed ${random.seed}, kept as ${file}`,
    )
    say(`${JSON.stringify(found.shot).slice(0, 2_000)}`)
  }

  #tell(seconds: number): void {
    const shares = [...this.#statuses]
      .sort()
      .map(([kind, count]) => `${kind} ${((100 * count) / this.#fired).toFixed(0)} %`)
    const rate = (this.#fired / seconds).toFixed(0)
    say(
      `${seconds.toFixed(0)} s: ${this.#fired} requests (${rate}/s), ${shares.join(', ')}, ${this.#seen.size} kinds of answers, longest block ${this.#longestMs.toFixed(0)} ms, ${this.found.size} found`,
    )
  }
}

/** Where a shot goes, without what differs from one to the next. */
function routeOf({ method, path, raw }: Shot): string {
  if (raw !== undefined) return 'raw'
  const place = (path.split('?')[0] ?? '').split('/').slice(0, 7)
  return `${method} ${place.map((one) => (/^[\w.{}-]{1,40}$/.test(one) || one === '' ? one : '…')).join('/')}`
}
