import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SETUP_CHECKS, SETUP_PROBLEMS } from '../../accounts/setup-checks.js'
import { SETUP_HINTS } from '../../accounts/setup-hints.js'
import { STEPS } from '../../console/pages/setup/steps.js'
import { SELF_TEST_FAULTS } from '../../server/self-test/faults.js'
import { SELF_TEST_STEPS } from '../../server/self-test/steps.js'
import { CHECKOUT } from '../house/rooms.js'

type Texts = { readonly [key: string]: string | Texts }

function textsOf(language: string): Texts {
  return JSON.parse(readFileSync(join(CHECKOUT, 'console/texts', language, 'setup.json'), 'utf8')) as Texts
}

/** Its own children, by name. */
function at(texts: Texts, ...path: string[]): Texts {
  const [first, ...rest] = path
  const next = first === undefined ? texts : (texts[first] as Texts | undefined)
  return first === undefined ? texts : next === undefined ? {} : at(next, ...rest)
}

describe('the set-up in words (PRODUCT 4)', () => {
  for (const language of ['en', 'fr', 'it']) {
    const texts = textsOf(language)

    it(`${language} has words for every check and what can be the matter with it`, () => {
      const silent = [
        ...SETUP_CHECKS.filter((check) => at(texts, 'watch', 'check')[check] === undefined),
        ...SETUP_PROBLEMS.filter((code) => at(texts, 'watch', 'problem')[code] === undefined),
      ]
      assert.deepEqual(silent, [])
    })

    it(`${language} has the sentence that helps for every hint (PRODUCT 4.7)`, () => {
      const said = Object.keys(at(texts, 'watch', 'hint'))
      const silent = SETUP_HINTS.filter((code) => !said.includes(code) && !said.includes(`${code}_other`))
      // Its three likely reasons stand in a list of their own.
      assert.deepEqual(silent, ['nothing_arrived'])
      assert.deepEqual(Object.keys(at(texts, 'watch', 'nothingOf')), ['firewall', 'address', 'nothing'])
    })

    it(`${language} has words for every step of the self-test, and what to do about each fault`, () => {
      assert.deepEqual(Object.keys(at(texts, 'selfTest', 'step')).sort(), [...SELF_TEST_STEPS].sort())
      assert.deepEqual(Object.keys(at(texts, 'selfTest', 'fault')).sort(), [...SELF_TEST_FAULTS].sort())
    })

    it(`${language} says what to do in every step of every identity provider`, () => {
      const silent = Object.entries(STEPS).flatMap(([kind, steps]) =>
        steps.filter(({ key }) => {
          const { title, do: lines } = at(texts, kind, key)
          return typeof title !== 'string' || !Array.isArray(lines) || lines.length === 0
        }),
      )
      assert.deepEqual(silent, [])
    })
  }
})
