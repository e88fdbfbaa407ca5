import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tableOf } from './table.js'

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const ROWS = 40

/** Print where a profiled process spent its own time, from the newest profile in a folder. */
export function printHotFunctions(folder: string): void {
  const newest = readdirSync(folder)
    .filter((file) => file.endsWith('.cpuprofile'))
    .sort()
    .at(-1)
  if (newest === undefined) throw new Error(`there is no CPU profile in ${folder}`)
  const rows = selfTimes(JSON.parse(readFileSync(join(folder, newest), 'utf8')) as CpuProfile)
  const total = rows.reduce((sum, [, time]) => sum + time, 0)
  const body = rows.slice(0, ROWS).map(([name, time]) => [`${((time / total) * 100).toFixed(1)} %`, name])
  process.stdout.write(`\nSelf time of Usher, ${newest}\n\n${tableOf([['share', 'function'], ...body])}\n`)
}

/** Functions and their own time in microseconds, the busiest first; waiting is left out. */
function selfTimes({ nodes, samples, timeDeltas }: CpuProfile): [name: string, time: number][] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]))
  const times = new Map<string, number>()
  for (const [index, sample] of samples.entries()) {
    const name = names.get(sample) ?? ''
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0))
  }
  times.delete('(idle)')
  return [...times].sort(([, a], [, b]) => b - a)
}

function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const name = functionName === '' ? '(anonymous)' : functionName
  return url === '' ? name : `${name}  ${url.replace(/^.*\/(dist|node_modules)\//, '')}:${lineNumber + 1}`
}
