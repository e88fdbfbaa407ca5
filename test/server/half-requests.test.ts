import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { type TestConnection, useApp } from '../harness/app.js'
import { forEachDatabaseInTime } from '../harness/database.js'

forEachDatabaseInTime((database) => {
  describe('requests that are none, or half of one', () => {
    const app = useApp(database)
    let connection: TestConnection
    before(async () => {
      connection = await app.aConnection()
    })

    /** Everything that the server writes until it hangs up. */
    async function said(request: string, hangUp = true): Promise<string> {
      const socket = connect({ host: '127.0.0.1', port: app.server.port, allowHalfOpen: true })
      socket.write(request)
      if (hangUp) socket.end()
      return text(socket)
    }
    const statusesIn = (answers: string): string[] =>
      [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, code]) => String(code))
    const users = (): string => `/scim/v2/${connection.id}/Users`
    const bearer = (): string => `Authorization: Bearer ${connection.token}`

    it('bring one answer, also where their rest is found to be none only afterwards', async () => {
      const head = 'GET /api/v1/nothing HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: nonsense\r\n\r\n'
      for (let left = 20; left > 0; left--) assert.equal(statusesIn(await said(head)).length, 1)
    })

    it('bring an answer of their own behind one that was answered', async () => {
      const good = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'
      assert.deepEqual(statusesIn(await said(`${good}nonsense\r\n\r\n`)), ['200', '400'])
    })

    it('are refused in the words of SCIM where they were meant for it, whatever their method is', async () => {
      for (const method of ['get', 'NOPE', '\xe9']) {
        const answer = await said(`${method} ${users()} HTTP/1.1\r\nHost: x\r\n\r\n`)
        assert.match(answer, /^HTTP\/1.1 400 [\s\S]*Content-Type: application\/scim\+json[\s\S]*"status":"400"/)
      }
    })

    it('may expect what nobody knows (RFC 9110 §10.1.1)', async () => {
      const head = `GET ${users()}?count=0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${bearer()}\r\nExpect: miracles\r\n\r\n`
      assert.deepEqual(statusesIn(await said(head, false)), ['200'])
    })

    it('are no fault of ours where their body breaks off: the log says what became of them', async () => {
      const head = `POST ${users()} HTTP/1.1\r\nHost: x\r\n${bearer()}\r\nContent-Type: application/scim+json\r\nContent-Length: 20\r\n\r\n{"schemas":`
      await said(head)
      // Nobody is there to be answered, so nothing tells when it was written.
      let events = await connection.account.events('action=request.refused')
      while (events.length === 0) events = await connection.account.events('action=request.refused')
      const [event] = events
      assert.deepEqual([event.code, event.http.status], ['bad_json', 400])
      assert.match(event.message, /ended before the body was whole/)
    })
  })
})
