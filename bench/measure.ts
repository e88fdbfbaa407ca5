import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { cpuMs, untilIdle } from './cpu-time.js'
import type { LoadPlan, LoadReport } from './load-plan.js'

export interface Measurement extends LoadReport {
  readonly perSecond: number
  /** CPU time of the server per request, its background work included; undefined where /proc is not at hand. */
  readonly cpuMs: number | undefined
}

/** Load a server with a process made for this one measurement. */
export async function measure(serverPid: number, plan: LoadPlan): Promise<Measurement> {
  await untilIdle(serverPid)
  const before = cpuMs(serverPid)
  const report = await loadOnce(plan)
  await untilIdle(serverPid)
  const after = cpuMs(serverPid)
  const cpu = before === undefined || after === undefined ? undefined : (after - before) / report.answered
  return { ...report, perSecond: report.answered / report.seconds, cpuMs: cpu }
}

async function loadOnce(plan: LoadPlan): Promise<LoadReport> {
  const child = fork(fileURLToPath(new URL('load.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] })
  const ended = once(child, 'exit')
  child.send(plan)
  const [report] = (await Promise.race([
    once(child, 'message'),
    ended.then(([code]) => Promise.reject(new Error(`the load process ended with exit code ${code}`))),
  ])) as [LoadReport]
  await ended
  return report
}
