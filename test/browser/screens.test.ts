import { THOROUGH } from '../harness/effort.js'
import type { Tab } from './chromium.js'
import { isRightInEveryLook, LANGUAGES, WIDE } from './in-every-look.js'
import { show } from './open-screen.js'
import { SCREENS } from './screens.js'
import { useScene } from './use-scene.js'

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
          await show(tab, app, scene, screen)
          await isRightInEveryLook(tab, language)
        })
      }
    })
  }
})
