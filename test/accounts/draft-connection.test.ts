import assert from 'node:assert/strict'
import { aUser, useApp } from '../harness/app.js'
import { forEachDatabase } from '../harness/database.js'

forEachDatabase((database) => {
  describe('a connection that is a draft (PRODUCT 2.4)', () => {
    const app = useApp(database)

    it('answers 401, lets nobody in and shows the attempt; live, the same token works', async () => {
      const connection = await app.aConnection({ mode: 'draft' })
      const { account } = connection
      const { text } = await connection.post('/Users', aUser()).expect(401)
      assert.match(JSON.parse(text).detail, /^This connection is a draft\. An administrator can set its mode to live\./)
      await connection.get('/Users').expect(401)
      assert.deepEqual((await account.admin('get', '/users').expect(200)).body.items, [])
      const [attempt] = await account.events(`connectionId=${connection.id}&outcome=failure`)
      assert.deepEqual([attempt.action, attempt.code], ['token.refused', 'connection_disabled'])
      await account.admin('patch', `/connections/${connection.id}`, { mode: 'live' }).expect(200)
      await connection.post('/Users', aUser()).expect(201)
    })
  })
})
