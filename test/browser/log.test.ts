import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { aUser, TestConnection } from '../harness/app.js'
import type { Tab } from './chromium.js'
import { useScene } from './use-scene.js'

describe('an administrator and the log, in Chromium (PRODUCT 3.2, 6.4)', function () {
  this.timeout(240_000)
  const { app, scene, tab: openTab } = useScene()
  let tab: Tab
  beforeEach(async () => {
    tab = await openTab()
    tab.page.setDefaultTimeout(60_000)
  })

  const panel = (page: Page) => page.getByRole('dialog', { name: 'Event', exact: true })
  const rowOf = (page: Page, text: string) => page.locator('tbody tr', { hasText: text }).first()

  it('by mouse: problems, the failure of Ingrid, its remedy, and the way to it', async () => {
    const { page } = tab
    await tab.open(`${app.publicUrl}/log`)
    await page.getByText('Problems', { exact: true }).click()
    await page.waitForURL(/show=problems/)
    await rowOf(page, 'Ingrid Sørensen').click()
    await panel(page)
      .getByRole('heading', { name: 'Entra ID could not add Ingrid Sørensen. Nothing changed.' })
      .waitFor()
    const text = await panel(page).innerText()
    assert.match(text, /Somebody with this address is already a user here/)
    assert.match(text, /Link the two under Match requests/)
    assert.match(text, /You can fix it here, as an administrator of this account/)
    assert.match(text, /Entra: Provisioning → Provision on demand → pick the user/)
    const link = panel(page).getByRole('link', { name: 'Open the match requests' })
    assert.equal(await link.getAttribute('href'), '/match-requests')
    // The address leads a colleague to the same event among the same problems.
    const [event] = await scene.account.events('code=user_exists_local')
    assert.equal(new URL(page.url()).pathname, `/log/${event.id}`)
    assert.match(page.url(), /show=problems/)
    await panel(page).getByText('"userName": "ingrid.sorensen@acme.example"').waitFor()
    assert.doesNotMatch(await panel(page).innerText(), /Bearer/)
  })

  it('by keyboard alone: to the search, to the event, on with J, back with K, closed with Escape', async () => {
    const { page } = tab
    await tab.open(`${app.publicUrl}/log?code=user_exists_local,user_exists_directory`)
    await rowOf(page, 'Ingrid Sørensen').waitFor()
    const focused = () => page.evaluate('document.activeElement?.getAttribute("data-event")')
    for (let presses = 0; presses < 60 && (await focused()) === null; presses++) await page.keyboard.press('Tab')
    const newest = await focused()
    assert.ok(newest)
    await page.keyboard.press('Enter')
    await panel(page)
      .getByRole('heading', { level: 3, name: /Okta Nordlys could not add Léa Fontaine/ })
      .waitFor()
    await page.keyboard.press('j')
    await panel(page)
      .getByRole('heading', { level: 3, name: /Entra ID could not add Ingrid Sørensen/ })
      .waitFor()
    const second = new URL(page.url()).pathname.split('/').at(-1)
    await page.keyboard.press('k')
    await panel(page)
      .getByRole('heading', { level: 3, name: /Léa Fontaine/ })
      .waitFor()
    await page.keyboard.press('j')
    await panel(page)
      .getByRole('heading', { level: 3, name: /Ingrid Sørensen/ })
      .waitFor()
    await page.keyboard.press('Escape')
    await panel(page).waitFor({ state: 'detached' })
    await page.waitForFunction(`document.activeElement?.getAttribute("data-event") === ${JSON.stringify(second)}`)
    assert.equal(new URL(page.url()).search, '?code=user_exists_local%2Cuser_exists_directory')
  })

  it('opens the event of a request id that is pasted into the search, from any view', async () => {
    const { page } = tab
    const [event] = await scene.account.events('action=user.deactivated')
    await tab.open(`${app.publicUrl}/audit`)
    await page.getByLabel('Search').fill(event.correlationId)
    await panel(page)
      .getByRole('heading', { name: /deactivated/ })
      .waitFor()
    const text = await panel(page).innerText()
    assert.match(text, /1 license ended|seats? freed/)
    assert.match(text, /Before\s+After/)
  })

  it('answers a forged id in words, and the list behind it stays', async () => {
    const { page } = tab
    for (const id of ['nothing-of-the-kind', '019a2c4e-7b1d-7e55-8f00-0123456789ab', '%3Cimg%20src%3Dx%3E']) {
      await tab.open(`${app.publicUrl}/log/${id}`)
      await panel(page).getByText('There is no such event').waitFor()
      await page.keyboard.press('Escape')
      await panel(page).waitFor({ state: 'detached' })
      await rowOf(page, 'Ingrid Sørensen').waitFor()
    }
  })

  it('offers each filter to be taken away where nothing matches', async () => {
    const { page } = tab
    await tab.open(`${app.publicUrl}/log?q=Nobody%20At%20All&outcome=failure`)
    await page.getByText('No events match').waitFor()
    await page.getByRole('button', { name: 'Remove the filter Search: Nobody At All' }).last().click()
    await rowOf(page, 'Ingrid Sørensen').waitFor()
    assert.equal(new URL(page.url()).search, '?outcome=failure')
  })

  it('tells of new events, and shows them when asked', async () => {
    const { page } = tab
    await tab.open(`${app.publicUrl}/log`)
    await rowOf(page, 'Ingrid Sørensen').waitFor()
    const { body } = await scene.account.admin('post', `/connections/${scene.connections.entra}/tokens`, {}).expect(201)
    const entra = new TestConnection(scene.account, scene.connections.entra, body.token)
    await entra.provision(aUser({ userName: 'late@acme.example', displayName: 'Late Arrival' }))
    await page
      .getByText(/^\d+ new events?$/)
      .first()
      .waitFor({ timeout: 30_000 })
    assert.equal(await rowOf(page, 'Late Arrival').count(), 0)
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await rowOf(page, 'Late Arrival').waitFor()
  })

  it('shows what a refused sign-in expected and what came', async () => {
    const { page } = tab
    await tab.open(`${app.publicUrl}/sign-ins?code=wrong_audience`)
    await page.locator('a[data-event]').first().click()
    await panel(page).getByText('The answer is for another Entity ID').waitFor()
    const text = await panel(page).innerText()
    assert.match(text, /Received\s+https:\/\/other\.example\/entity/)
    assert.match(text, /Audience \(Entity ID\)\s+failed/)
  })
})

