import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Of Linux's clock in /proc, the same on every platform that Node.js runs on. */
const MS_PER_TICK = 10

/** CPU time of a process so far, user and system, in milliseconds; undefined where /proc is not at hand. */
export function cpuMs(pid: number): number | undefined {
  try {
    // The second field is the name in brackets and may hold anything, so what follows is counted behind it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK
  } catch {
    return undefined
  }
}

/** Resident memory of a process in MiB; undefined where /proc is not at hand. */
export function residentMib(pid: number): number | undefined {
  try {
    const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return Number(line?.[1]) / 1024
  } catch {
    return undefined
  }
}

const QUIET_MS = 100
const MAX_WAIT_MS = 10_000

/** Wait until a process has nothing left to do, so that its background work is not in the next measurement. */
export async function untilIdle(pid: number): Promise<void> {
  for (let waited = 0; waited < MAX_WAIT_MS; waited += QUIET_MS) {
    const before = cpuMs(pid)
    await sleep(QUIET_MS)
    const after = cpuMs(pid)
    if (before === undefined || after === undefined || after - before <= MS_PER_TICK) return
  }
}
