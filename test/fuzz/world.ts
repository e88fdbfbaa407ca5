import assert from 'node:assert/strict'
import { inflateRawSync } from 'node:zlib'
import { type Body, ENTERPRISE_URN, GROUP_URN, USER_URN } from '../harness/app.js'
import { TestIdp } from '../saml/an-idp.js'
import { bytesOf, type Shot, type World } from './shot.js'
import { fire } from './wire.js'

/** Where the server is that is fired at. */
export interface Site {
  readonly port: number
  readonly operatorToken: string
}

/** Where keys of an issuer cannot be read from, and events go nowhere: nobody listens there. */
const NOWHERE = 'https://127.0.0.1:1'

let worlds = 0
let idp: Promise<TestIdp> | undefined

/**
 * An account with one thing of every kind that a request can name: `connection` is spoken to by SCIM and SAML, `other` is
 * for the admin API to change.
 */
export async function makeWorld(site: Site): Promise<World> {
  idp ??= TestIdp.create('https://idp.example/entity')
  const provider = await idp
  const builder = new Builder(site, provider)
  const word = `w${process.pid}-${++worlds}`
  const { id: account } = await builder.admin('POST', '/accounts', { name: word })
  const base = `/accounts/${account}`
  const domain = `${word}.example`
  await builder.admin('POST', `${base}/domains`, { name: domain, verified: true })
  const product = await builder.admin('POST', `${base}/products`, { key: 'meet', name: 'Meet', seats: 5 })
  const role = await builder.admin('POST', `${base}/roles`, {
    key: 'helper',
    name: 'Helper',
    permissions: ['logs.view'],
  })
  const attribute = await builder.admin('POST', `${base}/attributes`, { name: 'code', type: 'text' })
  const connection = await builder.connection(base, word, { acceptDirectRoles: true, acceptDirectEntitlements: true })
  const other = await builder.connection(base, `${word} other`, {})
  const values = { account, domain, product: product.id, productKey: 'meet', role: role.id, roleKey: 'helper', word }
  builder.keep({
    ...values,
    attribute: attribute.id,
    operator: site.operatorToken,
    connection: connection.id,
    token: connection.token,
  })
  builder.keep({ other: other.id, otherToken: other.token, tokenId: other.tokenId, otherTokenId: connection.tokenId })
  await fillDirectory(builder, base, `${word}-person@${domain}`)
  await fillSignIn(builder, base, `${word}-person@${domain}`)
  await fillAdmin(builder, base, domain)
  return builder.world
}

async function fillDirectory(builder: Builder, base: string, userName: string): Promise<void> {
  const person = await builder.scim('POST', '/Users', {
    ...{ schemas: [USER_URN, ENTERPRISE_URN], userName, externalId: 'external', displayName: 'Ada', active: true },
    ...{
      name: { givenName: 'Ada', familyName: 'Lovelace' },
      emails: [{ value: userName, type: 'work', primary: true }],
    },
    ...{ phoneNumbers: [{ value: '1', type: 'work' }], [ENTERPRISE_URN]: { department: 'Mathematics' } },
  })
  const second = await builder.scim('POST', '/Users', { schemas: [USER_URN], userName: `second-${userName}` })
  const group = await builder.scim('POST', '/Groups', {
    ...{ schemas: [GROUP_URN], displayName: 'People', members: [{ value: person.id }] },
  })
  const page = await builder.scim('GET', '/Users?cursor&count=1')
  const users = await builder.admin('GET', `${base}/users?q=${encodeURIComponent(userName)}`)
  builder.keep({
    person: person.id,
    second: second.id,
    group: group.id,
    userName,
    scimCursor: page.nextCursor ?? 'none',
  })
  builder.keep({ etag: person.meta.version, userId: users.items[0].id })
}

