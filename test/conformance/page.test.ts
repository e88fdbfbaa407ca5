import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CHECKS } from '../../conformance/checks.js'
import { ELSEWHERE } from '../../conformance/elsewhere.js'
import { conformancePage } from '../../conformance/page.js'
import { CHECKOUT } from '../house/rooms.js'

/** The length of the checklist (SCIM.md section 2). */
const LAST = 183

describe('docs/conformance.md', () => {
  it('is what the checks say: node --import tsx conformance/page-main.ts writes it', () => {
    assert.equal(readFileSync(join(CHECKOUT, 'docs/conformance.md'), 'utf8'), conformancePage(CHECKS))
  })

  it('has every number of the checklist once', () => {
    const numbers = [...CHECKS, ...ELSEWHERE].map(({ number }) => number).sort((a, b) => a - b)
    assert.deepEqual(
      numbers,
      Array.from({ length: LAST }, (_, index) => index + 1),
    )
  })

  it('names tests that exist', () => {
    for (const { kept } of ELSEWHERE)
      for (const [, path] of kept.matchAll(/`([^`]+)`/g)) assert.ok(existsSync(join(CHECKOUT, path!)), path)
  })
})
