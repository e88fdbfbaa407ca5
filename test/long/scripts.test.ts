import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CHECKOUT } from '../house/rooms.js'

const run = promisify(execFile)

/** Version of Node.js, range in package.json, whether it may run Usher. */
const VERSIONS = [
  ['20.19.0', '^20.19.0 || >=22.12.0', true],
  ['20.20.2', '^20.19.0 || >=22.12.0', true],
  ['20.18.9', '^20.19.0 || >=22.12.0', false],
  ['18.20.4', '^20.19.0 || >=22.12.0', false],
  ['21.7.3', '^20.19.0 || >=22.12.0', false],
  ['22.11.0', '^20.19.0 || >=22.12.0', false],
  ['22.12.0', '^20.19.0 || >=22.12.0', true],
  ['26.0.0', '^20.19.0 || >=22.12.0', true],
] as const

describe('the commands of package.json', () => {
  let checkout: string
  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), 'usher-commands-'))
    cpSync(join(CHECKOUT, 'scripts'), join(checkout, 'scripts'), { recursive: true })
  })
  afterEach(() => rmSync(checkout, { recursive: true }))

  /** Evaluate a module with the scripts of the copied checkout in reach, and answer what it prints. */
  const evaluate = async (code: string) => {
    const file = join(checkout, `probe-${Math.random()}.mjs`)
    writeFileSync(file, code)
    return (await run(process.execPath, [file], { cwd: tmpdir(), env: { ...process.env, TMPDIR: checkout } })).stdout
  }

  it('know which versions of Node.js they may use', async () => {
    const printed = await evaluate(`
      import { satisfies } from './scripts/node-version.mjs'
      const cases = ${JSON.stringify(VERSIONS)}
      console.log(JSON.stringify(cases.map(([version, range]) => [version, range, satisfies(version, range)])))`)
    assert.deepEqual(JSON.parse(printed), VERSIONS)
  })

  it('say in one line that Node.js is too old, before anything else', () => {
    writeFileSync(join(checkout, 'package.json'), JSON.stringify({ engines: { node: '>=99.0.0' } }))
    const { status, stderr } = spawnSync(process.execPath, [join(checkout, 'scripts/start.mjs')], { encoding: 'utf8' })
    assert.equal(status, 1)
    assert.match(stderr, /^usher: this is Node\.js \S+; Usher needs >=99\.0\.0\.\n$/)
  })

  it('install or build one at a time, and take over from one that died', async () => {
    // It rejects because of the signal, which is the point of it.
    await evaluate(`
      import { oneAtATime } from './scripts/one-at-a-time.mjs'
      await oneAtATime(() => process.kill(process.pid, 'SIGKILL'))`).catch(() => undefined)
    const count = `
      import { readFileSync, writeFileSync } from 'node:fs'
      import { setTimeout as sleep } from 'node:timers/promises'
      import { oneAtATime } from './scripts/one-at-a-time.mjs'
      const file = new URL('count', import.meta.url)
      await oneAtATime(async () => {
        const count = Number(readFileSync(file))
        await sleep(20)
        writeFileSync(file, String(count + 1))
      })`
    writeFileSync(join(checkout, 'count'), '0')
    await Promise.all(Array.from({ length: 5 }, () => evaluate(count)))
    assert.equal(readFileSync(join(checkout, 'count'), 'utf8'), '5')
  })

  it('build again exactly when a source changed', async () => {
    cpSync(join(CHECKOUT, 'package-lock.json'), join(checkout, 'package-lock.json'))
    cpSync(join(CHECKOUT, 'tsconfig.json'), join(checkout, 'tsconfig.json'))
    mkdirSync(join(checkout, 'node_modules/typescript/bin'), { recursive: true })
    // Stands where the compiler does, to count how often it is called and with which output folder.
    writeFileSync(
      join(checkout, 'node_modules/typescript/bin/tsc'),
      `const fs = require('node:fs')
       fs.mkdirSync(process.argv.at(-1))
       fs.appendFileSync('compiled', 'x')`,
    )
    mkdirSync(join(checkout, 'node_modules/vite/bin'), { recursive: true })
    writeFileSync(
      join(checkout, 'node_modules/vite/bin/vite.js'),
      `const words = process.argv
       require('node:fs').mkdirSync(words[words.indexOf('--outDir') + 1] + '/assets', { recursive: true })`,
    )
    mkdirSync(join(checkout, 'server'))
    const builds = async (text: string) => {
      writeFileSync(join(checkout, 'server/main.ts'), text)
      await evaluate(`
        import { ensureBuilt } from './scripts/build.mjs'
        await ensureBuilt()`)
      return readFileSync(join(checkout, 'compiled'), 'utf8').length
    }
    assert.deepEqual([await builds('1'), await builds('1'), await builds('2'), await builds('2')], [1, 1, 2, 2])
  })
})
