import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { TestApp } from '../harness/app.js'
import { SQLITE } from '../harness/sqlite.js'
import { CHECKOUT } from '../house/rooms.js'
import { Chromium } from './chromium.js'
import { show, tabOf } from './open-screen.js'
import { aScene } from './scene.js'
import { SCREENS } from './screens.js'

// `npm run console:shots`: a picture of every screen, wide and narrow, light and dark, into screenshots/.
// `-- --only log,users` takes the screens whose names begin so; `--language fr` another language.
const { values } = parseArgs({ options: { only: { type: 'string' }, language: { type: 'string', default: 'en' } } })
const wanted = values.only?.split(',')
const FOLDER = join(CHECKOUT, 'screenshots')
const SIZES = { wide: { width: 1360, height: 900 }, narrow: { width: 390, height: 844 } }

mkdirSync(FOLDER, { recursive: true })
const app = new TestApp(SQLITE)
const chromium = new Chromium()
await Promise.all([app.start(), chromium.start()])
const scene = await aScene(app)
const screens = SCREENS.filter(({ name }) => wanted?.some((start) => name.startsWith(start)) ?? true)
for (const scheme of ['light', 'dark'] as const) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    const tab = await tabOf(chromium, app, scene, { scheme, viewport, language: values.language })
    for (const screen of screens) {
      await show(tab, app, scene, screen)
      const file = join(FOLDER, `${screen.name}-${size}-${scheme}.png`)
      await tab.page.screenshot({ path: file, fullPage: true })
      console.log(file)
    }
    await tab.close()
  }
}
await chromium.stop()
await app.stop()
