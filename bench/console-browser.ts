import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

/** Where distributions put it; CHROMIUM_PATH names another. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** A Chromium, and in it a context in which an administrator is signed in. */
export async function startBrowser(
  origin: string,
  secret: string,
): Promise<{ browser: Browser; context: BrowserContext }> {
  const executablePath = process.env.CHROMIUM_PATH ?? PLACES.find((place) => existsSync(place))
  if (executablePath === undefined) throw new Error('no Chromium: install one, or name it by CHROMIUM_PATH')
  // Its sandbox refuses to work for root, and for nobody else.
  const browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 })
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, locale: 'en' })
  await context.addCookies([{ name: 'usher-session', value: secret, url: origin }])
  return { browser, context }
}

/** Open an address as if for the first time, and wait until nothing more is loaded. */
export async function openFresh(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.locator('h1').first().waitFor()
  await page.waitForLoadState('networkidle')
}

/**
 * Milliseconds in the page from a change of the address to content: another heading, and nothing that is still being read. `Link`s of
 * the router do the same; a click would add the time of the driver.
 */
export function routeChangeMs(page: Page, address: string): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve, reject) => {
    const before = document.querySelector('main h1')
    const begin = performance.now()
    history.pushState({}, '', ${JSON.stringify(address)})
    dispatchEvent(new PopStateEvent('popstate', { state: {} }))
    const look = () => {
      const heading = document.querySelector('main h1')
      const reading = document.querySelector('main [aria-busy=true], main .mantine-Skeleton-root')
      const arrived = location.pathname + location.search === ${JSON.stringify(address)}
      if (arrived && heading !== null && heading !== before && reading === null)
        return resolve(performance.now() - begin)
      if (performance.now() - begin > 30000) return reject(new Error('no content after 30 s at ' + ${JSON.stringify(address)}))
      requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })`)
}
