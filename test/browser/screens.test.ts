import assert from 'node:assert/strict'
import { THOROUGH } from '../harness/effort.js'
import { violationsIn } from './axe.js'
import type { Tab } from './chromium.js'
import { fits } from './fits.js'
import { show } from './open-screen.js'
import { SCREENS } from './screens.js'
import { useScene } from './use-scene.js'

const LANGUAGES = ['en', 'fr', 'it'] as const
const WIDE = { width: 1360, height: 900 }
/** The narrowest phone, and 400 % of zoom (WCAG 1.4.10). */
const PHONE = { width: 320, height: 640 }

/** Some parts fade from one colour to the other, however little motion is asked for. */
const COLOURS_CHANGE_MS = 300

/** Each screen in one language, the next in another; the long tests take the other two of each. */
const isTurnOf = (language: number, screen: number) => (screen % LANGUAGES.length === language) !== THOROUGH

describe('every screen of the console (PRODUCT 6.4, WCAG 2.2 AA)', () => {
  const { app, scene, tab: openTab } = useScene({ until: 'suite' })

  for (const [turn, language] of LANGUAGES.entries()) {
    describe(`in ${language}`, () => {
      let tab: Tab
      before(async () => {
        tab = await openTab({ language, viewport: WIDE })
      })

      for (const screen of SCREENS.filter((_, place) => isTurnOf(turn, place))) {
        it(`${screen.name}: axe finds nothing, light and dark, and a phone need not scroll sideways`, async () => {
          const { page } = tab
          await show(tab, app, scene, screen)
          assert.equal(await page.evaluate('document.documentElement.lang'), language)
          for (const colorScheme of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme })
            await page.waitForTimeout(COLOURS_CHANGE_MS)
            assert.deepEqual(await violationsIn(tab), [], colorScheme)
          }
          await page.setViewportSize(PHONE)
          await fits(page)
          await page.setViewportSize(WIDE)
        })
      }
    })
  }
})
