import assert from 'node:assert/strict'
import { aUser, useApp } from '../harness/app.js'
import { forEachDatabase } from '../harness/database.js'

const HOUR_MS = 3_600_000

forEachDatabase((database) => {
  describe('what background work leaves in the log', () => {
    const app = useApp(database)
    afterEach(() => app.at(undefined))

    it('says when a changed rule has reached everyone: job.finished, under the id of the request (PRODUCT 2.9)', async () => {
      const connection = await app.aConnection()
      const { account } = connection
      await account.aProduct({ key: 'meet' })
      for (const user of [aUser(), aUser()]) await connection.provision(user)
      // What the product changed for everyone is done, so that what follows is the rule's.
      await app.settle()
      const answer = await account.admin('post', `/connections/${connection.id}/rules`, {
        effects: { products: [{ key: 'meet' }] },
      })
      await app.settle()
      const events = await account.events(`correlationId=${answer.headers['x-request-id']}`)
      assert.deepEqual(events.map(({ action }) => action).sort(), [
        'job.finished',
        'rule.created',
        'user.access_changed',
        'user.access_changed',
      ])
      const finished = events.find(({ action }) => action === 'job.finished')
      const queued = events.find(({ action }) => action === 'rule.created')
      const { jobId } = queued.effects.find(({ kind }: { kind: string }) => kind === 'job')
      assert.deepEqual(finished.effects, [{ kind: 'job', jobId, people: 2 }])
      assert.deepEqual([finished.source, finished.connectionId], ['system', connection.id])
      const { body: job } = await account.admin('get', `/jobs/${jobId}`).expect(200)
      assert.deepEqual([job.state, job.progress], ['done', { people: 2 }])
    })

    it('names the person and the key of the product when a manual grant runs out', async () => {
      const account = await app.anAccount()
      await account.aProduct({ key: 'assist' })
      const { id } = await account.aLocalUser({ email: 'ada@example.com' })
      const expiresAt = new Date(Date.now() + HOUR_MS).toISOString()
      await account.admin('post', `/users/${id}/grants`, { kind: 'product', value: 'assist', expiresAt }).expect(201)
      app.at(new Date(Date.now() + 2 * HOUR_MS))
      await app.settle()
      const [removed] = await account.events(`userId=${id}&action=grant.removed`)
      assert.deepEqual(removed.changes, [{ attribute: 'product', before: 'assist', after: null }])
      assert.equal(removed.subject.email, 'ada@example.com')
      assert.deepEqual((await account.user(id)).licenses, [])
    })
  })
})
