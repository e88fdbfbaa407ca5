import assert from 'node:assert/strict'
import { violationsIn } from './axe.js'
import type { Tab } from './chromium.js'
import { fits } from './fits.js'

export const LANGUAGES = ['en', 'fr', 'it'] as const
export const WIDE = { width: 1360, height: 900 }
/** The narrowest phone, and 400 % of zoom (WCAG 1.4.10). */
const PHONE = { width: 320, height: 640 }

/** Some parts fade from one colour to the other, however little motion is asked for. */
const COLOURS_CHANGE_MS = 300

/** A page that stands wide: axe finds nothing in it, light and dark, and on a phone it need not be scrolled sideways. */
export async function isRightInEveryLook(tab: Tab, language: string): Promise<void> {
  const { page } = tab
  assert.equal(await page.evaluate('document.documentElement.lang'), language)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.waitForTimeout(COLOURS_CHANGE_MS)
    assert.deepEqual(await violationsIn(tab), [], colorScheme)
  }
  await page.setViewportSize(PHONE)
  await fits(page)
  await page.setViewportSize(WIDE)
}
