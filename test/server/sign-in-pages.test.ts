import assert from 'node:assert/strict'
import request from 'supertest'
import { REFUSAL_CODES } from '../../server/sign-in/codes.js'
import { LANGUAGES, type Language } from '../../server/sign-in/language.js'
import { EN, type TextKey } from '../../server/sign-in/texts/en.js'
import { aUser, useApp } from '../harness/app.js'
import { forEachDatabaseInTime } from '../harness/database.js'
import { SignIns } from '../harness/sign-in.js'

const ALL = Object.entries(LANGUAGES) as [Language, (typeof LANGUAGES)[Language]][]
const wordsOf = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort()

describe('texts of the sign-in', () => {
  for (const [language, { texts, codes }] of ALL) {
    it(`has every text in ${language}, with the words that are filled in`, () => {
      assert.deepEqual(Object.keys(texts).sort(), Object.keys(EN).sort())
      for (const [key, text] of Object.entries(texts)) {
        assert.ok(text.trim().length > 0, key)
        assert.deepEqual(wordsOf(text), wordsOf(EN[key as TextKey]), key)
      }
    })

    it(`has a text in ${language} for every code`, () => {
      assert.deepEqual(Object.keys(codes).sort(), [...REFUSAL_CODES].sort())
      for (const [code, text] of Object.entries(codes)) assert.match(text, /\S.*\.$/, code)
    })
  }

  it('is not the same in two languages', () => {
    const [en, ...others] = ALL.map(([, { texts, codes }]) => ({ ...texts, ...codes }) as Record<string, string>)
    for (const other of others)
      assert.deepEqual(
        Object.keys(en!).filter((key) => en![key] === other[key]),
        [],
      )
  })
})

/** What every page of ours is: in a language, for small screens, without anything from elsewhere. */
function assertGoodPage(text: string, headers: Record<string, string>, language = 'en'): void {
  assert.match(text, new RegExp(`^<!doctype html>\\n<html lang="${language}">`))
  assert.match(text, /<meta name="viewport" content="width=device-width, initial-scale=1">/)
  assert.equal(text.match(/<main>/g)?.length, 1)
  assert.equal(text.match(/<h1>/g)?.length, 1)
  assert.match(text, /<title>[^<]+<\/title>/)
  assert.doesNotMatch(text, /<script|\son\w+=|\sstyle=|src=|<link/)
  const policy = headers['content-security-policy'] ?? ''
  assert.match(
    policy,
    /^default-src 'none'; style-src 'sha256-[^']+'; form-action [^;]+; base-uri 'none'; frame-ancestors 'none'$/,
  )
  assert.equal(headers['cache-control'], 'no-store')
  assert.match(headers.vary ?? '', /Accept-Language/)
  const labelled = [...text.matchAll(/<input (?![^>]*type="hidden")[^>]*\sid="([^"]+)"/g)].map(([, id]) => id)
  for (const id of labelled) assert.ok(text.includes(`<label for="${id}">`), id)
}

