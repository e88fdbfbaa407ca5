import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { AccountError } from './errors.js'

/** What one hash costs: KiB of memory, and how often they are gone over. The encoded hash names both. */
export interface HashCost {
  readonly memorySize: number
  readonly iterations: number
}

/** Argon2id as OWASP has it for 19 MiB. */
const OWASP: HashCost = { memorySize: 19_456, iterations: 2 }
const TERMS = { parallelism: 1, hashLength: 32, outputType: 'encoded' } as const
const SALT_BYTES = 16
/** A hash takes a tenth of a second of one core: who comes when these wait is told to come again. */
const MAX_WAITING = 32

/** A worker takes no TypeScript and finds no package by itself, so it is a text that is told where hash-wasm lies. */
const WORKER = `
const { parentPort, workerData } = require('node:worker_threads')
const { argon2id, argon2Verify } = require(workerData)
parentPort.on('message', async ({ id, hash, ...options }) => {
  try {
    parentPort.postMessage({ id, result: await (hash === undefined ? argon2id(options) : argon2Verify({ hash, ...options })) })
  } catch (error) {
    parentPort.postMessage({ id, failure: error.message })
  }
})`

interface Answer {
  readonly id: number
  readonly result?: string | boolean
  readonly failure?: string
}

interface Waiting {
  readonly resolve: (result: string | boolean) => void
  readonly reject: (error: Error) => void
}

/** One thread that hashes, one password after another: it never takes more than one core from everybody else. */
class Hasher {
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | undefined
  #last = 0

  ask(order: Readonly<Record<string, unknown>>): Promise<string | boolean> {
    if (this.#waiting.size >= MAX_WAITING)
      return Promise.reject(
        new AccountError('too_busy', 'Too many passwords are being checked. Try again in a moment.'),
      )
    return new Promise((resolve, reject) => {
      const id = ++this.#last
      this.#waiting.set(id, { resolve, reject })
      const worker = this.#started()
      // While somebody waits the thread keeps the process alive, and else it does not.
      worker.ref()
      worker.postMessage({ id, ...order })
    })
  }

  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker
    const workerData = createRequire(import.meta.url).resolve('hash-wasm')
    const worker = new Worker(WORKER, { eval: true, workerData, execArgv: [] })
    worker.on('message', (answer: Answer) => this.#settle(answer))
    worker.on('error', (error) => this.#fail(error))
    this.#worker = worker
    return worker
  }

  #settle({ id, result, failure }: Answer): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (this.#waiting.size === 0) this.#worker?.unref()
    if (failure === undefined && result !== undefined) waiting?.resolve(result)
    else waiting?.reject(new Error(`a password could not be hashed: ${failure}`))
  }

  #fail(error: Error): void {
    this.#worker = undefined
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { reject } of waiting) reject(error)
  }
}

const HASHER = new Hasher()

/** As it is hashed: the same characters, however a keyboard composes them (RFC 8265 §4.2.2, NFKC). */
export function normalPassword(text: string): string {
  return text.normalize('NFKC')
}

/** Argon2id of passwords, as text with its terms. Both refuse: too_busy. */
export interface PasswordHasher {
  readonly hash: (password: string) => Promise<string>
  /** Is it this password? Without a hash it never is, and that takes as long to say. */
  readonly verify: (password: string, hash: string | undefined) => Promise<boolean>
}

/** Of nobody: what is compared where there is nobody to compare with. */
const NOBODY = '9+Xs1GNVMOzBy8KYfvslqw$vwrR7pRxlwkeZOb9twmatu2w5MfVrGuGBg/5/mgYF1s'

export function passwordHasher(cost: HashCost = OWASP): PasswordHasher {
  const nobody = `$argon2id$v=19$m=${cost.memorySize},t=${cost.iterations},p=1$${NOBODY}`
  return {
    hash: async (password) => {
      const order = { password: normalPassword(password), salt: randomBytes(SALT_BYTES), ...TERMS, ...cost }
      return String(await HASHER.ask(order))
    },
    verify: async (password, hash) => {
      // Argon2 takes no empty password, and nobody has one.
      const order = { password: normalPassword(password) || ' ', hash: hash ?? nobody }
      return (await HASHER.ask(order)) === true && hash !== undefined && password !== ''
    },
  }
}
