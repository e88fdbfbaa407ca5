import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { sendScim } from '../../server/reply.js'

describe('a SCIM answer on its way', () => {
  const short = JSON.stringify({ displayName: 'Zoë 😀' })
  // Begun at an odd place, so that a cut by characters alone would go through the middle of one.
  const long = `"${'😀'.repeat(700_000)}"`
  const server = createServer((request, response) => {
    const reply = { status: 200, text: request.url === '/long' ? long : short, etag: 'W/"1"' }
    sendScim(response, reply, { requestId: 'r1', accept: undefined })
  })
  before(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  after(() => server.close())

  const ask = async (path: string, method = 'GET'): Promise<IncomingMessage> => {
    const { port } = server.address() as AddressInfo
    const [response] = await once(get({ port, host: '127.0.0.1', path, method }), 'response')
    return response as IncomingMessage
  }

  for (const [path, sent] of [
    ['/short', short],
    ['/long', long],
  ] as const)
    it(`comes whole and as long as it says: ${path}`, async () => {
      const response = await ask(path)
      assert.equal(response.headers['content-length'], String(Buffer.byteLength(sent)))
      assert.deepEqual([response.headers.etag, response.headers['x-request-id']], ['W/"1"', 'r1'])
      assert.equal(await text(response), sent)
    })

  it('has no body for HEAD', async () => {
    const response = await ask('/long', 'HEAD')
    assert.equal(response.headers['content-length'], String(Buffer.byteLength(long)))
    assert.equal(await text(response), '')
  })

  it('is for nobody where the client hangs up in the middle; others are answered all the same', async () => {
    const response = await ask('/long')
    response.destroy()
    assert.equal(await text(await ask('/short')), short)
  })
})
