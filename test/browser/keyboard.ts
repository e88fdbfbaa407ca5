import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'

/** So many stops on the way through a page are too many for anybody. */
const MAX_STOPS = 120

const FOCUSED = `(() => {
  const one = document.activeElement
  if (one === null || one === document.body) return ''
  const named = one.getAttribute('aria-label') ?? (one.labels?.[0]?.innerText || one.innerText) ?? ''
  return named.trim()
})()`

/** Walk by Tab to what has this name, as somebody without a mouse; Shift+Tab walks back. */
export async function tabTo(page: Page, name: string | RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const passed: string[] = []
  for (let stop = 0; stop < MAX_STOPS; stop += 1) {
    const focused = await page.evaluate<string>(FOCUSED)
    if (typeof name === 'string' ? focused === name : name.test(focused)) return
    passed.push(focused)
    await page.keyboard.press(key)
  }
  assert.fail(`no stop is named ${name}: ${passed.join(' | ')}`)
}

/** Walk there, and press it. */
export async function pressByKey(page: Page, name: string | RegExp): Promise<void> {
  await tabTo(page, name)
  await page.keyboard.press('Enter')
}
