import assert from 'node:assert/strict'
import type { ApplicationSettings, Binding } from '../../docs/demo/identity-provider/application.js'
import { type DemoIdentityProvider, startIdentityProvider } from '../../docs/demo/identity-provider/start.js'
import type { Person } from '../../docs/demo/people.js'
import { type Body, replace, type TestAccount, type TestConnection, useApp } from '../harness/app.js'
import { forEachDatabase } from '../harness/database.js'
import { type Tab, useChromium } from './chromium.js'

const DOMAIN = 'acme.example'
const NAMES = ['Ada Lovelace', 'Grace Hopper', 'Emmy Noether', 'Mary Cartwright', 'Sofja Kowalewskaja']

const PEOPLE: readonly Person[] = NAMES.map((name) => {
  const [givenName = '', familyName = ''] = name.split(' ')
  return { givenName, familyName, address: `${givenName.toLowerCase()}@${DOMAIN}`, title: '', department: 'Research' }
})

function application(key: string, bindings: readonly Binding[]): ApplicationSettings {
  const attributeNames = { email: 'email', givenName: 'firstName', familyName: 'lastName' }
  return { key, name: `Company ${key}`, bindings, attributeNames, people: PEOPLE }
}

forEachDatabase((database) => {
  describe('signing in with Chromium, through an identity provider on another site (SAML.md c5, c6)', function () {
    this.timeout(60_000)
    const chromium = useChromium()
    const app = useApp(database)
    let idp: DemoIdentityProvider
    let account: TestAccount
    let connection: TestConnection
    const people = new Map<string, Body>()

    before(async () => {
      idp = await startIdentityProvider([application('one', ['redirect', 'post']), application('two', ['post'])])
      account = await app.anAccount()
      await account.aProduct({ key: 'meet' })
      await account.admin('post', '/domains', { name: DOMAIN, verified: true }).expect(201)
      connection = await account.aConnection({ defaults: { products: [{ key: 'meet' }] } })
      await introduce(connection, 'one')
      for (const { givenName, familyName, address } of PEOPLE) {
        const user = { userName: address, name: { givenName, familyName }, displayName: `${givenName} ${familyName}` }
        people.set(givenName, await connection.provision({ schemas: USER_SCHEMAS, ...user, active: true }))
      }
    })
    after(() => idp.close())

    const USER_SCHEMAS = ['urn:ietf:params:scim:schemas:core:2.0:User']
    const landing = () => `${app.server.publicUrl}/`
    const loginUrl = () => `${app.server.publicUrl}/saml/${connection.id}/login`

    async function introduce({ id }: TestConnection, key: string): Promise<void> {
      const idpMetadataXml = await (await fetch(idp.metadataUrl(key))).text()
      const { body } = await account.admin('put', `/connections/${id}/saml`, { idpMetadataXml }).expect(200)
      idp.trust(key, await (await fetch(body.metadataUrl)).text())
    }

    /** From our login to the identity provider, and back as this person. */
    async function signIn(tab: Tab, name: string): Promise<void> {
      await tab.open(loginUrl())
      await tab.arrive(`${idp.url}/one/sso`)
      await tab.press(name, app.server.publicUrl)
    }

    const session = async (tab: Tab) => (await tab.context.request.get(`${landing()}api/v1/session`)).status()

    it('stands on two sites, or the cookies would prove nothing', () => {
      assert.equal(new URL(app.server.publicUrl).hostname, 'localhost')
      assert.equal(new URL(idp.url).hostname, '127.0.0.1')
    })

    it('she lands and sees her licenses; switched off, her next click is the sign-in page, where she reads why', async () => {
      const tab = await chromium.page()
      await signIn(tab, 'Ada Lovelace')
      assert.equal(tab.page.url(), landing())
      assert.match(await tab.text(), /Ada Lovelace[\s\S]*meet/)
      assert.equal((await connection.userOf(people.get('Ada'))).status, 'active')

      await connection.patch(`/Users/${people.get('Ada').id}`, replace('active', false)).expect(200)
      await tab.page.reload()
      assert.equal(new URL(tab.page.url()).pathname, '/sign-in')
      assert.doesNotMatch(await tab.text(), /Ada Lovelace/)
      assert.equal(await session(tab), 401)

      await tab.page.getByLabel('Work e-mail address').fill(`ada@${DOMAIN}`)
      await tab.press('Continue', `${idp.url}/one/sso`)
      await tab.press('Ada Lovelace', app.server.publicUrl)
      const text = await tab.text()
      assert.match(text, /Your access is switched off/)
      const id = /user_deactivated[\s\S]*?\b([0-9a-f]{8,})\b/.exec(text)?.[1]
      assert.ok(id, text)
      const [event] = await account.events('action=signin.failed&limit=1')
      assert.equal(event.id.replaceAll('-', ''), id)
    })

    it('an administrator lands in the console, and signs out of it at her identity provider too', async () => {
      const { id } = await connection.userOf(people.get('Emmy'))
      const role = { kind: 'role', value: 'admin', reason: 'looks after the account' }
      await account.admin('post', `/users/${id}/grants`, role).expect(201)
      const tab = await chromium.page()
      await signIn(tab, 'Emmy Noether')
      await tab.page.getByRole('navigation', { name: 'Console' }).waitFor()
      await tab.page.getByRole('button', { name: /Emmy Noether/ }).click()
      await tab.page.getByRole('menuitem', { name: 'Sign out' }).click()
      await tab.arrive(`${app.server.publicUrl}/sign-in`)
      assert.equal(await session(tab), 401)
      await account.admin('delete', `/users/${id}/grants/role/admin`).expect(204)
    })

    it('keeps its cookies from scripts and from what other sites post', async () => {
      const tab = await chromium.page()
      await signIn(tab, 'Grace Hopper')
      const cookies = (await tab.context.cookies()).filter(({ name }) => name.startsWith('usher-'))
      assert.deepEqual(
        cookies.map(({ name, httpOnly, sameSite, domain }) => [name, httpOnly, sameSite, domain]).sort(),
        [
          ['usher-browser', true, 'Lax', 'localhost'],
          ['usher-session', true, 'Lax', 'localhost'],
        ],
      )
      assert.equal(await tab.page.evaluate('document.cookie'), '')
    })

    it('refuses a sign-in that another browser began', async () => {
      const [hers, his] = [await chromium.page(), await chromium.page()]
      await hers.open(loginUrl())
      await hers.arrive(`${idp.url}/one/sso`)
      await his.open(hers.page.url())
      await his.press('Emmy Noether', app.server.publicUrl)
      assert.match(await his.text(), /other_browser/)
      assert.equal(await session(his), 401)
      await hers.press('Emmy Noether', landing())
      assert.match(await hers.text(), /Emmy Noether/)
    })

    it('signs out where the identity provider signs out, and the other way round', async () => {
      const tab = await chromium.page()
      await signIn(tab, 'Mary Cartwright')
      await tab.open(`${idp.url}/`)
      await tab.page.locator('form', { hasText: 'Mary Cartwright' }).getByRole('button').click()
      await tab.arrive(`${idp.url}/one/slo`)
      assert.match(await tab.text(), /Signed out everywhere/)
      assert.equal(await session(tab), 401)

      await signIn(tab, 'Mary Cartwright')
      const asked = tab.page.waitForResponse((response) => response.url().startsWith(`${idp.url}/one/slo`))
      await tab.page.getByRole('button', { name: 'Sign out' }).click()
      await asked
      await tab.page.waitForURL(`${landing()}sign-in?signed-out`)
      assert.equal(await session(tab), 401)
      await tab.open(`${idp.url}/`)
      assert.doesNotMatch(await tab.text(), /Mary Cartwright/)
    })

    it('posts its request by a script that its own policy allows, and to the identity provider alone', async () => {
      const other = await account.aConnection()
      await introduce(other, 'two')
      const tab = await chromium.page()
      await tab.open(`${app.server.publicUrl}/saml/${other.id}/login`)
      await tab.arrive(`${idp.url}/two/sso`)
      await tab.press(/As nobody/, app.server.publicUrl)
      assert.match(await tab.text(), /idp_status/)
    })
  })
})