/** Settings, a test, and a session of the person, for whom the identity provider speaks unasked. */
async function fillSignIn(builder: Builder, base: string, nameId: string): Promise<void> {
  const path = `${base}/connections/${builder.value('connection')}/saml`
  const settings = { idpMetadataXml: builder.world.idp.metadata(), allowIdpInitiated: true }
  const sp = await builder.admin('PUT', path, settings)
  const test = await builder.admin('POST', `${path}/test`)
  builder.keep({
    spEntityId: sp.entityId,
    acsUrl: sp.acsUrl,
    sloUrl: sp.acsUrl.replace(/acs$/, 'slo'),
    signInTest: test.id,
  })
  const saml = `/saml/${builder.value('connection')}`
  const login = await builder.send({ method: 'GET', path: `${saml}/login`, headers: {} })
  const message = new URL(login.headers.location ?? '').searchParams.get('SAMLRequest') ?? ''
  const xml = inflateRawSync(Buffer.from(message, 'base64')).toString()
  builder.keep({ browser: cookieOf(login.headers), request: /ID="([^"]+)"/.exec(xml)?.[1] ?? '' })
  const target = { entityId: sp.entityId, acsUrl: sp.acsUrl }
  const answer = await builder.world.idp.responseXml(target, {
    nameId,
    responseId: `_${nameId}r`.replaceAll('@', '_'),
    assertionId: `_${nameId}a`.replaceAll('@', '_'),
  })
  const body = `SAMLResponse=${encodeURIComponent(Buffer.from(answer).toString('base64'))}`
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const posted = await builder.send({ method: 'POST', path: `${saml}/acs`, headers, body })
  const finished = await builder.send({
    method: 'GET',
    path: posted.headers.location ?? '/',
    headers: { Cookie: cookieOf(posted.headers) },
  })
  const session = cookieOf(finished.headers) || cookieOf(posted.headers)
  const { items } = await builder.admin('GET', `${base}/users/${builder.value('userId')}/sessions`)
  builder.keep({ session, sessionId: items[0]?.id ?? 'none', finish: posted.headers.location ?? '/' })
}

async function fillAdmin(builder: Builder, base: string, domain: string): Promise<void> {
  const other = `${base}/connections/${builder.value('other')}`
  const terms = { issuer: NOWHERE, jwksUrl: `${NOWHERE}/keys`, subject: 's', audience: 'api://a' }
  await builder.admin('PUT', `${other}/federation`, terms)
  const effects = { role: 'helper', products: [{ key: 'meet' }] }
  const rule = await builder.admin('POST', `${other}/rules`, { condition: 'userName pr', effects })
  const ours = `${base}/connections/${builder.value('connection')}`
  await builder.admin('POST', `${ours}/rules`, { condition: 'emails[type eq "work"].value pr', effects })
  const secret = await builder.admin('POST', `${ours}/secrets`, {})
  const local = await builder.admin('POST', `${base}/users`, {
    ...{ email: `local@${domain}`, givenName: 'L', familyName: 'L', products: [{ key: 'meet' }] },
  })
  const [candidate] = (
    await builder.scim('GET', `/Users?filter=${encodeURIComponent(`userName eq "local@${domain}"`)}`)
  ).Resources
  const reapply = await builder.admin('POST', `${base}/reapply`, {})
  const webhook = await builder.admin('POST', `${base}/webhooks`, { url: `${NOWHERE}/hook`, enabled: false })
  const events = await builder.admin('GET', `${base}/events`)
  const feed = await builder.admin('GET', `${base}/feed`)
  builder.keep({ rule: rule.id, secretId: secret.id, clientId: secret.clientId, clientSecret: secret.clientSecret })
  builder.keep({ local: local.id, candidate: candidate?.id ?? 'none', job: reapply.jobIds[0], webhook: webhook.id })
  builder.keep({ event: events.items[0].id, cursor: feed.cursor })
}

function cookieOf(headers: Readonly<Record<string, string>>): string {
  return (headers['set-cookie'] ?? '').split(';')[0] ?? ''
}

class Builder {
  readonly #values = new Map<string, string>()
  readonly #site: Site
  readonly world: World

  constructor(site: Site, provider: TestIdp) {
    this.#site = site
    this.world = { values: this.#values, idp: provider }
  }

  keep(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) this.#values.set(name, value)
  }

  value(name: string): string {
    const value = this.#values.get(name)
    assert.ok(value, `the world has no ${name} yet`)
    return value
  }

  async connection(base: string, name: string, settings: object): Promise<Body> {
    const { id } = await this.admin('POST', `${base}/connections`, {
      name,
      idpKind: 'generic',
      mode: 'live',
      ...settings,
    })
    const { token, id: tokenId } = await this.admin('POST', `${base}/connections/${id}/tokens`, {})
    return { id, token, tokenId }
  }

  admin(method: string, path: string, body?: object): Promise<Body> {
    return this.#json({ method, path: `/api/v1${path}`, headers: bearer(this.#site.operatorToken) }, body)
  }

  scim(method: string, path: string, body?: object): Promise<Body> {
    return this.#json(
      { method, path: `/scim/v2/${this.value('connection')}${path}`, headers: bearer(this.value('token')) },
      body,
    )
  }

  send(shot: Shot) {
    return fire(this.#site.port, bytesOf(shot, this.world))
  }

  async #json(shot: Shot, body: object | undefined): Promise<Body> {
    const sent = body === undefined ? shot : { ...shot, body: JSON.stringify(body) }
    const { status, text, failure } = await this.send({
      ...sent,
      headers: { ...shot.headers, 'Content-Type': 'application/json' },
    })
    assert.ok(status >= 200 && status < 300, `${shot.method} ${shot.path} answered ${status} ${failure ?? ''} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
}

function bearer(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}` }
}
