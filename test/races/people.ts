import assert from 'node:assert/strict'
import { aUser, type Body, ENTERPRISE_URN, patchOf, replace } from '../harness/app.js'
import { type Races, scenario, statuses, together } from './fleet.js'

const TEN = Array.from({ length: 10 }, (_, index) => index)

/** Ten attributes of one person, each with the value that it is to have. */
const ATTRIBUTES: readonly (readonly [path: string, value: unknown])[] = [
  ['title', 'Director'],
  ['nickName', 'Ada'],
  ['locale', 'en-GB'],
  ['timezone', 'Europe/London'],
  ['userType', 'Employee'],
  ['name.honorificPrefix', 'Dr'],
  ['preferredLanguage', 'en'],
  ['externalId', 'ext-1'],
  [`${ENTERPRISE_URN}:department`, 'Sales'],
  [`${ENTERPRISE_URN}:costCenter`, '4711'],
]

export function peopleRaces(races: Races): void {
  describe('people', () => {
    scenario(races, 'ten PATCHes of one person at once: no attribute is lost', async (account) => {
      const connection = await account.aConnection()
      const { id } = await connection.provision(aUser())
      await together(ATTRIBUTES.map(([path, value]) => connection.patch(`/Users/${id}`, replace(path, value))))
      const [found] = await connection.find(
        'Users',
        ATTRIBUTES.map(([path, value]) => `${path} eq "${value}"`).join(' and '),
      )
      assert.equal(found?.id, id)
      assert.equal(found.meta.version.includes('11'), true, found.meta.version)
    })

    scenario(races, 'one userName in ten spellings: one 201, nine 409 uniqueness', async (account) => {
      const connection = await account.aConnection()
      const spelled = (at: number): string => (at % 2 ? 'ada@example.com' : 'ADA@Example.com')
      const answers = await together(
        TEN.map((at) => connection.post('/Users', aUser({ userName: spelled(at), emails: [] }))),
      )
      assert.deepEqual(statuses(answers), { 201: 1, 409: 9 })
      for (const { status, text } of answers) if (status === 409) assert.equal(JSON.parse(text).scimType, 'uniqueness')
    })

    scenario(races, 'one externalId for ten people, then one userName to be renamed to: one wins', async (account) => {
      const connection = await account.aConnection()
      const twins = await together(TEN.map(() => connection.post('/Users', aUser({ externalId: 'one' }))))
      assert.deepEqual(statuses(twins), { 201: 1, 409: 9 })
      const people = await Promise.all(TEN.map(() => connection.provision(aUser())))
      const renamed = await together(
        people.map(({ id }) => connection.patch(`/Users/${id}`, replace('userName', 'grace'))),
      )
      assert.deepEqual(statuses(renamed), { 200: 1, 409: 9 })
    })

    scenario(races, 'one address from two connections: one creates, the other is told whose it is', async (account) => {
      const connections = [await account.aConnection(), await account.aConnection({ name: 'Entra' })]
      const person = (at: number): Body => aUser({ userName: `p${at}`, emails: [{ value: 'ada@example.com' }] })
      const answers = await together(TEN.map((at) => connections[at % 2]!.post('/Users', person(at))))
      assert.deepEqual(statuses(answers), { 201: 1, 409: 9 })
    })

    scenario(races, 'a deleted person who comes back ten times at once is restored once', async (account) => {
      const connection = await account.aConnection()
      const person = aUser({ externalId: 'ext-ada' })
      const { id } = await connection.provision(person)
      const before = await connection.userOf(person)
      const deletions = await together(TEN.map(() => connection.delete(`/Users/${id}`)))
      assert.deepEqual(statuses(deletions), { 204: 1, 404: 9 })
      const returns = await together(TEN.map(() => connection.post('/Users', person)))
      assert.deepEqual(statuses(returns), { 201: 1, 409: 9 })
      assert.equal((await connection.userOf(person)).id, before.id)
    })

    scenario(
      races,
      'a local user named at once by two connections, by her id and as a member is linked once',
      async (account) => {
        // A verified domain belongs to one account of the server.
        const domain = `${account.id.slice(-12)}.example`
        await account.admin('post', '/domains', { name: domain, verified: true }).expect(201)
        const local = await account.aLocalUser({ email: `ada@${domain}` })
        const [one, other] = [await account.aConnection(), await account.aConnection({ name: 'Entra' })]
        const [found] = await one.find('Users', `userName eq "ada@${domain}"`)
        const group = await one.aGroup('Sales')
        const person = aUser({ userName: `ada@${domain}`, externalId: 'ext' })
        const answers = await together([
          one.post('/Users', person),
          other.post('/Users', person),
          one.patch(`/Users/${found.id}`, replace('title', 'Countess')),
          one.patch(`/Groups/${group.id}`, patchOf({ op: 'add', path: 'members', value: [{ value: found.id }] })),
          other.patch(`/Users/${found.id}`, replace('title', 'Lady')),
        ])
        const { directoryUser } = await account.user(local.id)
        const winner =
          directoryUser.connectionId === one.id ? [answers[0], answers[2], answers[3]] : [answers[1], answers[4]]
        assert.ok(winner.some((answer) => answer!.status < 300))
        const losers = answers.filter((answer) => !winner.includes(answer))
        assert.ok(losers.every(({ status }) => status === 409 || status === 404 || status === 400))
      },
    )

    scenario(races, 'ten tokens asked for at once: two are live, and no third', async (account) => {
      const connection = await account.aConnection()
      const tokens = `/connections/${connection.id}/tokens`
      const answers = await together(TEN.map(() => account.admin('post', tokens, {})))
      assert.deepEqual(statuses(answers), { 201: 1, 409: 9 })
    })
  })
}
