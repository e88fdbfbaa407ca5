import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

/** Where distributions put it; CHROMIUM_PATH names another. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** A real browser, started once for a suite. Each context of it is a browser of its own, as far as cookies go. */
export class Chromium {
  #browser: Browser | undefined
  readonly #tabs: Tab[] = []

  async start(): Promise<void> {
    const executablePath = process.env.CHROMIUM_PATH ?? PLACES.find((place) => existsSync(place))
    if (executablePath === undefined)
      throw new Error(`no Chromium at ${PLACES.join(', ')}: install Debian's package, or name one by CHROMIUM_PATH`)
    // Its sandbox refuses to work for root, and for nobody else.
    this.#browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 })
  }

  async stop(): Promise<void> {
    await this.#browser?.close()
  }

  /** Close what was opened; fails where a console named an error, unless such errors are meant. */
  async closeTabs(errorsAreMeant = false): Promise<void> {
    for (const tab of this.#tabs.splice(0)) await (errorsAreMeant ? tab.context.close() : tab.close())
  }

  /** A page in a context of its own. */
  async page(options: BrowserContextOptions = {}): Promise<Tab> {
    assert.ok(this.#browser, 'the browser is started before the first test')
    const context = await this.#browser.newContext(options)
    const tab = new Tab(context, await context.newPage())
    this.#tabs.push(tab)
    return tab
  }
}

interface TabsOfSuite {
  /** What a test opened is closed behind it, or behind the suite where one test goes on from the other. */
  readonly until?: 'test' | 'suite'
  /** For suites that break something on purpose. */
  readonly errorsAreMeant?: boolean
}

/** A browser that starts before this suite and stops after it. A test fails where the console of its page names an error. */
export function useChromium({ until = 'test', errorsAreMeant = false }: TabsOfSuite = {}): Chromium {
  const chromium = new Chromium()
  before(async function () {
    this.timeout(30_000)
    await chromium.start()
  })
  const close = () => chromium.closeTabs(errorsAreMeant)
  if (until === 'test') afterEach(close)
  else after(close)
  after(() => chromium.stop())
  return chromium
}

/** One page of one browser, as a person sees it. */
export class Tab {
  readonly context: BrowserContext
  readonly page: Page
  readonly #complaints: string[] = []

  constructor(context: BrowserContext, page: Page) {
    this.context = context
    this.page = page
    page.on('pageerror', (error) => this.#complaints.push(error.message))
    page.on('console', (message) => {
      // A page with the status of a refusal is named as well, and meant to be.
      if (message.type() === 'error' && !message.text().includes('the server responded with a status of 4'))
        this.#complaints.push(message.text())
    })
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url)
  }

  /** Press a button, and wait until the browser has arrived at an address that begins so. */
  async press(button: string | RegExp, arriving: string): Promise<void> {
    await this.page.getByRole('button', { name: button }).first().click()
    await this.arrive(arriving)
  }

  async arrive(start: string): Promise<void> {
    await this.page.waitForURL((url) => url.href.startsWith(start), { waitUntil: 'load' })
  }

  /** What a person reads. */
  text(): Promise<string> {
    return this.page.locator('body').innerText()
  }

  async close(): Promise<void> {
    await this.context.close()
    assert.deepEqual(this.#complaints, [], 'the console names no errors')
  }
}
