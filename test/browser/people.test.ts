import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { aUser, TestConnection } from '../harness/app.js'
import { fits } from './fits.js'
import { tabTo } from './keyboard.js'
import type { Scene } from './scene.js'
import { useScene } from './use-scene.js'

describe('an administrator and her people (PRODUCT 6.2)', () => {
  const { app, scene, tab } = useScene()
  let page: Page
  beforeEach(async () => {
    page = (await tab()).page
  })

  const open = (path: string) => page.goto(`${app.publicUrl}${path}`)
  const person = async (login: string) => (await scene.account.admin('get', `/users?q=${login}`)).body.items[0]
  const reads = (text: string | RegExp) => page.getByText(text).first().waitFor()
  const press = (name: string | RegExp) => page.getByRole('button', { name }).click()
  const dialog = () => page.getByRole('dialog')

  it('finds from the list in a few clicks why somebody has no license: her place in the queue, and the rule', async () => {
    await open('/users')
    await page.getByLabel('Product', { exact: true }).selectOption('assist')
    await page.getByLabel('License', { exact: true }).selectOption('waiting')
    await page.waitForURL(/product=assist&licenseState=waiting/)
    await page.getByRole('link', { name: 'Freja Nørgaard' }).click()
    await page.getByRole('tab', { name: 'Access' }).click()
    const row = page.getByRole('row', { name: /Assist/ })
    const product = (await scene.account.products()).get('assist')
    const { body } = await scene.account.admin('get', `/products/${product.id}/waiting`).expect(200)
    const place = body.items.findIndex(({ email }: { email: string }) => email.startsWith('freja.')) + 1
    await row.getByText(`As number ${place} of ${product.waiting}`).waitFor()
    await row.getByRole('link', { name: 'Rule 3 · For the care teams to come' }).waitFor()
    await row.getByRole('link', { name: /As number/ }).click()
    await page.getByRole('heading', { name: 'Waiting for Assist' }).waitFor()
    assert.equal(await page.locator('tbody tr').count(), product.waiting)
  })

  it('exports what is filtered, as a file', async () => {
    await open('/users?status=suspended')
    await page.locator('tbody td a').first().waitFor()
    await press('Export')
    await dialog().getByText('status: suspended').waitFor()
    await press('Make the file')
    const arriving = page.waitForEvent('download')
    await dialog().getByRole('link', { name: 'Download' }).click()
    const text = readFileSync(await (await arriving).path(), 'utf8')
    assert.match(text, /per\.lindqvist@acme\.example/)
    assert.doesNotMatch(text, /zoe\.mueller/)
  })

  it('suspends somebody, who is signed out at once, and lifts it', async () => {
    const { id } = await person('mia@')
    await open(`/users/${id}`)
    await press('Suspend')
    await dialog().getByText('1 session ends.').waitFor()
    await dialog().getByRole('button', { name: 'Suspend' }).click()
    await dialog().waitFor({ state: 'detached' })
    await reads('By an administrator')
    const off = await scene.account.user(id)
    assert.deepEqual([off.status, off.sessions.length], ['suspended', 0])
    await press('Lift the suspension')
    await dialog().getByRole('button', { name: 'Lift the suspension' }).click()
    await page.getByRole('button', { name: 'Suspend' }).waitFor()
    assert.equal((await scene.account.user(id)).status, 'active')
  })

  it('says why a suspension by the directory cannot be lifted here', async () => {
    await open(`/users/${(await person('per.lindqvist')).id}`)
    const lift = page.getByRole('button', { name: /Lift the suspension/ })
    await lift.waitFor()
    assert.match((await lift.textContent()) ?? '', /Entra ID switched this person off/)
    assert.equal(await lift.getAttribute('aria-disabled'), 'true')
  })

  it('overrides with a reason, and takes it back in one click', async () => {
    const { id } = await person('eoin.gallagher')
    await open(`/users/${id}?tab=access`)
    await press('Withhold Meet')
    await dialog()
      .getByLabel(/Reason/)
      .fill('Works without meetings')
    await dialog().getByRole('button', { name: 'Save' }).click()
    await reads('Works without meetings')
    await page.getByRole('row', { name: /Meet/ }).getByText('Withheld by hand').waitFor()
    const overridden = await scene.account.user(id)
    const manual = overridden.grants.filter(({ source }: { source: string }) => source === 'manual')
    assert.deepEqual(
      manual.map(({ value, effect, reason }: Record<string, string>) => [value, effect, reason]),
      [['meet', 'deny', 'Works without meetings']],
    )
    assert.ok(overridden.flags.includes('override'))
    await press('Undo: Withhold Meet')
    await page.getByRole('row', { name: /Meet/ }).getByText('Reserved').waitFor()
    assert.deepEqual((await scene.account.user(id)).flags, [])
  })

  it('adds a user with nothing but the keyboard, and keeps what was typed when the address is taken (PRODUCT 6.4)', async () => {
    await open('/users')
    await page.locator('tbody td a').first().waitFor()
    await tabTo(page, 'Add a user')
    await page.keyboard.press('Enter')
    await dialog().waitFor()
    await page.locator('#user-email:focus').waitFor()
    await page.keyboard.type('mia@acme.example')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Nora')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Keys')
    await tabTo(page, /^Add$/)
    await page.keyboard.press('Enter')
    await dialog().getByRole('alert').waitFor()
    const add = dialog().getByRole('button', { name: 'Add', exact: true })
    await add.and(page.locator(':focus')).waitFor()
    await dialog().getByRole('link', { name: 'Open the user who has this address' }).waitFor()
    assert.equal(await page.locator('#user-family').inputValue(), 'Keys')
    await tabTo(page, /^E-mail/, 'Shift+Tab')
    await page.keyboard.press('Control+a')
    await page.keyboard.type('nora@acme.example')
    await tabTo(page, /^Meet/)
    await page.keyboard.press('Space')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/users\/[^/]+$/)
    await page.getByRole('heading', { name: 'Nora Keys' }).waitFor()
    const { status, licenses } = await scene.account.userByEmail('nora@acme.example')
    assert.deepEqual([status, licenses.map(({ product }: { product: string }) => product)], ['invited', ['meet']])
  })

  it('invites who was added by hand: without mail, the link is shown this once', async () => {
    const { id } = await scene.account.aLocalUser({ email: 'ines@acme.example', givenName: 'Ines', familyName: 'Link' })
    await open(`/users/${id}`)
    await press('Invitation link')
    await dialog().getByRole('button', { name: 'Make the link' }).click()
    await dialog().getByText(`${app.publicUrl}/invitation/`).waitFor()
    await dialog().getByRole('button', { name: 'Copy Invitation link' }).waitFor()
    await page.keyboard.press('Escape')
    await dialog().waitFor({ state: 'detached' })
    assert.equal((await scene.account.user(id)).status, 'invited')
  })

  it('applies the rules to one person again, and shows before what would come of it', async () => {
    const { id } = await person('aarav.patel')
    await open(`/users/${id}`)
    await press('More')
    await page.getByRole('menuitem', { name: 'Apply the rules again' }).click()
    await dialog().getByText('Nothing would change.').waitFor()
    await dialog().getByRole('button', { name: 'Apply', exact: true }).click()
    await dialog().waitFor({ state: 'detached' })
    await page.getByText('Rules applied, 0 changes').waitFor({ state: 'attached' })
  })

  it('deletes a local user once her address was typed', async () => {
    const email = 'gone@acme.example'
    const { id } = await scene.account.aLocalUser({ email, givenName: 'Gone', familyName: 'Soon' })
    await open(`/users/${id}`)
    await press('More')
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    const confirm = dialog().getByRole('button', { name: 'Delete' })
    assert.ok(await confirm.isDisabled(), 'nothing is deleted by a slip')
    await dialog().getByRole('textbox').fill(email)
    await confirm.click()
    await page.waitForURL(/\/users$/)
    assert.equal((await scene.account.user(id)).status, 'deleted')
  })

  it('compares field by field where two administrators change one person (412)', async () => {
    const { id } = await person('mia@')
    await open(`/users/${id}`)
    await press('More')
    await page.getByRole('menuitem', { name: 'Change the name' }).click()
    await dialog()
      .getByLabel(/Family name/)
      .fill('Moreau-Klein')
    await scene.account.admin('patch', `/users/${id}`, { familyName: 'Moreau-Gross' }).expect(200)
    await dialog().getByRole('button', { name: 'Save' }).click()
    const row = dialog().getByRole('row', { name: /Family name/ })
    await row.waitFor()
    assert.match((await row.textContent()) ?? '', /Moreau-Gross.*Moreau-Klein/)
    assert.equal((await scene.account.user(id)).familyName, 'Moreau-Gross', 'nothing was overwritten unasked')
    await press('Save mine over it')
    await dialog().waitFor({ state: 'detached' })
    assert.equal((await scene.account.user(id)).familyName, 'Moreau-Klein')
  })

  it('takes what another administrator stored, and saves a further change over that', async () => {
    const { id } = (await scene.account.products()).get('phone')
    const name = () => dialog().getByRole('textbox', { name: 'Name' })
    await open('/products')
    await press('Change Phone')
    await name().fill('Mine')
    await scene.account.admin('patch', `/products/${id}`, { name: 'Theirs' }).expect(200)
    await dialog().getByRole('button', { name: 'Save' }).click()
    await press('Take theirs')
    await dialog().getByRole('alert').waitFor({ state: 'detached' })
    assert.equal(await name().inputValue(), 'Theirs')
    await name().fill('Telephone')
    await dialog().getByRole('button', { name: 'Save' }).click()
    await dialog().waitFor({ state: 'detached' })
    assert.equal((await scene.account.products()).get('phone').name, 'Telephone')
  })

  it('decides a match request, and learns how to have the directory send the person again', async () => {
    await open('/match-requests')
    await page
      .getByRole('link', { name: /Match requests/ })
      .getByText('1 open')
      .waitFor({ state: 'attached' })
    await page.getByRole('row', { name: /Role/ }).getByText('Admin', { exact: true }).waitFor()
    await page
      .getByRole('row', { name: /Display name/ })
      .getByText('Equal')
      .waitFor()
    await press('Link')
    await dialog().getByRole('button', { name: 'Link' }).click()
    await reads(/is linked: the next retry succeeds/)
    await reads(/Provision on demand/)
    await page
      .getByRole('link', { name: /Match requests/ })
      .getByText('1 open')
      .waitFor({ state: 'detached' })
    const { id } = await person('ingrid.sorensen')
    const entra = await entraOf(scene)
    await entra.post('/Users', aUser({ userName: 'ingrid.sorensen@acme.example' })).expect(201)
    assert.equal((await scene.account.user(id)).origin, 'directory')
    await open(`/users/${id}?tab=activity`)
    await page.getByRole('link', { name: 'Match decided' }).waitFor()
    await page.getByRole('link', { name: 'Linked' }).waitFor()
  })

  it('serves the first of those who wait when seats are added, and says so before', async () => {
    await open('/products')
    await press('Change Sales Suite')
    await dialog().getByLabel(/Seats/).fill('10')
    await dialog().getByText('Adding 1 seat will serve the first 1 of 2 who wait.').waitFor()
    await dialog().getByRole('button', { name: 'Save' }).click()
    await dialog().waitFor({ state: 'detached' })
    assert.equal((await scene.account.products()).get('sales-suite').waiting, 1)
  })

  it('makes a custom role, and changes what it allows', async () => {
    await open('/roles')
    await press('Add a role')
    await dialog().getByLabel(/Name/).fill('Sync auditor')
    await dialog().getByLabel(/Key/).fill('sync-auditor')
    await dialog().getByLabel('Manage directory connections').check()
    assert.ok(await dialog().getByLabel('See directory connections').isChecked(), 'what is implied comes along')
    await dialog().getByRole('button', { name: 'Save' }).click()
    await page.getByRole('columnheader', { name: 'Sync auditor' }).waitFor()
    await press('Change Sync auditor')
    await dialog().getByLabel('Manage directory connections').uncheck()
    await dialog().getByLabel('See the log').check()
    await dialog().getByRole('button', { name: 'Save' }).click()
    await dialog().waitFor({ state: 'detached' })
    const { body } = await scene.account.admin('get', '/roles').expect(200)
    const role = body.items.find(({ key }: { key: string }) => key === 'sync-auditor')
    assert.deepEqual(role.permissions, ['users.view', 'connections.view', 'logs.view'])
  })

  it('says so where the right to look is lost while looking, and goes on once it is back', async () => {
    const { id } = await person('adam@')
    page = (await tab({ as: 'admin' })).page
    await open('/users')
    await page.locator('tbody td a').first().waitFor()
    await giveRole(scene, id, 'member')
    await page.getByLabel('Status', { exact: true }).selectOption('suspended')
    await reads('You may not see this')
    await giveRole(scene, id, 'admin')
    await press('Look again')
    await page.getByRole('link', { name: 'Per Lindqvist' }).waitFor()
  })

  it('shows names full of markup, right-to-left text, emoji, and the longest texts, as what they are', async () => {
    const name = '<img src=x onerror=alert(1)> \u202Eاسم 👩‍🚀'
    // The longest that a directory may send.
    const long = 'M'.repeat(4_096)
    const entra = await entraOf(scene)
    const { id } = await entra.provision(aUser({ displayName: name, title: long }))
    const groupName = `<b>Crew</b> ${'x'.repeat(200)}`
    const group = await entra.aGroup(groupName, [{ id }])
    page.on('dialog', () => assert.fail('a script in a name was run'))
    await open(`/groups/${scene.connections.entra}/${group.id}`)
    await page.getByRole('heading', { name: /<b>Crew<\/b>/ }).waitFor()
    await fits(page)
    await page.getByRole('link', { name: /<img src=x/ }).click()
    await page.getByRole('heading', { name: /<img src=x/ }).waitFor()
    await press('Show all 4096 characters')
    await reads(long)
    await fits(page)
    await open('/users?q=%3Cimg')
    await page.getByRole('link', { name: /<img src=x/ }).waitFor()
    await fits(page)
    await open(`/users?q=${'W'.repeat(10_000)}`)
    await page.getByRole('alert').waitFor()
    await fits(page)
  })

  it('answers in words where an id of the address is forged', async () => {
    for (const path of ['/users/nobody', `/groups/${scene.connections.entra}/none`, '/products/none/waiting']) {
      await open(path)
      await page.getByRole('alert').first().waitFor()
      await fits(page)
    }
  })
})

async function giveRole({ account }: Scene, userId: string, role: string): Promise<void> {
  await account.admin('post', `/users/${userId}/grants`, { kind: 'role', value: role }).expect(201)
}

/** The connection of Entra ID with a token of its own: revoked by no other test, and one more than the demo has. */
async function entraOf({ account, connections: { entra } }: Scene): Promise<TestConnection> {
  const { body } = await account.admin('get', `/connections/${entra}/tokens`).expect(200)
  const [, spare] = body.items.filter(({ state }: { state: string }) => state === 'active')
  if (spare !== undefined) await account.admin('delete', `/connections/${entra}/tokens/${spare.id}`).expect(204)
  const made = await account.admin('post', `/connections/${entra}/tokens`, {}).expect(201)
  return new TestConnection(account, entra, made.body.token)
}
