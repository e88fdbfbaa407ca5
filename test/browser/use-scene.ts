import type { Page } from 'playwright-core'
import { type TestApp, useApp } from '../harness/app.js'
import { SQLITE } from '../harness/sqlite.js'
import { type Tab, useChromium } from './chromium.js'
import { type Looks, tabOf } from './open-screen.js'
import { aScene, type Scene } from './scene.js'

export interface SceneInChromium {
  readonly app: TestApp
  /** What is in it can be read from the first test on. */
  readonly scene: Scene
  /** A page with somebody's session, before anything is opened in it. */
  tab(looks?: Looks): Promise<Tab>
  /** A page of the console: `path` begins with a slash. */
  open(path: string, looks?: Looks): Promise<Page>
}

/** The scene in a server of its own, and a browser to look at it: both start before this suite and stop after it. */
export function useScene(tabs: Parameters<typeof useChromium>[0] = {}): SceneInChromium {
  const chromium = useChromium(tabs)
  const app = useApp(SQLITE)
  let made: Scene | undefined
  before(async function () {
    this.timeout(60_000)
    made = await aScene(app)
  })
  const now = () => {
    if (made === undefined) throw new Error('the scene is played before the first test')
    return made
  }
  const scene: Scene = {
    get account() {
      return now().account
    },
    get connections() {
      return now().connections
    },
    get cookies() {
      return now().cookies
    },
  }
  const tab = (looks?: Looks) => tabOf(chromium, app, scene, looks)
  return {
    app,
    scene,
    tab,
    open: async (path, looks) => {
      const { page } = await tab(looks)
      await page.goto(`${app.publicUrl}${path}`)
      return page
    },
  }
}
