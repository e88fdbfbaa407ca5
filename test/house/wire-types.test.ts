import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CHECKOUT } from './rooms.js'
import { wireTypes } from './wire-types.js'

describe('what the console knows of the admin API', () => {
  it('is what the admin API says of itself (`npm run console:types` writes it)', () => {
    assert.equal(readFileSync(join(CHECKOUT, 'console/api/schema.ts'), 'utf8'), wireTypes())
  })
})
