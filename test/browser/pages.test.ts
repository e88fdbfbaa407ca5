import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { SIGNED_OUT } from '../../server/sign-in/slo.js'
import { type Body, type TestAccount, type TestConnection, useApp } from '../harness/app.js'
import { anOwner, PASSWORD } from '../harness/owner.js'
import { SQLITE } from '../harness/sqlite.js'
import { type Tab, useChromium } from './chromium.js'
import { isRightInEveryLook, LANGUAGES, WIDE } from './in-every-look.js'

/** A page of the server's own, in the order in which somebody comes by. */
interface ServerPage {
  readonly name: string
  /** Where nothing is opened, it is the page to which the one before leads. */
  readonly path?: () => string | Promise<string>
  readonly act?: (page: Page) => Promise<unknown>
  /** Of what has to be on it. */
  readonly shown: string
}

describe('the pages that the server writes itself (PRODUCT 6.4, WCAG 2.2 AA)', () => {
  // A link that is used answers 410, and a browser notes that.
  const chromium = useChromium({ until: 'suite', errorsAreMeant: true })
  const app = useApp(SQLITE)
  let account: TestAccount
  let draft: TestConnection
  let invited = 0
  let member = ''

  before(async () => {
    account = await app.anAccount('Acme <b>& Søns</b>')
    await anOwner(app, account)
    await account.aProduct({ key: 'meet' })
    draft = await account.aConnection({ mode: 'draft' })
  })

  const anInvitation = async (role: string): Promise<string> => {
    const products = [{ key: 'meet' }]
    const email = `invited${++invited}@acme.example`
    const person: Body = await account.aLocalUser({ email, role, products })
    if (role === 'member') member = email
    const { body } = await account.admin('post', `/users/${person.id}/invitation`, {}).expect(201)
    return new URL(body.url).pathname
  }
  const aSetUpLink = async (): Promise<string> => {
    const { id } = await app.anAccount('Globex')
    return new URL((await app.admin('post', `/accounts/${id}/setup-link`, {}).expect(201)).body.url).pathname
  }
  const mailedPath = async (): Promise<string> => {
    const [mail] = (await account.admin('get', '/mails').expect(200)).body.items
    return new URL(/https?:\/\/\S+/.exec(mail.text)?.[0] ?? assert.fail(mail.text)).pathname
  }
  const press = async (page: Page, place = 0) => {
    await page.locator('main button').nth(place).click()
    await page.waitForLoadState()
  }
  const typeAndPress = async (page: Page, text: string, place = 0) => {
    await page.locator('main input:not([type=hidden]):not([readonly])').first().fill(text)
    await press(page, place)
  }

  const PAGES: readonly ServerPage[] = [
    { name: 'sign-in', path: () => '/sign-in', shown: 'input[type=email]' },
    { name: 'signed out', path: () => SIGNED_OUT, shown: '#notice' },
    {
      name: 'password',
      path: () => '/sign-in',
      act: (page) => typeAndPress(page, 'invited1@acme.example', 1),
      shown: 'input[type=password]',
    },
    {
      name: 'wrong password',
      act: async (page) => {
        await page.locator('input[type=password]').fill('a wrong but long password')
        await press(page)
      },
      shown: '[role=alert]',
    },
    { name: 'set-up', path: aSetUpLink, shown: 'input[autocomplete=family-name]' },
    {
      name: 'invitation',
      path: () => anInvitation('member'),
      shown: 'input[autocomplete=new-password]',
    },
    { name: 'password of the list', act: (page) => typeAndPress(page, 'password1234'), shown: '[role=alert]' },
    { name: 'welcome', act: (page) => typeAndPress(page, PASSWORD), shown: 'main li' },
    {
      name: 'second factor',
      path: () => anInvitation('admin'),
      act: (page) => typeAndPress(page, PASSWORD),
      shown: 'svg, img',
    },
    { name: 'unknown link', path: () => '/invitation/nothing', shown: 'a[href="/sign-in"]' },
    { name: 'forgotten', path: () => '/forgotten', shown: 'input[type=email]' },
    { name: 'asked for', act: (page) => typeAndPress(page, member), shown: 'main p' },
    {
      name: 'reset',
      path: async () => {
        await app.settle()
        return mailedPath()
      },
      shown: 'input[autocomplete=new-password]',
    },
    { name: 'refused', path: () => `/saml/${draft.id}/login`, shown: 'main a[href="/sign-in"]' },
  ]

  for (const language of LANGUAGES)
    describe(`in ${language}`, () => {
      let tab: Tab
      before(async () => {
        tab = await chromium.page({ locale: language, viewport: WIDE, reducedMotion: 'reduce' })
        tab.page.setDefaultTimeout(10_000)
      })

      for (const { name, path, act, shown } of PAGES)
        it(`${name}: axe finds nothing, light and dark, and a phone need not scroll sideways`, async () => {
          const { page } = tab
          if (path !== undefined) await page.goto(`${app.publicUrl}${await path()}`)
          await act?.(page)
          await page.locator(shown).first().waitFor()
          await isRightInEveryLook(tab, language)
        })
    })
})
