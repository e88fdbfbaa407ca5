import assert from 'node:assert/strict'
import axe from 'axe-core'
import { TestApp } from '../harness/app.js'
import { SQLITE } from '../harness/sqlite.js'
import { Chromium } from './chromium.js'
import { openScreen } from './open-screen.js'
import { aScene, type Scene } from './scene.js'
import { SCREENS } from './screens.js'

/** What every screen is looked at in: each theme, each language. */
const LOOKS = [
  { scheme: 'light', language: 'en' },
  { scheme: 'dark', language: 'fr' },
  { scheme: 'light', language: 'it' },
  { scheme: 'dark', language: 'en' },
] as const

const RULES = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }

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

  for (const screen of SCREENS) {
    for (const looks of LOOKS) {
      it(`${screen.name}: axe finds nothing, ${looks.scheme} in ${looks.language}`, async () => {
        const tab = await openScreen(chromium, app, scene, screen, looks)
        await tab.page.evaluate(axe.source)
        const { violations } = (await tab.page.evaluate(
          `axe.run(document, { runOnly: ${JSON.stringify(RULES)} })`,
        )) as {
          violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[]
        }
        assert.deepEqual(
          violations.map(({ id, help, nodes }) => [
            id,
            help,
            nodes.map(({ html, failureSummary }) => [html, failureSummary]),
          ]),
          [],
        )
        assert.equal(await tab.page.evaluate('document.documentElement.lang'), looks.language)
        await tab.close()
      })
    }

    it(`${screen.name}: fits a phone without scrolling sideways`, async () => {
      const tab = await openScreen(chromium, app, scene, screen, { viewport: { width: 320, height: 640 } })
      assert.equal(await tab.page.evaluate('document.documentElement.scrollWidth'), 320)
      await tab.close()
    })
  }
})
