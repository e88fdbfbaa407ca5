import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { useApp } from '../harness/app.js'
import { codeAt, PASSWORD, secretOn } from '../harness/owner.js'
import { SQLITE } from '../harness/sqlite.js'
import { violationsIn } from './axe.js'
import { type Tab, useChromium } from './chromium.js'

const STEP_MS = 30_000

describe('the first start, in a browser (issue 5, done when 1)', () => {
  const chromium = useChromium({ until: 'suite' })
  const app = useApp(SQLITE)
  let tab: Tab
  let page: Page
  let secret = ''
  let recoveryCode = ''
  before(async () => {
    tab = await chromium.page({ locale: 'en' })
    page = tab.page
  })

  const press = async (name: string) => {
    await page.getByRole('button', { name, exact: true }).click()
    await page.waitForLoadState()
  }
  const heading = () => page.getByRole('heading', { level: 1 }).innerText()
  /** A code counts once: the next one is half a minute away, for the server as for the authenticator. */
  const nextCode = () => {
    const at = new Date(app.server.deps.now().getTime() + STEP_MS)
    app.at(at)
    return codeAt(secret, at)
  }

  it('opens with the link that the start prints, and asks who becomes the owner', async () => {
    await tab.open(app.server.setUpLink?.url ?? '')
    assert.equal(await heading(), 'Set up Usher')
    assert.deepEqual(await violationsIn(tab), [])
  })

  it('refuses a password that is tried first everywhere, and keeps everything else that was typed', async () => {
    await page.getByLabel('Name of your company').fill('Acme <b>& Søns</b>')
    await page.getByLabel('Given name').fill('Olga')
    await page.getByLabel('Family name').fill('Owner')
    await page.getByLabel('Work e-mail address').fill('olga@acme.example')
    await page.getByLabel('Password').fill('password1234')
    await press('Continue')
    assert.match(await page.getByRole('alert').innerText(), /list of those that are tried first/)
    assert.equal(await page.getByLabel('Family name').inputValue(), 'Owner')
    assert.equal(await page.getByLabel('Password').inputValue(), '')
    assert.deepEqual(await violationsIn(tab), [])
  })

  it('asks for a second factor, and for its code until it is right', async () => {
    await page.getByLabel('Password').fill(PASSWORD)
    await press('Continue')
    assert.equal(await heading(), 'Add a second factor')
    assert.deepEqual(await violationsIn(tab), [])
    secret = secretOn(await page.content())
    await page.getByLabel('Your code').fill('000000')
    await press('Continue')
    assert.equal(await heading(), 'Add a second factor')
    assert.equal(secretOn(await page.content()), secret, 'the picture that was scanned stays good')
    await page.getByLabel('Your code').fill(nextCode())
    await press('Continue')
  })

  it('shows recovery codes once, and leads into the console', async () => {
    assert.equal(await heading(), 'Keep your recovery codes')
    assert.deepEqual(await violationsIn(tab), [])
    const codes = await page.locator('main code').allInnerTexts()
    assert.equal(codes.length, 10)
    recoveryCode = codes[0] ?? ''
    await page.getByRole('link', { name: /continue/i }).click()
    await page.getByRole('navigation', { name: 'Console' }).waitFor()
    assert.equal(new URL(page.url()).pathname, '/')
    assert.match(await page.locator('header').innerText(), /Acme <b>& Søns<\/b>/)
  })

  it('is over: the link opens nothing any more', async () => {
    const other = await chromium.page({ locale: 'en' })
    await other.open(app.server.setUpLink?.url ?? '')
    assert.match(await other.text(), /used|no longer|not valid|expired/i)
    assert.deepEqual(await violationsIn(other), [])
  })

  it('lets the owner out, and in again by password and code', async () => {
    await page.getByRole('button', { name: /Olga Owner/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.waitForURL(/sign-in/)
    await enterAddressAndPassword(PASSWORD)
    await page.getByRole('textbox', { name: /code/i }).fill(nextCode())
    await page.getByRole('button').first().click()
    await page.getByRole('navigation', { name: 'Console' }).waitFor()
  })

  it('leads to where somebody wanted to go, with a recovery code in place of a lost authenticator', async () => {
    await tab.context.clearCookies()
    await tab.open(`${app.publicUrl}/products?from=a-colleague`)
    await enterAddressAndPassword(PASSWORD)
    await page.getByRole('textbox', { name: /code/i }).fill(recoveryCode)
    await page.getByRole('button').first().click()
    await page.getByRole('heading', { level: 1, name: 'Products and seats' }).waitFor()
    assert.equal(new URL(page.url()).search, '?from=a-colleague')
  })

  it('says in words that a password is wrong, and nothing of whether the person is known', async () => {
    await tab.context.clearCookies()
    await tab.open(`${app.publicUrl}/sign-in`)
    await enterAddressAndPassword('a wrong but long password')
    const known = await page.getByRole('alert').or(page.getByRole('status')).innerText()
    await tab.open(`${app.publicUrl}/sign-in`)
    await enterAddressAndPassword('a wrong but long password', 'nobody@acme.example')
    assert.equal(await page.getByRole('alert').or(page.getByRole('status')).innerText(), known)
  })

  async function enterAddressAndPassword(password: string, email = 'olga@acme.example'): Promise<void> {
    await page.getByRole('textbox', { name: /e-mail/i }).fill(email)
    await press('Use a password')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button').first().click()
    await page.waitForLoadState()
  }
})