forEachDatabaseInTime((database) => {
  describe('the pages of the sign-in', () => {
    const app = useApp(database)
    let signIns: SignIns
    const domain = 'pages.example'
    const ada = `ada@${domain}`

    before(async () => {
      signIns = await SignIns.in(app)
      await signIns.account.admin('post', '/domains', { name: domain, verified: true }).expect(201)
      await signIns.connection.provision(aUser({ userName: ada }))
    })

    it('whoever is not signed in is led to the form, and from her address to her company', async () => {
      const browser = signIns.browser()
      assert.equal((await browser.get('/')).headers.location, '/sign-in')
      const form = await browser.get('/sign-in')
      assertGoodPage(form.text, form.headers)
      assert.match(form.text, /type="email" autocomplete="username"/)
      const sent = await browser.submit('/sign-in', { email: ` ADA@${domain.toUpperCase()} ` })
      assert.equal(sent.status, 303)
      assert.equal(sent.headers.location, `${app.server.publicUrl}${signIns.path}/login`)
      const done = await signIns.answer(browser, { inResponseTo: await signIns.begin(browser), nameId: ada })
      assert.equal(done.headers.location, '/')
      const landed = await browser.get('/')
      assert.equal(landed.status, 200)
      assertGoodPage(landed.text, landed.headers)
      assert.match(landed.text, /Welcome, Grace Hopper.*ada@pages\.example.*no license yet/s)
      assert.equal((await browser.get('/sign-in')).headers.location, '/')
    })

    it('whoever has no company to go to is asked for a password, and so is everybody who wishes', async () => {
      for (const email of ['a@unknown.example', 'nobody@unknown.example']) {
        const page = await signIns.browser().submit('/sign-in', { email })
        assert.equal(page.status, 200, email)
        assertGoodPage(page.text, page.headers)
        assert.match(page.text, /action="\/sign-in\/password"/)
      }
      const wished = await signIns.browser().submit('/sign-in', { email: ada, way: 'password' })
      assert.match(wished.text, /action="\/sign-in\/password"/)
    })

    it('what is no address leads to the same page with one sentence', async () => {
      const texts = new Set<string>()
      for (const email of ['nobody', '', `@${domain}`, 'a@b@c', `${'x'.repeat(9_000)}@x.example`]) {
        const page = await signIns.browser().submit('/sign-in', { email })
        assert.equal(page.status, 200, email)
        assertGoodPage(page.text, page.headers)
        texts.add(page.text.replace(/ value="[^"]*"/, ''))
      }
      assert.equal(texts.size, 1)
      assert.match([...texts][0]!, /role="status">That is no e-mail address/)
    })

    it('whether a person exists is not told: the answer is that of her domain', async () => {
      const known = await signIns.browser().submit('/sign-in', { email: ada })
      const unknown = await signIns.browser().submit('/sign-in', { email: `nobody@${domain}` })
      assert.deepEqual([unknown.status, unknown.headers.location], [known.status, known.headers.location])
    })

    it('goes on to a path of ours, and to nothing else', async () => {
      const target = '/reports?a=1&b=<2>'
      const form = await signIns.browser().get(`/sign-in?target=${encodeURIComponent('/reports?a=1&b=2')}`)
      assert.match(form.text, /name="target" value="\/reports\?a=1&amp;b=2"/)
      const sent = await signIns.browser().submit('/sign-in', { email: ada, target })
      assert.equal(new URL(sent.headers.location!).searchParams.get('target'), target)
      for (const evil of [
        'https://evil.example',
        '//evil.example',
        '/\\evil.example',
        'javascript:alert(1)',
        '/a b',
        '/a\0b',
        '/a\u0085b',
      ]) {
        const refused = await signIns.browser().submit('/sign-in', { email: ada, target: evil })
        assert.equal(refused.headers.location, `${app.server.publicUrl}${signIns.path}/login`, evil)
      }
    })

    it('shows what was typed and puts nothing of it into the page', async () => {
      const email = `"><script>alert(1)</script>@unknown.example`
      const page = await signIns.browser().submit('/sign-in', { email, target: '/"><b>' })
      assertGoodPage(page.text, page.headers)
      assert.match(page.text, /value="&quot;&gt;&lt;script&gt;/)
    })

    it('speaks the language of the browser, unless another one was chosen', async () => {
      const french = await signIns
        .browser()
        .get('/sign-in', { 'Accept-Language': 'de, fr-CH;q=0.9, fr;q=0.8, en;q=0.5' })
      assertGoodPage(french.text, french.headers, 'fr')
      assert.match(french.text, /<h1>Connexion<\/h1>/)
      const browser = signIns.browser()
      const italian = await browser.get('/sign-in?lang=it')
      assertGoodPage(italian.text, italian.headers, 'it')
      assert.match(italian.text, /href="\/sign-in\?lang=fr" lang="fr" hreflang="fr">Français/)
      const refused = await browser.get(`${signIns.path}/finish?answer=x`, { 'Accept-Language': 'fr' })
      assertGoodPage(refused.text, refused.headers, 'it')
      assert.match(refused.text, /expired_request.*Ricomincia/s)
      for (const lang of ['de', 'toString', '__proto__', '<b>', 'fr&lang=it'])
        assert.match((await signIns.browser().get(`/sign-in?lang=${lang}`)).text, /<html lang="en">/, lang)
    })

    it('a refusal has a code, an id that finds the event, and a way to start again', async () => {
      const browser = signIns.browser()
      const page = await signIns.signIn(browser, { nameId: 'nobody@elsewhere.example' })
      assert.equal(page.status, 403)
      assertGoodPage(page.text, page.headers)
      const [, code, id] = /code: (\w+), ([0-9a-f]{32})\./.exec(page.text)!
      const event = await signIns.lastEvent()
      assert.deepEqual([code, id], [event.code, event.id.replaceAll('-', '')])
      assert.match(page.text, /<a href="\/sign-in">/)
      assert.doesNotMatch(page.text, /nobody@elsewhere/)
    })

    it('after signing out one is on the form, which says so', async () => {
      const browser = signIns.browser()
      await signIns.signIn(browser, { nameId: ada })
      const left = await browser.post('/sign-out', { Origin: app.server.publicUrl })
      assertGoodPage(left.text.replace(/<meta http-equiv[^>]*>/, ''), left.headers)
      const again = await browser.post('/sign-out', { Origin: app.server.publicUrl })
      assert.equal(again.headers.location, '/sign-in?signed-out')
      const form = await browser.get('/sign-in?signed-out')
      assertGoodPage(form.text, form.headers)
      assert.match(form.text, /role="status">You are signed out/)
    })

    it('whoever waits for a seat reads that her administrator knows (JM-14)', async () => {
      const late = `late@${domain}`
      await signIns.account.aProduct({ key: 'meet', seats: 0, policy: 'assign_on_accept' })
      const person = await signIns.connection.provision(aUser({ userName: late }))
      const { id } = await signIns.connection.userOf(person)
      await signIns.connection.aRule({ condition: `userName eq "${late}"`, effects: { products: [{ key: 'meet' }] } })
      const browser = signIns.browser()
      await signIns.signIn(browser, { nameId: late })
      const { text } = await browser.get('/')
      assert.match(text, /meet: waits for a seat.*No seat is free\. Your administrator has been told/s)
      assert.equal((await signIns.account.user(id)).licenses[0].state, 'waiting')
    })

    it('what is no id of a connection is nowhere', async () => {
      for (const id of ['%00', '%FF', 'x', '..%2f', `${signIns.connection.id}%00`, 'a'.repeat(5_000)])
        for (const path of [
          `/saml/${id}/login`,
          `/saml/${id}/metadata`,
          `/saml/${id}/finish?answer=x`,
          `/sso/test/${id}`,
        ]) {
          const { status } = await signIns.browser().get(path)
          assert.ok([400, 401, 404].includes(status), `${status} ${path}`)
        }
      const login = await signIns.browser().get(`${signIns.path}/login?target=/a%00b`)
      assert.equal(login.status, 302)
    })

    for (const [what, type, body, status] of [
      ['too large', 'form', `email=${'x'.repeat(20_000)}`, 413],
      ['JSON', 'json', '{"email":"a@unknown.example"}', 200],
      ['an object', 'form', 'email[a]=b&target[b]=c', 200],
      ['no UTF-8', 'form', 'email=%ff%fe', 200],
      ['nothing', 'form', '', 200],
    ] as const)
      it(`a form that is ${what} is answered ${status}`, async () => {
        const sent = await request(app.url).post('/sign-in').type(type).send(body)
        assert.equal(sent.status, status, sent.text)
      })
  })
})
