import assert from 'node:assert/strict'
import { aUser, type Body, useApp } from '../harness/app.js'
import { forEachDatabaseInTime } from '../harness/database.js'
import { SignIns } from '../harness/sign-in.js'

const GROUPS_LINK = 'http://schemas.microsoft.com/claims/groups.link'

let people = 0

forEachDatabaseInTime((database) => {
  describe('groups and roles of an assertion, through the rules (SAML.md e, step 14)', () => {
    const app = useApp(database)
    let signIns: SignIns
    let nameId: string

    before(async () => {
      signIns = await SignIns.in(app, { rolesFromAssertion: true })
      for (const key of ['meet', 'assist']) await signIns.account.aProduct({ key })
      await rule('groups.display eq "Sales"', { products: [{ key: 'meet' }] })
      await rule('roles.value eq "boss"', { role: 'admin' })
    })
    beforeEach(async () => {
      nameId = `mapped${++people}@acme.example`
      await signIns.connection.provision(aUser({ userName: nameId }))
    })

    const rule = (condition: string | null, effects: object): Promise<Body> =>
      signIns.connection.aRule({ ...(condition !== null && { condition }), effects })
    const signIn = (attributes: Readonly<Record<string, readonly string[]>> = {}) =>
      signIns.signIn(signIns.browser(), { nameId, attributes })
    const user = async () => signIns.account.user((await signIns.account.userByEmail(nameId)).id)
    const shown = ({ role, licenses }: Body) => [role.key, licenses.map(({ product }: Body) => product)]

    it('give what the rules give, by the rule that decided it; the next sign-in takes back what it no longer says', async () => {
      assert.equal((await signIn({ groups: ['Sales', 'Other'], role: ['BOSS'] })).status, 303)
      const after = await user()
      assert.deepEqual(shown(after), ['admin', ['meet']])
      assert.equal(after.role.source, 'assertion')
      assert.match(after.role.ruleId, /^[0-9a-f-]{36}$/)
      assert.deepEqual(
        after.grants.map(({ source }: Body) => source),
        ['assertion', 'assertion'],
      )
      const event = await signIns.lastEvent()
      assert.ok(event.signIn.checks.some(({ check }: Body) => check === 'mapping'))
      assert.equal(event.effects.find(({ kind }: Body) => kind === 'license').ruleId, after.licenses[0].ruleId)
      await signIn({ groups: ['Other'] })
      assert.deepEqual(shown(await user()), ['member', []])
    })

    it('stay when the directory changes the person, and give nothing twice', async () => {
      await signIn({ memberOf: ['sales'] })
      const [person] = await signIns.connection.find('Users', `userName eq "${nameId}"`)
      const patch = { op: 'replace', path: 'title', value: 'Queen' }
      const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp']
      await signIns.connection.patch(`/Users/${person.id}`, { schemas, Operations: [patch] }).expect(200)
      assert.deepEqual(shown(await user()), ['member', ['meet']])
      await signIns.connection.aGroup('Sales', [person])
      await signIn({ groups: ['Sales'] })
      assert.deepEqual(
        (await user()).grants.map(({ source }: Body) => source),
        ['rule'],
      )
    })

    it('never give a role by its name alone', async () => {
      await signIns.account
        .admin('patch', `/connections/${signIns.connection.id}`, { acceptDirectRoles: true })
        .expect(200)
      await app.settle()
      await signIn({ roles: ['super_admin', 'admin'], groups: ['super_admin', 'admin'] })
      assert.deepEqual(shown(await user()), ['member', []])
    })

    it('serve people whom no directory sends', async () => {
      const domain = 'mapping.example'
      await signIns.account.admin('post', '/domains', { name: domain, verified: true }).expect(201)
      nameId = `local@${domain}`
      await signIns.account.aLocalUser({ email: nameId })
      await signIn({ groups: ['Sales'] })
      assert.deepEqual(shown(await user()), ['member', ['meet']])
    })

    it('that Entra sends a link for leave everything as it was, with a warning', async () => {
      await signIn({ groups: ['Sales'] })
      assert.equal((await signIn({ [GROUPS_LINK]: ['https://graph.example/x'] })).status, 303)
      assert.deepEqual(shown(await user()), ['member', ['meet']])
      const { outcome, code, warnings } = await signIns.lastEvent()
      assert.deepEqual([outcome, code, warnings.length], ['warning', 'groups_withheld', 1])
    })

    it('that a rule cannot serve are refused before anything is written', async () => {
      const role = (await signIns.account.admin('patch', '', { settings: { directoryMayGrantSuperAdmin: true } }))
        .status
      assert.equal(role, 200)
      await rule('groups.display eq "Owners"', { role: 'super_admin' })
      await signIns.account.admin('patch', '', { settings: { directoryMayGrantSuperAdmin: false } }).expect(200)
      await app.settle()
      const before = await user()
      const refused = await signIn({ groups: ['Owners'] })
      assert.equal(refused.headers['x-usher-code'], 'mapping_failed')
      assert.deepEqual(await user(), before)
      const { message, signIn: facts } = await signIns.lastEvent()
      assert.match(message, /super_admin.*role_not_grantable/)
      assert.deepEqual(facts.checks.at(-1), { check: 'mapping', passed: false })
      assert.equal((await signIn({ groups: ['Others'] })).status, 303)
    })

    it('that are too many are refused', async () => {
      const groups = Array.from({ length: 1_001 }, (_, index) => `g${index}`)
      assert.equal((await signIn({ groups })).headers['x-usher-code'], 'mapping_failed')
      assert.equal((await signIn({ groups: ['g'.repeat(1_025)] })).headers['x-usher-code'], 'mapping_failed')
    })

    it('end with the rule that gave them, and with the setting', async () => {
      const extra = await rule('groups.display eq "Extra"', { products: [{ key: 'assist' }] })
      await signIn({ groups: ['Extra', 'Sales'] })
      assert.deepEqual(shown(await user()), ['member', ['meet', 'assist']])
      await signIns.account.admin('delete', `/connections/${signIns.connection.id}/rules/${extra.id}`).expect(204)
      await app.settle()
      assert.deepEqual(shown(await user()), ['member', ['meet']])
      await signIns.setUp({ rolesFromAssertion: false })
      await app.settle()
      assert.deepEqual(shown(await user()), ['member', []])
      await signIn({ groups: ['Sales'] })
      assert.deepEqual(shown(await user()), ['member', []])
      await signIns.setUp({ rolesFromAssertion: true })
    })
  })
})