const HOSTILE = [
  '<img src=x onerror="window.broken=1"><b>Mallory</b>',
  '</script><script>window.broken=1</script>',
  '‮ereh desrever',
  '👩‍👩‍👧‍👦'.repeat(12),
  'W'.repeat(200),
  '{{actor}} $t(codes:no_seat.title) \u{E000}subject\u{E000}',
]

describe('hostile names in the log', function () {
  this.timeout(240_000)
  const { app, scene, tab: openTab } = useScene()
  before(async () => {
    const connection = await scene.account.aConnection({ name: HOSTILE[0] })
    for (const [place, displayName] of HOSTILE.entries())
      await connection.provision(aUser({ userName: `hostile${place}@acme.example`, displayName }))
  })

  it('are shown as they are, execute nothing, and fit a phone', async () => {
    const tab = await openTab({ viewport: { width: 320, height: 640 } })
    tab.page.setDefaultTimeout(60_000)
    for (const place of HOSTILE.keys()) {
      const [event] = await scene.account.events(`q=hostile${place}&action=user.created`)
      await tab.open(`${app.publicUrl}/log/${event.id}?q=hostile`)
      await tab.page.getByRole('dialog').getByRole('heading', { level: 3 }).waitFor()
      await tab.page.waitForLoadState('networkidle')
      assert.equal(await tab.page.evaluate('document.documentElement.scrollWidth'), 320)
      assert.equal(await tab.page.evaluate('window.broken'), undefined)
    }
    assert.match(
      await tab.page.getByRole('heading', { level: 3 }).first().innerText(),
      /\{\{actor\}\} \$t\(codes:no_seat\.title\)/,
    )
  })
})
