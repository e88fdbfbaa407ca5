import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import type { Looks } from './open-screen.js'
import { useScene } from './use-scene.js'

describe('the command palette (PRODUCT 6.1), by keyboard alone', function () {
  this.timeout(60_000)
  const { scene, open } = useScene()

  /** A page on which the palette was opened by its key. */
  async function palette(looks: Looks = {}): Promise<Page> {
    const page = await open('/products', looks)
    await page.locator('tbody td').first().waitFor()
    await page.keyboard.press('Control+k')
    await page.locator('[role=combobox]:focus').waitFor()
    return page
  }

  /** What a screen reader would name as chosen. */
  const chosen = (page: Page) =>
    page.evaluate<string>(
      'document.getElementById(document.activeElement.getAttribute("aria-activedescendant"))?.innerText ?? ""',
    )

  it('goes to a page: letters, arrows, Enter; accents and case do not matter', async () => {
    const page = await palette({ language: 'fr' })
    await page.keyboard.type('REGLES')
    await page.getByRole('option', { name: /^Règles d’attribution/ }).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => url.pathname === '/rules')
  })

  it('walks its options by arrows, around both ends, while the focus stays in the field', async () => {
    const page = await palette()
    const options = await page.getByRole('option').allInnerTexts()
    assert.ok(options.length > 3)
    assert.equal(await chosen(page), options[0])
    await page.keyboard.press('ArrowUp')
    assert.equal(await chosen(page), options.at(-1))
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    assert.equal(await chosen(page), options[1])
    assert.equal(await page.evaluate('document.activeElement.getAttribute("role")'), 'combobox')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  it('finds people, and says how many results there are', async () => {
    const page = await palette()
    await page.keyboard.type('Priya')
    await page.getByRole('option', { name: /Priya Raman/ }).waitFor()
    await page.getByRole('status').getByText('1 result', { exact: true }).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => url.pathname.startsWith('/users/'))
    const { body } = await scene.account.admin('get', '/users?q=priya').expect(200)
    assert.equal(new URL(page.url()).pathname, `/users/${body.items[0].id}`)
  })

  it('opens the event of a request id, with its dashes or without', async () => {
    const [event] = await scene.account.events('outcome=failure&limit=1')
    for (const pasted of [` ${event.id} `, event.id.replaceAll('-', '').toUpperCase()]) {
      const page = await palette()
      await page.keyboard.insertText(pasted)
      await page.getByRole('option', { name: /Event of this request/ }).waitFor()
      await page.keyboard.press('Enter')
      await page.waitForURL((url) => url.pathname === `/log/${event.id}`)
    }
  })

  it('does not offer what a role may not see', async () => {
    const page = await palette({ as: 'admin' })
    assert.equal(await page.getByRole('option', { name: /^Webhooks/ }).count(), 0)
    assert.equal(await page.getByRole('option', { name: /^Mapping rules/ }).count(), 1)
  })
})
