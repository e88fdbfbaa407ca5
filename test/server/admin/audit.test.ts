import assert from 'node:assert/strict'
import { useApp } from '../../harness/app.js'
import { forEachDatabaseInTime } from '../../harness/database.js'

forEachDatabaseInTime((database) => {
  describe("what the log keeps of an administrator's acts (PRODUCT 3.3, Audit)", () => {
    const app = useApp(database)

    const lastChanges = async (
      account: { events(query: string): Promise<{ changes: object[] }[]> },
      action: string,
    ) => {
      const [event] = await account.events(`action=${action}`)
      return event?.changes
    }
    const made = (attribute: string, after: unknown) => ({ attribute, before: null, after })

    it('keeps what a new product, role and token were', async () => {
      const connection = await app.aConnection()
      const { account } = connection
      await account.aProduct({ key: 'suite', seats: 5, features: { recording: true } })
      assert.deepEqual(await lastChanges(account, 'product.created'), [
        made('seats', 5),
        made('policy', 'reserve_on_invite'),
        made('features', { recording: true }),
        made('includes', []),
      ])
      await account.admin('post', '/roles', { key: 'auditor', name: 'Auditor', permissions: ['logs.view'] }).expect(201)
      assert.deepEqual(await lastChanges(account, 'role.created'), [
        made('key', 'auditor'),
        made('permissions', ['logs.view']),
      ])
      const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
      await account.admin('post', `/connections/${connection.id}/tokens`, { expiresAt }).expect(201)
      assert.deepEqual(await lastChanges(account, 'token.created'), [made('expiresAt', expiresAt)])
    })

    it('keeps what a rule was that is gone', async () => {
      const connection = await app.aConnection()
      const { account } = connection
      const condition = 'groups.display eq "Sales"'
      const { id } = await connection.aRule({ condition, effects: { role: 'member' } })
      await account.admin('delete', `/connections/${connection.id}/rules/${id}`).expect(204)
      assert.deepEqual(await lastChanges(account, 'rule.deleted'), [
        { attribute: 'priority', before: 1, after: null },
        { attribute: 'enabled', before: true, after: null },
        { attribute: 'condition', before: condition, after: null },
        { attribute: 'effects', before: { role: 'member' }, after: null },
      ])
    })
  })
})
