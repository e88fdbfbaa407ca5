import { setTimeout as sleep } from 'node:timers/promises'
import { expectStatus } from './client.js'
import { median, quantile } from './statistics.js'

/** What the process reads, again and again, until it is told to stop. */
export interface ReadOrder {
  readonly urls: readonly string[]
  readonly token: string
}

export interface ReadLatency {
  readonly reads: number
  readonly p50Ms: number
  readonly p99Ms: number
}

const READERS = 4
const PAUSE_MS = 4

/**
 * A forked process that reads users one by one on a few connections, unhurried, and reports how long each took that ended
 * between `count` and `stop`.
 */
let isOver = false
let latencies: number[] = []
process.on('message', (order: ReadOrder | 'count' | 'stop') => {
  if (order === 'count') latencies = []
  else if (order === 'stop') isOver = true
  else void readOn(order).then((report) => process.send?.(report, () => process.disconnect()))
})

async function readOn({ urls, token }: ReadOrder): Promise<ReadLatency> {
  const reader = async (_: unknown, number: number) => {
    for (let next = number; !isOver; next += READERS) {
      const startedAt = performance.now()
      await expectStatus(200, 'GET', urls[next % urls.length]!, token)
      latencies.push(performance.now() - startedAt)
      await sleep(PAUSE_MS)
    }
  }
  await Promise.all(Array.from({ length: READERS }, reader))
  return { reads: latencies.length, p50Ms: median(latencies), p99Ms: quantile(latencies, 0.99) }
}
