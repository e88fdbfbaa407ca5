import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { type DirectoryClient, directoryClient } from '../../docs/demo/directory-client.js'
import * as entra from '../../docs/demo/entra.js'
import type { ApplicationSettings } from '../../docs/demo/identity-provider/application.js'
import { startIdentityProvider } from '../../docs/demo/identity-provider/start.js'
import * as okta from '../../docs/demo/okta.js'
import { displayNameOf, personNamed } from '../../docs/demo/people.js'
import { aUser, TestAccount, useApp } from '../harness/app.js'
import { anOwner, type Owner } from '../harness/owner.js'
import { signIn } from '../harness/people.js'
import { SQLITE } from '../harness/sqlite.js'
import { useChromium } from './chromium.js'
import { pressByKey, tabTo } from './keyboard.js'
import { signedInTab } from './open-screen.js'

const OKTA_AGENT = 'Okta SCIM Client 1.0.0'
const ENTRA_AGENT = 'Microsoft-AzureADProvisioning'

describe('a directory is connected in a browser (PRODUCT 4)', function () {
  this.timeout(60_000)
  const chromium = useChromium()
  const app = useApp(SQLITE)
  let owner: Owner
  let account: TestAccount
  before(async () => {
    owner = await anOwner(app)
    account = new TestAccount(app, owner.accountId)
  })

  /** A page with somebody's session; the owner's unless told otherwise. */
  async function open(path: string, cookie = owner.cookie): Promise<Page> {
    const tab = await signedInTab(chromium, app, cookie)
    await tab.open(`${app.publicUrl}${path}`)
    return tab.page
  }

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
  /** A value that is there to be copied, by its label. */
  const copied = (page: Page, label: string) =>
    page.locator(`div:has(> div > button[aria-label="Copy ${label}"]) code`).first().innerText()

  /** Wait until these words can be read. */
  const read = (page: Page, words: string) => page.getByText(words).first().waitFor()

  /** From "Connect a directory" to a token in hand: what an administrator clicks. */
  async function setUp(page: Page, kind: string, name: string): Promise<DirectoryClient> {
    await page.getByRole('link', { name: 'Connect a directory' }).click()
    await page.getByRole('radio', { name: kind }).check()
    await page.getByLabel('Name of the connection').fill(name)
    await button(page, 'Begin the set-up').click()
    await page.getByRole('link', { name: 'Connect and test' }).click()
    await read(page, 'Waiting for the first request')
    await read(page, 'People are real from the first request on')
    await button(page, 'Go live and create the token').click()
    await read(page, 'This is shown only now')
    const agent = kind === 'Okta' ? OKTA_AGENT : ENTRA_AGENT
    const [base] = (await copied(page, 'SCIM base URL')).split('?')
    return directoryClient(String(base).replace(app.publicUrl, app.url), await copied(page, 'Token'), agent)
  }

  it('goes from nothing to the first person of Okta, each seen as it arrives (PRODUCT 4.4)', async () => {
    const page = await open('/connections')
    await read(page, 'No directory yet')
    const line = await setUp(page, 'Okta', 'Okta of the test')
    await okta.testConnection(line)
    await read(page, 'The first request has arrived.')
    await page.getByRole('link', { name: 'Send one person' }).click()
    await okta.pushPerson(line, personNamed('per.lindqvist'))
    await read(page, 'The first person has arrived.')
    assert.ok(await account.userByEmail(personNamed('per.lindqvist').address))
    const { body } = await account.admin('get', '/connections').expect(200)
    assert.deepEqual(
      body.items.map(({ name, mode }: { name: string; mode: string }) => [name, mode]),
      [['Okta of the test', 'live']],
    )
    await page.reload()
    await read(page, 'The first person has arrived.')
  })

  it('goes from nothing to the first person of Entra ID (PRODUCT 4.5)', async () => {
    const page = await open('/connections')
    const line = await setUp(page, 'Microsoft Entra ID', 'Entra of the test')
    assert.match(await copied(page, 'SCIM base URL'), /\?aadOptscim062020$/)
    await entra.testConnection(line)
    await read(page, 'The first request has arrived.')
    await page.getByRole('link', { name: 'Send one person on demand' }).click()
    await entra.pushPerson(line, personNamed('tomas.herrera'))
    await read(page, 'The first person has arrived.')
    assert.ok(await account.userByEmail(personNamed('tomas.herrera').address))
  })

  it('says what is missing where nobody can enter without the directory, and stays a draft (PRODUCT 2.1)', async () => {
    const other = await app.anAccount('Without a way in')
    const { id } = await other.aLocalUser({ email: 'sue@sso.example', role: 'super_admin', status: 'active' })
    const { body: draft } = await other.admin('post', '/connections', { name: 'Okta', idpKind: 'okta' }).expect(201)
    const { cookie } = await signIn(other, id)
    const page = await open(`/connections/${draft.id}/setup?step=scim`, cookie)
    await button(page, 'Go live and create the token').click()
    await read(page, 'One way in has to be yours alone')
    await read(page, 'with a password and a second factor')
    const { body } = await other.admin('get', `/connections/${draft.id}`).expect(200)
    assert.equal(body.mode, 'draft')
    const tokens = await other.admin('get', `/connections/${draft.id}/tokens`).expect(200)
    assert.deepEqual(tokens.body.items, [])
  })

  it('says which token came and which address was asked where a test fails (PRODUCT 4.7)', async () => {
    const { id, token } = await account.aConnection({ name: 'Mistyped' })
    const page = await open(`/connections/${id}/setup?step=scim`)
    await read(page, 'Waiting for the first request')
    const ask = (path: string, bearer: string) =>
      fetch(`${app.url}${path}`, { headers: { Authorization: `Bearer ${bearer}`, 'User-Agent': OKTA_AGENT } })
    assert.equal((await ask(`/scim/v2/${id}/Users?count=2`, `${token.slice(0, -4)}9f3c`)).status, 401)
    await read(page, `We received a token ending in 9f3c. The current one ends in ${token.slice(-4)}.`)
    assert.equal((await ask('/scim/v2/Users?count=2', token)).status, 404)
    await read(page, 'The address must contain the connection')
    assert.equal((await ask(`/scim/v2/${id}/Users?count=2`, token)).status, 200)
    await read(page, 'The first request has arrived.')
  })

  it('exchanges a token by keyboard alone while the directory keeps sending, and nothing is refused', async () => {
    const connection = await account.aConnection({ name: 'Exchanged' })
    const statuses: number[] = []
    let token = connection.token
    let isSending = true
    const sending = (async () => {
      while (isSending) {
        const url = `${app.url}/scim/v2/${connection.id}/Users?count=1`
        statuses.push((await fetch(url, { headers: { Authorization: `Bearer ${token}` } })).status)
      }
    })()
    const page = await open(`/connections/${connection.id}`)
    await tabTo(page, 'Health')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.getByRole('tab', { name: 'Tokens', selected: true }).waitFor()
    await pressByKey(page, 'Exchange the token')
    await read(page, 'Exchange the token without a gap')
    await pressByKey(page, 'Create a second token')
    await read(page, 'This is shown only now')
    await read(page, 'Waiting for the first request with the new token')
    token = await copied(page, 'Token')
    await page
      .getByText(`A request with the token ending in ${token.slice(-4)} has arrived.`)
      .first()
      .waitFor()
    await pressByKey(page, `Revoke the token ending in ${connection.token.slice(-4)}`)
    await page.getByRole('dialog').waitFor()
    await pressByKey(page, 'Revoke')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const before = statuses.length
    while (statuses.length < before + 5) await new Promise((resolve) => setTimeout(resolve, 5))
    isSending = false
    await sending
    assert.deepEqual([...new Set(statuses)], [200])
    const { body } = await account.admin('get', `/connections/${connection.id}/tokens`).expect(200)
    assert.deepEqual(
      body.items.map(({ state }: { state: string }) => state),
      ['revoked', 'active'],
    )
  })

  it('takes metadata after a look at the difference, and shows what a test sign-in found (PRODUCT 6.2)', async () => {
    const person = personNamed('zoe.mueller')
    const names = { email: 'email', givenName: 'firstName', familyName: 'lastName' }
    const application = (key: string): ApplicationSettings => {
      return { key, name: `Company ${key}`, bindings: ['redirect'], attributeNames: names, people: [person] }
    }
    const idp = await startIdentityProvider([application('one'), application('two')])
    const connection = await account.aConnection({ name: 'Signs in' })
    await connection.provision(aUser({ userName: person.address }))
    const page = await open(`/connections/${connection.id}/sign-in`)
    const give = async (key: string) => {
      await page.getByRole('radio', { name: 'Metadata as text or file' }).check()
      await page.locator('#idp-xml').fill(await (await fetch(idp.metadataUrl(key))).text())
      await button(page, 'Look at it').click()
      await read(page, 'What would be stored')
    }
    await give('one')
    await read(page, 'Certificate added')
    await button(page, 'Store it').click()
    await read(page, `${idp.url}/one/metadata`)
    await button(page, 'Change').click()
    await give('two')
    await read(page, 'It names another identity provider')
    const difference = page.getByRole('group', { name: 'Difference' }).locator('tbody tr').first()
    assert.equal(await difference.innerText(), `Entity ID\t${idp.url}/one/metadata\t${idp.url}/two/metadata`)
    await button(page, 'Give something else').click()
    const { body } = await account.admin('get', `/connections/${connection.id}/saml`).expect(200)
    assert.equal(body.idp.entityId, `${idp.url}/one/metadata`)

    idp.trust('one', await (await fetch(body.metadataUrl)).text())
    await button(page, 'Prepare a test').click()
    const opening = page.context().waitForEvent('page')
    await page.getByRole('link', { name: 'Begin in a new window' }).click()
    const window = await opening
    await window
      .getByRole('button', { name: displayNameOf(person) })
      .first()
      .click()
    await read(page, 'This person would be let in.')
    const checks = page.getByRole('list', { name: 'What was checked' }).locator('li')
    const seen = await checks.allInnerTexts()
    assert.ok(
      seen.some((line) => /^Signature\s+held$/.test(line)),
      seen.join(' | '),
    )
    await idp.close()
  })

  it('compares field by field where two administrators change one connection (PRODUCT 6.3)', async () => {
    const { id } = await account.aConnection({ name: 'Shared' })
    const page = await open(`/connections/${id}?tab=settings`)
    await page.getByLabel('Name', { exact: false }).first().fill('Mine')
    await account.admin('patch', `/connections/${id}`, { name: 'Theirs', onNoSeat: 'reject' }).expect(200)
    await button(page, 'Save').click()
    const rows = page.getByRole('alert').locator('tbody tr')
    await rows.first().waitFor()
    assert.deepEqual(await rows.allInnerTexts(), [
      'Name\tTheirs\tMine',
      'When no seat is free\tRefuse the person (403); the directory shows the error\tAccept the person; the license waits for a seat',
    ])
    await button(page, 'Save mine over it').click()
    await page.getByRole('heading', { name: 'Mine' }).waitFor()
    const { body } = await account.admin('get', `/connections/${id}`).expect(200)
    assert.deepEqual([body.name, body.onNoSeat], ['Mine', 'accept'])
  })

  it('proves a domain by its record, with the answer in words', async () => {
    const page = await open('/domains')
    await page.locator('#domain-name').fill('Proved.Example')
    await button(page, 'Add a domain').click()
    await page.getByRole('heading', { name: 'proved.example' }).waitFor()
    const record = await copied(page, 'Content of the record')
    await button(page, 'Verify now').click()
    await read(page, 'proved.example has no TXT record')
    app.txtRecords.set('proved.example', [record])
    await button(page, 'Verify now').click()
    await page.getByText('Verified', { exact: true }).waitFor()
    await page.getByRole('switch').click({ force: true })
    await read(page, 'passwords of these people are refused')
    await button(page, 'Require it').click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const { body } = await account.admin('get', '/domains').expect(200)
    assert.deepEqual(
      body.items.map(({ name, ssoRequired }: { name: string; ssoRequired: boolean }) => [name, ssoRequired]),
      [['proved.example', true]],
    )
  })
})
