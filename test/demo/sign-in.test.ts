import assert from 'node:assert/strict'
import { type Acme, setUpAcme } from '../../docs/demo/acme.js'
import { type AdminApi, adminApi } from '../../docs/demo/admin-api.js'
import type { List, LogEvent, User } from '../../docs/demo/answers.js'
import { directoryClient } from '../../docs/demo/directory-client.js'
import * as entra from '../../docs/demo/entra.js'
import { MANNERS } from '../../docs/demo/identity-provider/application.js'
import type { DemoIdentityProvider } from '../../docs/demo/identity-provider/start.js'
import * as okta from '../../docs/demo/okta.js'
import { paperOn } from '../../docs/demo/paper.js'
import { personNamed } from '../../docs/demo/people.js'
import { printSignIn } from '../../docs/demo/print-sign-in.js'
import { type DemoServer, startDemoServer } from '../../docs/demo/server.js'
import { type SignIn, setUpSignIn, startDemoIdentityProvider } from '../../docs/demo/sign-in.js'
import { SiteBrowser } from '../harness/site-browser.js'

const KATERINA = personNamed('katerina.dvorakova')
const PER = personNamed('per.lindqvist')
const ULKU = personNamed('ulku.aydin')

describe('signing in to the demo, through an identity provider on another site', () => {
  let server: DemoServer
  let idp: DemoIdentityProvider
  let admin: AdminApi
  let acme: Acme
  let signIn: SignIn
  let account: string

  before(async function () {
    this.timeout(30_000)
    server = await startDemoServer({ LOG_LEVEL: 'silent' })
    idp = await startDemoIdentityProvider()
    admin = adminApi(server.url, server.operatorToken)
    acme = await setUpAcme(admin)
    account = `/accounts/${acme.accountId}`
    signIn = await setUpSignIn(admin, idp, acme)
    const line = directoryClient(acme.entra.scimBaseUrl, acme.entra.token, 'test')
    await entra.pushPerson(line, KATERINA)
    const per = await entra.pushPerson(line, PER)
    await entra.patchPerson(line, per, [{ op: 'Replace', path: 'active', value: 'False' }])
    await okta.pushPerson(directoryClient(acme.okta.scimBaseUrl, acme.okta.token, 'test'), ULKU)
  })
  after(() => Promise.all([idp.close(), server.close()]))

  /** To the identity provider, a choice there, and back. */
  async function choose(browser: SiteBrowser, loginUrl: string, person: string, manner = 'assertion'): Promise<void> {
    await browser.open(loginUrl)
    if (!browser.url.startsWith(idp.url)) await browser.submit()
    assert.ok(browser.url.startsWith(idp.url), `${browser.url} ${browser.text}`)
    await browser.submit({ person, manner })
    await browser.submit()
  }

  const newest = async (): Promise<LogEvent> => {
    const { items } = await admin.get<List<LogEvent>>(`${account}/events?source=sso&limit=1`)
    assert.ok(items[0])
    return items[0]
  }

  for (const manner of MANNERS)
    it(`lets a person in who was pushed (answer protected: ${manner})`, async () => {
      const browser = new SiteBrowser()
      await choose(browser, signIn.entraUrl, KATERINA.address, manner)
      assert.equal(browser.status, 200, browser.text)
      assert.equal(browser.url, `${server.url}/`)
      assert.match(browser.text, /Kateřina Dvořáková/)
      assert.match(browser.text, /webinar/i)
      const event = await newest()
      assert.equal(event.action, 'signin.succeeded')
      assert.equal(event.subject?.email, KATERINA.address)
    })

  it('makes her active, and a pending license a seat', async () => {
    const { items } = await admin.get<List<User>>(`${account}/users?q=katerina`)
    assert.equal(items[0]?.status, 'active')
    assert.ok(items[0]?.licenses.some(({ product, state }) => product === 'webinar' && state === 'assigned'))
  })

  it('posts the request to an identity provider that takes forms alone', async () => {
    const browser = new SiteBrowser()
    await choose(browser, signIn.oktaUrl, ULKU.address)
    assert.equal(browser.status, 200, browser.text)
    assert.match(browser.text, /Ülkü Aydın/)
  })

  it('tells who was switched off why she is not let in', async () => {
    const browser = new SiteBrowser()
    await choose(browser, signIn.entraUrl, PER.address)
    assert.equal(browser.status, 403)
    assert.equal(browser.code, 'user_deactivated')
    assert.match(browser.text, /switched off/)
    const event = await newest()
    assert.equal(event.code, 'user_deactivated')
    assert.match(event.message ?? '', /directory/)
  })

  it('says so where nobody was chosen', async () => {
    const browser = new SiteBrowser()
    await choose(browser, signIn.entraUrl, '')
    assert.equal(browser.code, 'idp_status')
    assert.match((await newest()).message ?? '', /RequestDenied/)
  })

  it('signs out everywhere from the identity provider, and from here', async () => {
    const browser = new SiteBrowser()
    await choose(browser, signIn.oktaUrl, ULKU.address)
    const session = `${server.url}/api/v1/session`
    await browser.open(session)
    assert.equal(browser.status, 200)
    await browser.open(`${idp.url}/`)
    await browser.submit({}, '/okta/sign-out')
    assert.equal(browser.url.split('?')[0], `${idp.url}/okta/slo`)
    assert.match(browser.text, /Signed out everywhere/)
    await browser.open(session)
    assert.equal(browser.status, 401)

    await choose(browser, signIn.oktaUrl, ULKU.address)
    await browser.submit({}, '/sign-out')
    await browser.follow(/Sign out everywhere/)
    assert.equal(browser.url, `${server.url}/sign-in?signed-out`, browser.text)
    await browser.open(`${idp.url}/`)
    assert.doesNotMatch(browser.text, /Ülkü/)
  })

  it('is explained in the tour, in lines of at most 100 characters, with addresses that are there', () => {
    const written: string[] = []
    printSignIn(signIn, idp.url, paperOn({ write: (text) => written.push(text) }, {}))
    const text = written.join('')
    assert.deepEqual(
      text.split('\n').filter((line) => [...line].length > 100),
      [],
    )
    for (const word of [signIn.entraUrl, signIn.oktaUrl, idp.url, 'Kateřina Dvořáková', 'signin.failed'])
      assert.ok(text.includes(word), word)
  })
})
