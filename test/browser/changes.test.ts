import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { ACCOUNT_URN, aUser, type Body, TestAccount, useApp } from '../harness/app.js'
import { anOwner, type Owner } from '../harness/owner.js'
import { SQLITE } from '../harness/sqlite.js'
import { useReceiver } from '../harness/webhook-receiver.js'
import { TestIdp } from '../saml/an-idp.js'
import { useMetadataServer } from '../saml/metadata-server.js'
import { useChromium } from './chromium.js'
import { pressByKey } from './keyboard.js'
import { signedInTab } from './open-screen.js'

describe('what an administrator decides in a browser', function () {
  this.timeout(60_000)
  const chromium = useChromium()
  const app = useApp(SQLITE, { USHER_ALLOW_PRIVATE_FETCH: 'on' })
  const metadata = useMetadataServer()
  const receiver = useReceiver()
  let owner: Owner
  let account: TestAccount
  before(async () => {
    owner = await anOwner(app)
    account = new TestAccount(app, owner.accountId)
  })
  afterEach(() => app.at(undefined))

  async function open(path: string): Promise<Page> {
    const tab = await signedInTab(chromium, app, owner.cookie)
    await tab.open(`${app.publicUrl}${path}`)
    return tab.page
  }

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
  const dialog = (page: Page) => page.getByRole('dialog')
  const gone = (page: Page) => dialog(page).waitFor({ state: 'detached' })
  const read = (page: Page, words: string | RegExp) => page.getByText(words).first().waitFor()
  const said = (page: Page, words: string) => page.locator('.unseen[role=status]', { hasText: words }).waitFor()

  it('metadata that names another host waits, is compared, and counts once it is accepted, by keyboard', async () => {
    const { id } = await account.aConnection({ name: 'Moves house' })
    const idp = await TestIdp.create('https://idp.example/entity')
    metadata.answer = idp.metadata()
    const path = `/connections/${id}/saml`
    const { body: saml } = await account.admin('put', path, { idpMetadataUrl: metadata.url }).expect(200)
    metadata.answer = idp.metadata({ host: 'https://moved.example' })
    app.at(new Date(saml.refresh.nextAt))
    await app.settle()
    app.at(undefined)

    const page = await open(`/connections/${id}/sign-in`)
    const waiting = page.getByRole('region', { name: 'A change waits for your decision' })
    await waiting.waitFor()
    const row = waiting.getByRole('row', { name: /Sign-in address \(HTTP-POST\)/ })
    assert.match(await row.innerText(), /https:\/\/idp\.example\/sso\s+https:\/\/moved\.example\/sso$/)
    await pressByKey(page, 'Accept')
    await read(page, 'From then on people are sent where the new metadata says')
    await pressByKey(page, 'Accept')
    await gone(page)
    await waiting.waitFor({ state: 'detached' })
    const { body } = await account.admin('get', path).expect(200)
    assert.deepEqual([body.pending, body.idp.ssoPostUrl], [null, 'https://moved.example/sso'])
    const [event] = await account.events(`connectionId=${id}&action=saml.change_accepted`)
    assert.equal(event?.actor.id, owner.userId)
  })

  it('a connection is switched off and deleted with the number of its people, and asks for its name', async () => {
    const connection = await account.aConnection({ name: 'Given up' })
    const people = [await connection.provision(aUser()), await connection.provision(aUser())]
    const [ada] = await Promise.all(people.map((one) => connection.userOf(one)))
    const page = await open(`/connections/${connection.id}?tab=danger`)
    assert.equal(await button(page, 'Delete').isDisabled(), true)
    await button(page, 'Switch off').click()
    await read(page, 'It manages 2 users. What shall become of them?')
    await page.getByRole('radio', { name: 'Suspend' }).check()
    const confirm = dialog(page).getByRole('button', { name: 'Switch off' })
    assert.equal(await confirm.isDisabled(), true)
    await dialog(page).getByRole('textbox').fill('Given up')
    await confirm.click()
    await gone(page)
    await read(page, 'Switched off')
    await connection.get('/Users').expect(401)
    const suspended = await account.user(ada.id)
    assert.deepEqual([suspended.status, suspended.origin], ['suspended', 'directory'])

    await button(page, 'Delete').click()
    await read(page, '2 users become local users. This cannot be undone.')
    await dialog(page).getByRole('textbox').fill('Given up')
    await dialog(page).getByRole('button', { name: 'Delete' }).click()
    await page.waitForURL(/\/connections$/)
    await app.settle()
    await account.admin('get', `/connections/${connection.id}`).expect(404)
    assert.equal((await account.user(ada.id)).origin, 'local')
    await page.reload()
    await page.getByRole('heading', { name: 'Connections' }).waitFor()
    assert.equal(await page.getByText('Given up').count(), 0)
  })

  it('a webhook is made, fails, says why, and is sent again what was refused', async () => {
    receiver.answerTo = () => 500
    const page = await open('/webhooks')
    await button(page, 'Add a webhook').click()
    await page.getByLabel('Address').fill(receiver.url)
    await page.getByLabel('Description').fill('The CRM')
    await button(page, 'Save').click()
    await read(page, 'It is shown only now.')
    assert.match(await dialog(page).locator('code').first().innerText(), /^whsec_/)
    await button(page, 'I have copied it').click()
    await page.getByRole('heading', { name: 'The CRM' }).waitFor()

    await account.aLocalUser({ email: 'told@crm.example' })
    await app.settle()
    await page.reload()
    await page.getByText('Failing', { exact: true }).first().waitFor()
    const line = page.getByRole('table', { name: 'Deliveries' }).locator('tbody tr').first()
    assert.match(await line.innerText(), /Open[\s\S]*500/)

    receiver.answerTo = () => 204
    const before = receiver.received.length
    await line.getByRole('button', { name: /^Send event .* again$/ }).click()
    await page.getByRole('menuitem', { name: 'Send this one again' }).click()
    await said(page, 'It will be sent again')
    await app.settle()
    await page.reload()
    await line.getByText('Delivered', { exact: true }).waitFor()
    assert.match(await line.innerText(), /Delivered[\s\S]*204/)
    const sent = receiver.received.slice(before)
    assert.deepEqual(
      sent.map(({ id }) => id),
      [receiver.received[0]?.id],
    )
    assert.equal((await account.events('action=webhook.replayed'))[0]?.actor.id, owner.userId)
  })

  it('an attribute is made, the directory sends it, and a rule asks for it', async () => {
    const connection = await account.aConnection({ name: 'Knows regions' })
    await account.aProduct({ key: 'maps', name: 'Maps' })
    const page = await open('/attributes')
    await button(page, 'Add an attribute').click()
    await page.getByLabel('Name').fill('region')
    await dialog(page).getByRole('combobox', { name: 'Type' }).click()
    await page.getByRole('option', { name: 'Choice' }).click()
    for (const choice of ['North', 'South']) {
      await page.locator('#attribute-choices').fill(choice)
      await page.keyboard.press('Enter')
    }
    await button(page, 'Save').click()
    await gone(page)
    await page.getByText(`${ACCOUNT_URN}:region`).waitFor()

    const user = await connection.provision(aUser({ [ACCOUNT_URN]: { region: 'North' } }))
    await page.goto(`${app.publicUrl}/rules/${connection.id}/new`)
    await button(page, 'Not everyone: add a condition').click()
    const first = page.getByRole('group', { name: 'Condition 1' })
    await first.getByRole('combobox', { name: 'Attribute' }).fill('region')
    await page.getByRole('option', { name: 'region', exact: true }).click()
    await first.getByRole('combobox', { name: 'Value' }).click()
    await page.getByRole('option', { name: 'North' }).click()
    await page.getByRole('checkbox', { name: 'Maps' }).check()
    await read(page, `${ACCOUNT_URN}:region eq "North"`)
    await page.locator('[data-preview=summary]', { hasText: '1 gain' }).waitFor()
    await button(page, 'Save').click()
    await read(page, /Applied to \d+ (person|people)/)
    const { licenses } = await connection.userOf(user)
    assert.deepEqual(
      licenses.map(({ product }: Body) => product),
      ['maps'],
    )
  })
})
