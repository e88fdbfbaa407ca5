import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CHECKOUT, digestOf } from './checkout.mjs'
import { say } from './say.mjs'

// Outside the checkout, because `npm ci` empties node_modules; one file per checkout and person.
const OWNER = process.getuid?.() ?? 'me'
const LOCK = join(tmpdir(), `usher-${OWNER}-${digestOf([CHECKOUT]).slice(0, 16)}.lock`)

/** Do `work` while no other command installs or builds in this checkout. A lock left by a dead process is taken over. */
export async function oneAtATime(work) {
  await takeLock()
  const release = () => rmSync(LOCK, { force: true })
  process.on('exit', release)
  try {
    return await work()
  } finally {
    process.off('exit', release)
    release()
  }
}

async function takeLock() {
  for (let tries = 0; !(await tryLock()); tries += 1) {
    if (tries === 2) say(`waiting: process ${holder()} installs or builds here (if it does not, delete ${LOCK})`)
    await sleep(200)
  }
}

async function tryLock() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' })
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (isDead(holder())) rmSync(LOCK, { force: true })
    return false
  }
  // Someone who found the same dead lock a moment ago may just have removed ours in its place.
  await sleep(50)
  return holder() === process.pid
}

/** The process that has the lock; undefined where it was just given back or is not written yet. */
function holder() {
  try {
    return Number(readFileSync(LOCK, 'utf8')) || undefined
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

function isDead(pid) {
  if (pid === undefined) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}
