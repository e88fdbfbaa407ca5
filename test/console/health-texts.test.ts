import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { HEALTH_REASONS } from '../../accounts/health-reasons.js'
import { CHECKOUT } from '../house/rooms.js'

type Texts = Readonly<Record<string, Readonly<Record<string, string>> | string>>

describe('reasons of health in words (PRODUCT 3.4)', () => {
  for (const language of ['en', 'fr', 'it']) {
    it(`${language} says of each reason what is so and what to do`, () => {
      const file = join(CHECKOUT, 'console/texts', language, 'health.json')
      const texts = JSON.parse(readFileSync(file, 'utf8')) as Texts
      const silent = Object.keys(HEALTH_REASONS).filter((code) => {
        const said = Object.keys(texts[code] ?? {})
        return !said.some((key) => key === 'text' || key === 'text_other') || !said.includes('next')
      })
      assert.deepEqual(silent, [])
    })
  }
})
