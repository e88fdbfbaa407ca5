import type { Page } from 'playwright-core'
import type { TestAccount } from '../harness/app.js'
import { CONNECTION_SCREENS } from './connection-screens.js'
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
  { name: 'lost', path: () => '/nowhere/at/all' },
  { name: 'rules', path: ({ connections }) => `/rules?connection=${connections.entra}`, shown: 'ol li' },
  { name: 'rule-new', path: ({ connections }) => `/rules/${connections.entra}/new`, shown: 'form' },
  {
    name: 'rule',
    path: async ({ account, connections }) => `/rules/${connections.entra}/${await ruleOf(account, connections.entra)}`,
    shown: '[data-preview=summary]',
  },
]

/** The rule that asks two things at once. */
async function ruleOf(account: TestAccount, connectionId: string): Promise<string> {
  const { body } = await account.admin('get', `/connections/${connectionId}/rules`)
  return body.items.find(({ condition }: { condition: string | null }) => condition?.includes(' and ')).id
}
