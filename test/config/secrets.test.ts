import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { loadConfig } from '../../config/config.js'
import { loadSecrets } from '../../config/secrets.js'

const run = promisify(execFile)

/** Prints both secrets, as a server that starts on DATA_DIR at the instant START_AT would take them. */
const STARTING_SERVER = `
  import { loadConfig } from ${JSON.stringify(new URL('../../config/config.ts', import.meta.url).href)}
  import { loadSecrets } from ${JSON.stringify(new URL('../../config/secrets.ts', import.meta.url).href)}
  const config = loadConfig(process.env)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.max(0, process.env.START_AT - Date.now()))
  const { operatorToken, secret } = loadSecrets(config)
  console.log(operatorToken, secret.toString('base64'))`

describe('secrets of a first start', () => {
  let dataDir: string
  beforeEach(() => {
    dataDir = join(mkdtempSync(join(tmpdir(), 'usher-secrets-')), 'data')
  })
  afterEach(() => rmSync(join(dataDir, '..'), { recursive: true }))

  const secretsOf = (env: Record<string, string> = {}) => loadSecrets(loadConfig({ DATA_DIR: dataDir, ...env }))

  it('are made: a token of 32 characters or more, and a key of 32 bytes', () => {
    const { operatorToken, secret } = secretsOf()
    assert.ok(operatorToken.length >= 32)
    assert.equal(secret.length, 32)
    assert.equal(readFileSync(join(dataDir, 'operator-token'), 'utf8').trim(), operatorToken)
    assert.equal(readFileSync(join(dataDir, 'secret'), 'utf8').trim(), secret.toString('base64'))
  })

  it('differ from one server to another', () => {
    const other = loadSecrets(loadConfig({ DATA_DIR: join(dataDir, 'other') }))
    assert.notEqual(secretsOf().operatorToken, other.operatorToken)
    assert.notDeepEqual(secretsOf().secret, other.secret)
  })

  it('are readable by their owner only, with nothing left beside them', () => {
    secretsOf()
    assert.deepEqual(readdirSync(dataDir).sort(), ['operator-token', 'secret'])
    for (const name of readdirSync(dataDir)) assert.equal(statSync(join(dataDir, name)).mode & 0o777, 0o600)
    assert.equal(statSync(dataDir).mode & 0o777, 0o700)
  })

  it('are the same at the second start', () => {
    assert.deepEqual(secretsOf(), secretsOf())
  })

  it('are not written where the environment gives them', () => {
    const env = { USHER_OPERATOR_TOKEN: 't'.repeat(40), USHER_SECRET: Buffer.alloc(32, 1).toString('base64') }
    const secrets = secretsOf(env)
    assert.deepEqual(secrets, { operatorToken: 't'.repeat(40), secret: Buffer.alloc(32, 1) })
    assert.throws(() => statSync(dataDir), { code: 'ENOENT' })
  })

  it('are shared by servers that start at the same moment', async () => {
    const env = { ...process.env, DATA_DIR: dataDir, START_AT: String(Date.now() + 2500) }
    const start = () =>
      run(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', STARTING_SERVER], { env })
    const printed = await Promise.all([start(), start(), start(), start()])
    assert.equal(new Set(printed.map(({ stdout }) => stdout)).size, 1)
    assert.match(printed[0]?.stdout ?? '', /^usher_op_\S{43} \S{44}\n$/)
  })

  it('are never replaced when damaged: the start stops and names the file', () => {
    secretsOf()
    const file = join(dataDir, 'secret')
    writeFileSync(file, 'half a ke')
    assert.throws(() => secretsOf(), { name: 'ConfigError', message: new RegExp(`${file}: does not hold`) })
    assert.equal(readFileSync(file, 'utf8'), 'half a ke')
  })

  it('stop the start where DATA_DIR is not a folder', () => {
    writeFileSync(dataDir, 'a file')
    assert.throws(() => secretsOf(), { name: 'ConfigError', message: /operator-token: .*check DATA_DIR/ })
  })
})
