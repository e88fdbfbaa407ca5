import assert from 'node:assert/strict'
import { TestIdp } from '../saml/an-idp.js'
import {
  ACCOUNT_URN,
  aUser,
  type Body,
  ENTERPRISE_URN,
  type TestAccount,
  type TestApp,
  type TestConnection,
} from './app.js'
import { signIn } from './people.js'

/** Of an identity provider that exists for its metadata alone. */
export const IDP_METADATA = (await TestIdp.create('https://idp.example/entity')).metadata()

/** Whom a connection trusts in place of a secret. Nobody fetches the keys. */
export const TERMS = { issuer: 'https://i.example', jwksUrl: 'https://i.example/keys', subject: 's', audience: 'a' }

/** A connection with one person, one group and one rule, all named after the account. */
export interface FilledConnection {
  readonly connection: TestConnection
  readonly tokenId: string
  readonly secretId: string
  readonly ruleId: string
  /** As SCIM answered; she is in the group, and has an externalId. */
  readonly person: Body
  /** Id of the account user behind her. */
  readonly userId: string
  readonly group: Body
}

/** An account that holds one thing of every kind that a request can name. */
export interface FilledAccount {
  readonly account: TestAccount
  /** A word that stands in every name of the account and in no other. */
  readonly word: string
  readonly first: FilledConnection
  readonly second: FilledConnection
  readonly domain: string
  readonly product: Body
  readonly role: Body
  /** A text that everyone whom a directory sent has. */
  readonly attribute: Body
  /** A plain member at the verified domain, with a manual grant of the product. */
  readonly local: Body
  /** The SCIM id under which a directory of the account sees the local user. */
  readonly candidateId: string
  readonly matchRequestId: string
  readonly eventId: string
  readonly jobId: string
  readonly signInTestId: string
  /** A finished file of the operator, which holds nobody. */
  readonly exportId: string
  /** Of the local user. */
  readonly sessionId: string
  /** Switched off, so that nothing of what the account does is sent anywhere. */
  readonly webhook: Body
}

/** Fill an account through the API, but for a session, which takes an identity provider. `word` is lower case. */
export async function aFilledAccount(app: TestApp, word: string): Promise<FilledAccount> {
  const account = await app.anAccount(`${word} ltd`)
  const domain = `${word}.example`
  await account.admin('post', '/domains', { name: domain, verified: true }).expect(201)
  const product = await account.aProduct({ key: `${word}-meet`, seats: 50 })
  // Keys are an account's own: every account has these.
  await account.aProduct({ key: 'everywhere' })
  await account.admin('post', '/roles', { key: 'everywhere', name: 'Everywhere', permissions: [] }).expect(201)
  const draft = { key: `${word}-role`, name: `${word} helpers`, permissions: ['logs.view'] }
  const role = (await account.admin('post', '/roles', draft).expect(201)).body
  const attribute = await account.anAttribute({ name: `${word}Code`, type: 'text', description: `${word} codes` })
  const inside = { product: product.key, attribute: attribute.name, domain }
  const first = await aFilledConnection(account, `${word}-one`, inside)
  const second = await aFilledConnection(account, `${word}-two`, inside)
  const saml = { idpMetadataXml: IDP_METADATA }
  await account.admin('put', `/connections/${first.connection.id}/saml`, saml).expect(200)
  const tried = await account.admin('post', `/connections/${first.connection.id}/saml/test`).expect(201)
  const email = `local@${domain}`
  const local = await account.aLocalUser({ email, products: [{ key: product.key }] })
  const [candidate] = await first.connection.find('Users', `userName eq "${email}"`)
  const { body } = await account.admin('post', '/reapply', {}).expect(202)
  await app.settle()
  const { id: sessionId } = await signIn(account, local.id)
  const matchRequestId = await aMatchRequest(first.connection, domain)
  const target = { url: `https://${word}.example/hook`, description: `${word} CRM`, enabled: false }
  const webhook = (await account.admin('post', '/webhooks', target).expect(201)).body
  const nobody = { kind: 'users', format: 'jsonl', filter: { q: `${word}-nobody` } }
  const exported = (await account.admin('post', '/exports', nobody).expect(202)).body
  await app.settle()
  const [event] = await account.events(`connectionId=${first.connection.id}&action=user.created`)
  return {
    ...{ account, word, first, second, domain, product, role, attribute, local },
    ...{ candidateId: candidate.id, matchRequestId, eventId: event.id, jobId: body.jobIds[0], sessionId, webhook },
    signInTestId: tried.body.id,
    exportId: exported.id,
  }
}

async function aFilledConnection(
  account: TestAccount,
  word: string,
  { product, attribute, domain }: { readonly product: string; readonly attribute: string; readonly domain: string },
): Promise<FilledConnection> {
  const connection = await account.aConnection({ name: `${word} directory` })
  const path = `/connections/${connection.id}`
  const { body } = await account.admin('get', `${path}/tokens`).expect(200)
  const secret = await account.admin('post', `${path}/secrets`, {}).expect(201)
  const terms = { ...TERMS, audience: `api://${word}` }
  await account.admin('put', `${path}/federation`, terms).expect(200)
  const person = await connection.provision(
    aUser({
      userName: `${word}-person@${domain}`,
      externalId: `${word}-external`,
      displayName: `${word} person`,
      name: { givenName: word, familyName: 'Person' },
      [ENTERPRISE_URN]: { department: `${word} department` },
      [ACCOUNT_URN]: { [attribute]: `${word} code` },
    }),
  )
  const group = await connection.aGroup(`${word} people`, [person])
  const condition = `groups.value eq "${group.id}"`
  const rule = await connection.aRule({ condition, effects: { products: [{ key: product }] }, note: `${word} note` })
  const { id: userId } = await connection.userOf(person)
  const [tokenId, secretId] = [body.items[0].id, secret.body.id]
  return { connection, tokenId, secretId, ruleId: rule.id, person, userId, group }
}

/** An administrator is never linked without being asked for (PRODUCT 2.10). */
async function aMatchRequest(connection: TestConnection, domain: string): Promise<string> {
  const email = `chief@${domain}`
  await connection.account.aLocalUser({ email, role: 'admin' })
  await connection.post('/Users', aUser({ userName: email })).expect(409)
  const { body } = await connection.account.admin('get', '/match-requests').expect(200)
  assert.equal(body.items.length, 1)
  return body.items[0].id
}

/** What no answer to somebody else may hold: ids and names of a connection and of what is in it. */
export function secretsOfConnection({
  connection,
  tokenId,
  secretId,
  ruleId,
  person,
  userId,
  group,
}: FilledConnection): string[] {
  const ids = [connection.id, connection.token, tokenId, secretId, ruleId, person.id, userId, group.id]
  return [...ids, person.userName, person.externalId, person.displayName, group.displayName]
}

/** The same of a whole account: the word that is in every name of it, and its ids. */
export function secretsOfAccount(filled: FilledAccount): string[] {
  const { account, word, first, second, product, role, attribute, local, candidateId } = filled
  const { matchRequestId, eventId, jobId, sessionId, webhook, exportId } = filled
  const ids = [
    account.id,
    product.id,
    role.id,
    attribute.id,
    local.id,
    candidateId,
    matchRequestId,
    eventId,
    jobId,
    sessionId,
    webhook.id,
    exportId,
  ]
  return [word, filled.domain, ...ids, ...secretsOfConnection(first), ...secretsOfConnection(second)]
}
