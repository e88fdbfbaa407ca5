import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CHECKOUT } from '../house/rooms.js'

describe('npm run demo as a command', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'usher-demo-test-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const demo = (...words: string[]) =>
    spawnSync('npm', ['run', 'demo', '--', ...words], {
      cwd: CHECKOUT,
      encoding: 'utf8',
      // Its own database, whatever the environment of a real server says.
      env: { ...process.env, TMPDIR: folder, DATABASE_URL: 'postgres://nobody@nowhere.invalid/none' },
    })

  it('ends after the tour with --once and leaves nothing behind', () => {
    const { status, stdout, stderr } = demo('--once')
    assert.equal(status, 0, stderr)
    assert.match(stdout, /4\. One person's story: Zoë Müller/)
    assert.doesNotMatch(stdout, /Your turn/)
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('usher-demo-')),
      [],
    )
  })

  it('says which word it does not know', () => {
    const { status, stderr } = demo('--onec')
    assert.equal(status, 1)
    assert.match(stderr, /the demo does not know --onec; it knows --once/)
  })
})
