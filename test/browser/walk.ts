import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'

/** Press Tab until what has the focus is called so. Fails where it cannot be reached. */
export async function tabTo(page: Page, name: string, key = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press(key)
    const called = await page.evaluate(
      `((one) => one?.labels?.[0]?.textContent ?? one?.getAttribute('aria-label') ?? one?.textContent ?? '')(document.activeElement)`,
    )
    if (String(called).startsWith(name)) return
  }
  assert.fail(`${name} cannot be reached with ${key}`)
}

/** The page is as wide as its window (WCAG 1.4.10). */
export async function fits(page: Page): Promise<void> {
  const [content, window] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as number[]
  assert.equal(content, window, 'the page does not scroll sideways')
}
