import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { CHECKOUT } from '../house/rooms.js'

/** Start the process itself, which has to end; resolves to its exit code and what it said. */
async function start(env: Readonly<Record<string, string>>): Promise<{ code: number; said: string }> {
  const main = join(CHECKOUT, 'server/main.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', main], { cwd: CHECKOUT, env: { ...process.env, ...env } })
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit') as Promise<[number]>])
  return { code, said }
}

describe('a start that cannot be', () => {
  const folder = mkdtempSync(join(tmpdir(), 'usher-start-'))
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('names the port that somebody else has, and what to type in its place', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const { code, said } = await start({ PORT: String(port), DATA_DIR: folder })
    other.close()
    assert.equal(code, 1)
    assert.match(
      said,
      new RegExp(`^Something else listens on port ${port} of 127.0.0.1 already. .*PORT=${port + 1} npm start`),
    )
    assert.doesNotMatch(said, /\n\s+at /)
  }).timeout(30_000)

  it('lists every setting that does not fit, without a stack', async () => {
    const { code, said } = await start({ PORT: 'abc', USHER_FOO: '1', DATABASE_URL: 'postgres:x', DATA_DIR: folder })
    assert.equal(code, 1)
    for (const name of ['USHER_FOO', 'PORT', 'DATABASE_URL', 'USHER_SECRET'])
      assert.match(said, new RegExp(`^  ${name}: `, 'm'))
    assert.doesNotMatch(said, /\n\s+at /)
  }).timeout(30_000)
})
