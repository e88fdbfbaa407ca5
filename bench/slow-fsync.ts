import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The environment in which every fsync of a process takes `milliseconds` longer: a disk that really flushes, where the
 * one at hand does not. Compiles a small library into `folder`. Throws where there is no C compiler.
 */
export function slowFsync(milliseconds: number, folder: string): Record<string, string> {
  if (milliseconds === 0) return {}
  const library = join(folder, 'slow-fsync.so')
  const source = fileURLToPath(new URL('slow-fsync.c', import.meta.url))
  const { status, stderr, error } = spawnSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl'], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`--fsync-ms needs a C compiler called cc: ${error?.message ?? stderr}`)
  return { LD_PRELOAD: library, SLOW_FSYNC_US: String(Math.round(milliseconds * 1_000)) }
}
