import assert from 'node:assert/strict'
import request from 'supertest'
import { type TestAccount, useApp } from '../harness/app.js'
import { signIn } from '../harness/people.js'
import { SQLITE } from '../harness/sqlite.js'

const HTML = 'text/html,application/xhtml+xml'

describe('the addresses of the console', () => {
  const app = useApp(SQLITE)
  let account: TestAccount
  before(async () => {
    account = await app.anAccount()
  })

  const cookieOf = async (role: string): Promise<string> => {
    const { id } = await account.aLocalUser({ email: `${role}@acme.example`, role, status: 'active' })
    return (await signIn(account, id)).cookie
  }

  const open = (path: string, cookie = '', accept = HTML) =>
    request(app.url).get(path).set('Accept', accept).set('Cookie', cookie)

  it('lead who is not signed in to the sign-in, and back afterwards', async () => {
    const { headers } = await open('/log?outcome=failure').expect(303)
    assert.equal(headers.location, '/sign-in?target=%2Flog%3Foutcome%3Dfailure')
  })

  it('are one page for an administrator, which runs no foreign and no inline script', async () => {
    const cookie = await cookieOf('admin')
    for (const path of ['/', '/users', '/log/some-event?x=1']) {
      const { status, headers } = await open(path, cookie)
      // Without a build the page says so; both are this page and no other.
      assert.ok(status === 200 || status === 503, `${path}: ${status}`)
      assert.equal(headers['cache-control'], 'no-store')
      const policy = headers['content-security-policy'] ?? ''
      assert.match(policy, /default-src 'self'/)
      assert.doesNotMatch(policy, /script-src[^;]*(unsafe|https?:)/)
    }
  })

  it('lead a plain member to the page that says what she has', async () => {
    const cookie = await cookieOf('member')
    assert.equal((await open('/users', cookie).expect(303)).headers.location, '/')
    assert.match((await open('/', cookie).expect(200)).text, /Welcome/)
  })

  for (const [path, accept] of [
    ['/users', 'application/json'],
    ['/users', '*/*'],
    ['/api/v1/nothing', HTML],
    ['/saml/nothing/else', HTML],
    ['/.well-known/nothing', HTML],
  ] as const) {
    it(`${path} is nothing for whoever accepts ${accept}`, async () => {
      await open(path, '', accept).expect(404)
    })
  }
})
