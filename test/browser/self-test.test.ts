import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { TestAccount, TestApp } from '../harness/app.js'
import { Front } from '../harness/front.js'
import { anOwner, type Owner } from '../harness/owner.js'
import { SQLITE } from '../harness/sqlite.js'
import { useChromium } from './chromium.js'
import { pressByKey } from './keyboard.js'
import { signedInTab } from './open-screen.js'

describe('the self-test of a connection in a browser (PRODUCT 4.6)', function () {
  this.timeout(60_000)
  const front = new Front()
  const chromium = useChromium()
  let app: TestApp
  let owner: Owner
  let account: TestAccount
  before(async () => {
    await front.start()
    app = new TestApp(SQLITE, { PUBLIC_URL: front.url })
    await app.start()
    front.to(app.server.port)
    owner = await anOwner(app)
    account = new TestAccount(app, owner.accountId)
  })
  after(async () => {
    await app.stop()
    await front.stop()
  })

  async function open(path: string): Promise<Page> {
    const tab = await signedInTab(chromium, app, owner.cookie)
    await tab.open(`${app.publicUrl}${path}`)
    return tab.page
  }

  const outcomes = (page: Page) =>
    page
      .getByRole('list', { name: 'Steps of the self-test' })
      .getByRole('listitem')
      .evaluateAll((items) => items.map((item) => item.textContent ?? ''))

  it('says what the proxy does wrong, and passes once that is mended, by keyboard alone', async () => {
    const { id } = await account.aConnection({ name: 'Behind a proxy' })
    front.meddle = ({ url = '', headers }) => {
      if (url.startsWith('/scim/')) delete headers.authorization
      return false
    }
    const page = await open(`/connections/${id}?tab=test`)
    await page.getByRole('heading', { name: 'Self-test' }).waitFor()
    await pressByKey(page, 'Run self-test')
    await page.getByText('The self-test found a problem.').first().waitFor()
    const [address, token, ...others] = await outcomes(page)
    assert.match(String(address), /^Address reachablepassed/)
    assert.match(String(token), /the proxy takes off the header Authorization/)
    assert.match(String(token), /Received401, The request had no token/)
    assert.equal(others.filter((one) => one.endsWith('not tried')).length, 6)

    front.meddle = () => false
    await page.keyboard.press('Enter')
    await page.getByText('Every step passed.').first().waitFor()
    assert.ok((await outcomes(page)).every((one) => one.includes('passed')))
    const events = await account.events(`connectionId=${id}&action=connection.self_tested`)
    assert.deepEqual(
      events.map(({ outcome, actor }) => [outcome, actor.type]),
      [
        ['success', 'user'],
        ['failure', 'user'],
      ],
    )
  })

  it('stands in the set-up of a draft, and makes nobody real', async () => {
    const { body } = await account.admin('post', '/connections', { name: 'Draft', idpKind: 'entra' }).expect(201)
    const people = (await account.admin('get', '/users').expect(200)).body.items.length
    const page = await open(`/connections/${body.id}/setup?step=scim`)
    await page.getByRole('button', { name: 'Run self-test' }).click()
    await page.getByText('Every step passed.').first().waitFor()
    await page.getByText('requests of a directory are refused until it is live').waitFor()
    assert.equal((await account.admin('get', '/users').expect(200)).body.items.length, people)
  })
})
