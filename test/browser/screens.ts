import type { Page } from 'playwright-core'
import { ACCOUNT_SCREENS } from './account-screens.js'
import { CONNECTION_SCREENS } from './connection-screens.js'
import { LOG_SCREENS } from './log-screens.js'
import { PEOPLE_SCREENS } from './people-screens.js'
import type { Scene } from './scene.js'

/** A screen of the console, and what shows that it is there. */
export interface Screen {
  /** Also the name of its picture. */
  readonly name: string
  readonly path: (scene: Scene) => string | Promise<string>
  /** A selector that is on the page once its content is. */
  readonly shown?: string
  /** What is done before it is looked at: a dialog is opened, a row unfolded. In any language, so by selectors. */
  readonly act?: (page: Page) => Promise<unknown>
}

/** Every screen: what is listed here is looked at by axe, in pictures, and by whoever walks the console. */
export const SCREENS: readonly Screen[] = [
  { name: 'products', path: () => '/products', shown: 'tbody td button' },
  {
    name: 'products-change',
    path: () => '/products',
    shown: 'tbody td button',
    act: async (page) => {
      await page.locator('tbody td button').first().click()
      await page.locator('#product-seats').waitFor()
    },
  },
  ...PEOPLE_SCREENS,
  ...CONNECTION_SCREENS,
  ...LOG_SCREENS,
  { name: 'lost', path: () => '/nowhere/at/all' },
  ...ACCOUNT_SCREENS,
]
