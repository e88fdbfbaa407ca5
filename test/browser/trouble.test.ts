import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { signIn } from '../harness/people.js'
import type { Scene } from './scene.js'
import { useScene } from './use-scene.js'

const PRODUCTS = '**/api/v1/accounts/*/products'

describe('the console when something is in the way (issue 5, How strong)', () => {
  const { app, scene, tab, open } = useScene({ errorsAreMeant: true })
  let page: Page

  /** A product typed into its form and not yet saved. */
  const typing = async (name: string, as: keyof Scene['cookies'] = 'super_admin') => {
    page = await open('/products', { as })
    await page.getByRole('button', { name: 'Add a product' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill(name)
    await page.getByRole('textbox', { name: 'Key' }).fill(name.toLowerCase())
  }
  const save = () => page.getByRole('button', { name: 'Save', exact: true }).click()
  const typed = () => page.getByRole('textbox', { name: 'Name' }).inputValue()
  const isStored = async (name: string) => (await scene.account.products()).has(name.toLowerCase())

  it('says that the server does not answer, keeps what was typed, and saves it when it does', async () => {
    await typing('Draw')
    await page.route(PRODUCTS, (route) => route.abort())
    await save()
    await page.getByRole('alert').getByText('The server did not answer', { exact: true }).waitFor()
    assert.equal(await typed(), 'Draw')
    await page.unroute(PRODUCTS)
    await save()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    assert.ok(await isStored('Draw'))
  })

  it('says that the server failed, with the id of the request', async () => {
    await typing('Fail')
    const body = JSON.stringify({ status: 500, code: 'internal', detail: 'An internal error.', requestId: 'abc-1' })
    await page.route(PRODUCTS, (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body }))
    await save()
    await page.getByRole('alert').getByText('abc-1').waitFor()
    assert.equal(await typed(), 'Fail')
  })

  it('offers another try where a list could not be read, and shows it then', async () => {
    page = (await tab()).page
    await page.route(PRODUCTS, (route) => route.abort())
    await page.goto(`${app.publicUrl}/products`)
    const again = page.getByRole('button', { name: 'Try again' })
    await again.waitFor({ timeout: 20_000 })
    await page.unroute(PRODUCTS)
    await again.click()
    await page.getByRole('cell', { name: 'Assist assist' }).waitFor()
  })

  it('waits for a slow server without losing its place', async () => {
    page = (await tab()).page
    await page.route(PRODUCTS, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1_500))
      await route.continue()
    })
    await page.goto(`${app.publicUrl}/products`)
    const table = page.getByRole('table')
    await table.waitFor()
    const before = await table.boundingBox()
    await page.getByRole('cell', { name: 'Assist assist' }).waitFor()
    const after = await table.boundingBox()
    assert.deepEqual([after?.x, after?.y, after?.width], [before?.x, before?.y, before?.width])
  })

  it('refuses a key that is taken in the words of the catalogue, and keeps what was typed', async () => {
    await typing('Assist')
    await save()
    await page.getByRole('alert').waitFor()
    assert.equal(await typed(), 'Assist')
    await page.getByRole('textbox', { name: 'Key' }).fill('assist-two')
    await save()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
  })

  it('asks who was signed out to sign in again, and goes on with what was typed', async () => {
    const { id } = await scene.account.aLocalUser({ email: 'sam@acme.example', role: 'super_admin', status: 'active' })
    const session = await signIn(scene.account, id)
    page = await open('/products', { cookie: session.cookie })
    await page.getByRole('button', { name: 'Add a product' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Later')
    await page.getByRole('textbox', { name: 'Key' }).fill('later')
    await scene.account.admin('delete', `/users/${id}/sessions/${session.id}`).expect(204)
    await save()
    const goOn = page.getByRole('button', { name: 'Go on' })
    await goOn.waitFor()
    const [name = '', value = ''] = (await signIn(scene.account, id)).cookie.split('=')
    await page.context().addCookies([{ name, value, url: app.publicUrl }])
    await goOn.click()
    await goOn.waitFor({ state: 'hidden' })
    assert.equal(await typed(), 'Later')
    await save()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    assert.ok(await isStored('Later'))
  })

  it('takes away what a role lost while its holder was looking, and says why it did not work', async () => {
    const { id } = await scene.account.aLocalUser({ email: 'rita@acme.example', role: 'super_admin', status: 'active' })
    const { cookie } = await signIn(scene.account, id)
    page = await open('/products', { cookie })
    await page.getByRole('button', { name: 'Add a product' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Lost')
    await page.getByRole('textbox', { name: 'Key' }).fill('lost')
    await scene.account.admin('post', `/users/${id}/grants`, { kind: 'role', value: 'admin' }).expect(201)
    await save()
    await page.getByRole('alert').waitFor()
    assert.equal(await typed(), 'Lost')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Add a product' }).waitFor({ state: 'hidden' })
    assert.equal(await isStored('Lost'), false)
  })

  it('compares what two administrators typed, field by field, and saves what the second one chose', async () => {
    page = await open('/products')
    await page.getByRole('button', { name: 'Change Meet' }).click()
    await page.getByRole('textbox', { name: 'Seats' }).fill('40')
    const { id, version } = (await scene.account.products()).get('meet')
    await scene.account.admin('patch', `/products/${id}`, { seats: 35, version }).expect(200)
    await save()
    const row = page.getByRole('alert').getByRole('row', { name: /Seats/ })
    assert.match(await row.innerText(), /35\s+40/)
    await page.getByRole('button', { name: 'Save mine over it' }).click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    assert.equal((await scene.account.products()).get('meet').seats, 40)
  })

  it('shows names of any kind as the text that they are', async () => {
    const name = `<img src=x onerror="document.title='hacked'"> \u202eمرحبا 👩‍🚀 ${'W'.repeat(60)}`
    await scene.account.aProduct({ key: 'odd', name })
    page = await open('/products', { viewport: { width: 390, height: 844 } })
    await page.getByText('<img src=x').waitFor()
    assert.match(await page.title(), /^Products and seats/)
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390)
  })
})
