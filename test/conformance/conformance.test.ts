import assert from 'node:assert/strict'
import { nameOf } from '../../conformance/check.js'
import { CHECKS } from '../../conformance/checks.js'
import { Client } from '../../conformance/client.js'
import { tryCheck } from '../../conformance/run.js'
import { useApp } from '../harness/app.js'
import { forEachDatabaseInTime } from '../harness/database.js'

forEachDatabaseInTime((database) => {
  describe('conformance', () => {
    const app = useApp(database)
    let client: Client
    before(async () => {
      const { id, token } = await app.aConnection()
      client = new Client(`${app.url}/scim/v2/${id}`, token)
    })

    for (const check of CHECKS)
      it(nameOf(check), async () => {
        const { verdict, reason } = await tryCheck(client, check)
        assert.deepEqual([verdict, reason], ['pass', ''])
      })
  })
})
