import assert from 'node:assert/strict'
import { useApp } from '../../harness/app.js'
import { forEachDatabase } from '../../harness/database.js'
import { conversations, hold } from '../../idp/conversation.js'

forEachDatabase((database) => {
  describe('the conversations of SCIM.md sections 1.3 to 1.9', () => {
    const app = useApp(database)

    for (const [name, conversation] of conversations())
      it(`${name} is held to its end`, async () => {
        const connection = await app.aConnection({ idpKind: 'generic' })
        const ids = await hold(connection, conversation)
        assert.equal(new Set(ids.values()).size, ids.size, 'each resource has an id of its own')
        assert.equal((await connection.account.events('outcome=failure')).length, refusals(conversation.exchanges))
      })

    it('JumpCloud: the test user of an activation holds no seat, and leaves none behind', async () => {
      const account = await app.anAccount()
      await account.aProduct({ key: 'desk', seats: 1 })
      const connection = await account.aConnection({ idpKind: 'generic' })
      await connection.aRule({ condition: 'userName pr', effects: { products: [{ key: 'desk' }] } })
      const activation = conversations().find(([name]) => name === 'jumpcloud/activation')
      assert.ok(activation)
      await hold(connection, activation[1])
      await app.settle()
      const { reserved, assigned, waiting } = (await account.products()).get('desk')
      assert.deepEqual({ reserved, assigned, waiting }, { reserved: 0, assigned: 0, waiting: 0 })
    })
  })
})

/** A refusal that the IdP reckons with is an event; one of a read that found nothing is none. */
function refusals(exchanges: readonly { readonly request: string; readonly status: number }[]): number {
  return exchanges.filter(({ request, status }) => status >= 400 && !(request.startsWith('GET') && status === 404))
    .length
}
