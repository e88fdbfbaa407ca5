import assert from 'node:assert/strict'
import { TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import { signIn } from '../harness/people.js'
import { useScene } from './use-scene.js'

const PASSWORD = 'a lamp beside seven quiet rivers'

describe('my account in the console', function () {
  this.timeout(60_000)
  const { app, scene, open: openPage } = useScene()

  async function open(): Promise<Page> {
    const page = await openPage('/me')
    await page.getByRole('heading', { name: 'My account' }).waitFor()
    return page
  }

  const me = async (page: Page) => (await page.context().request.get(`${app.publicUrl}/api/v1/me`)).json()

  it('sets a password, then a second factor that a code proves, and shows its recovery codes once', async () => {
    const page = await open()
    await page.getByText('Set a password first.').waitFor()
    await page.getByLabel('New password').fill('short')
    await page.getByRole('button', { name: 'Set a password' }).click()
    assert.equal((await me(page)).password.set, false, 'the browser says that it is too short')
    await page.getByLabel('New password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Set a password' }).click()
    await page.getByRole('button', { name: 'Change the password' }).waitFor()
    assert.equal((await me(page)).password.set, true)

    await page.getByRole('button', { name: 'Set up a second factor' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Current password' }).fill('not this one')
    await dialog.getByRole('button', { name: 'Go on' }).click()
    await dialog.getByRole('alert').waitFor()
    await dialog.getByRole('textbox', { name: 'Current password' }).fill(PASSWORD)
    await dialog.getByRole('button', { name: 'Go on' }).click()
    await dialog.getByRole('img', { name: 'QR code of the secret' }).waitFor()
    const secret = await dialog.locator('code').innerText()
    const totp = new TOTP({ secret })
    await dialog.getByRole('textbox', { name: 'Code', exact: true }).fill('000000')
    await dialog.getByRole('button', { name: 'Confirm' }).click()
    await dialog.getByRole('alert').waitFor()
    await dialog
      .getByRole('textbox', { name: 'Code', exact: true })
      .fill(totp.generate({ timestamp: app.server.deps.now().getTime() }))
    await dialog.getByRole('button', { name: 'Confirm' }).click()
    await dialog.getByText('Recovery codes', { exact: true }).waitFor()
    assert.equal((await dialog.locator('code').innerText()).split(' ').length, 10)
    await dialog.getByRole('button', { name: 'I have kept them' }).click()
    await page.getByText('10 recovery codes left').waitFor()
    assert.equal((await me(page)).secondFactor.enabled, true)
  })

  it('changes her name and her language, which the console then speaks', async () => {
    const page = await open()
    await page.getByLabel('Display name').fill('Olivia O.')
    await page.getByRole('combobox', { name: 'Language' }).click()
    await page.getByRole('option', { name: 'Français' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Mon compte' }).waitFor()
    const { displayName, language } = await me(page)
    assert.deepEqual([displayName, language], ['Olivia O.', 'fr'])
    await page.getByRole('combobox', { name: 'Langue' }).click()
    await page.getByRole('option', { name: 'English' }).click()
    await page.getByRole('button', { name: 'Enregistrer' }).click()
    await page.getByRole('heading', { name: 'My account' }).waitFor()
  })

  it('ends her other sessions, and stays signed in here', async () => {
    const page = await open()
    const { user } = await (await page.context().request.get(`${app.publicUrl}/api/v1/session`)).json()
    await Promise.all([1, 2].map(() => signIn(scene.account, user.id)))
    await page.reload()
    const rows = page.getByRole('table', { name: 'Sessions' }).getByRole('row')
    await page.getByRole('button', { name: 'End all other sessions' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('2 other sessions end.').waitFor()
    await dialog.getByRole('button', { name: 'End all other sessions' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'End all other sessions' }).waitFor({ state: 'detached' })
    assert.equal(await rows.count(), 2, 'the head of the table and this session')
    assert.ok((await me(page)).id)
  })
})
