import assert from 'node:assert/strict'
import { TestApp } from '../harness/app.js'
import { SQLITE } from '../harness/sqlite.js'
import { violationsIn } from './axe.js'
import { Chromium, type Tab } from './chromium.js'
import { show, tabOf } from './open-screen.js'
import { aScene, type Scene } from './scene.js'
import { SCREENS } from './screens.js'

/** How the screens are looked at: both themes, all languages; and on the narrowest phone (WCAG 1.4.10). */
const LOOKS = [
  { scheme: 'light', language: 'en' },
  { scheme: 'dark', language: 'fr' },
  { scheme: 'dark', language: 'it' },
] as const
const PHONE = { width: 320, height: 640 }

describe('every screen of the console (PRODUCT 6.4, WCAG 2.2 AA)', () => {
  const app = new TestApp(SQLITE)
  const chromium = new Chromium()
  let scene: Scene
  before(async () => {
    await Promise.all([app.start(), chromium.start()])
    scene = await aScene(app)
  })
  after(async () => {
    await chromium.stop()
    await app.stop()
  })

  for (const looks of LOOKS) {
    describe(`${looks.scheme}, in ${looks.language}`, () => {
      let tab: Tab
      before(async () => {
        tab = await tabOf(chromium, app, scene, looks)
      })
      after(() => tab.close())

      for (const screen of SCREENS) {
        it(`${screen.name}: axe finds nothing`, async () => {
          await show(tab, app, scene, screen)
          assert.equal(await tab.page.evaluate('document.documentElement.lang'), looks.language)
          assert.deepEqual(await violationsIn(tab), [])
        })
      }
    })
  }

  describe('on a phone', () => {
    let tab: Tab
    before(async () => {
      tab = await tabOf(chromium, app, scene, { viewport: PHONE })
    })
    after(() => tab.close())

    for (const screen of SCREENS) {
      it(`${screen.name}: does not scroll sideways`, async () => {
        await show(tab, app, scene, screen)
        assert.equal(await tab.page.evaluate('document.documentElement.scrollWidth'), PHONE.width)
      })
    }
  })
})
