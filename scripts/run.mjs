import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { CHECKOUT } from './checkout.mjs'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']
const ORPHAN_CHECK_MS = 500

/**
 * Run a command on this terminal until it ends, and answer its exit code (128 + n for signal n). Signals that reach us
 * go on to it, so that it can stop in its own way. A signal to npm itself ends only the shell between npm and us: then we
 * get another parent, and stop the command as well.
 */
export function run(command, args, options = {}) {
  const child = spawn(command, args, { cwd: CHECKOUT, stdio: 'inherit', ...options })
  const forward = (signal) => child.kill(signal)
  for (const signal of SIGNALS) process.on(signal, forward)
  const parent = process.ppid
  const orphaned = setInterval(() => process.ppid === parent || forward('SIGTERM'), ORPHAN_CHECK_MS).unref()
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearInterval(orphaned)
      for (const name of SIGNALS) process.off(name, forward)
      resolve(code ?? 128 + constants.signals[signal])
    })
  })
}

/** As `run`, but a failure ends this process with the same code, after saying what it was that failed. */
export async function runOrExit(what, command, args, options) {
  const code = await run(command, args, options)
  if (code === 0) return
  process.stderr.write(`usher: ${what} failed with exit code ${code}; the reason stands above.\n`)
  process.exit(code)
}

/** Run a TypeScript file of the checkout as it stands, without a build, and end with its exit code. */
export async function runTypeScript(file, args) {
  process.exitCode = await run(process.execPath, ['--import', 'tsx', file, ...args])
}
