import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'

/** The page comes to be as wide as its window (WCAG 1.4.10): what was folded away needs a moment. */
export async function fits(page: Page): Promise<void> {
  const widths = () => page.evaluate<number[]>('[document.documentElement.scrollWidth, innerWidth]')
  for (let tries = 0; tries < 20; tries += 1) {
    const [content = 0, window = 0] = await widths()
    if (content <= window) return
    await page.waitForTimeout(50)
  }
  assert.fail(`the page scrolls sideways: ${(await widths()).join(' in ')}`)
}
