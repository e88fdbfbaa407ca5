import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { createKeyPair } from '../../../saml/key-pair.js'
import { selfCaller } from '../../../server/self-test/call-self.js'
import { faultOfError } from '../../../server/self-test/faults.js'
import { runSteps } from '../../../server/self-test/run-self-test.js'

const TIMEOUT_MS = 300

/** Run the steps against an address where nobody of us answers. */
async function tryAt(publicUrl: string) {
  const target = { publicUrl, connectionId: 'c', token: 't', userName: 'u@self-test.invalid' }
  const [address, ...others] = await runSteps(selfCaller(publicUrl, TIMEOUT_MS), target)
  assert.ok(others.length > 5 && others.every(({ outcome }) => outcome === 'skipped'))
  return address
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

describe('the self-test where no answer comes', () => {
  const servers: Server[] = []
  const start = (server: Server): Promise<number> => {
    servers.push(server)
    return listening(server)
  }
  after(() => {
    for (const server of servers) server.close()
  })

  it('waits no longer than its time, also for the rest of an answer', async () => {
    const silent = await start(createServer((socket) => setTimeout(() => socket.destroy(), 5_000).unref()))
    const slow = await start(
      createServer((socket) => {
        socket.on('error', () => undefined)
        socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/scim+json\r\nContent-Length: 100\r\n\r\n{')
      }),
    )
    for (const port of [silent, slow]) {
      const began = performance.now()
      const result = await tryAt(`http://127.0.0.1:${port}`)
      assert.deepEqual([result?.outcome, result?.code], ['failed', 'timed_out'])
      assert.ok(performance.now() - began < 10 * TIMEOUT_MS)
    }
  })

  it('says that nothing listens', async () => {
    const server = createServer()
    const port = await listening(server)
    server.close()
    const result = await tryAt(`http://127.0.0.1:${port}`)
    assert.deepEqual([result?.code, result?.received], ['connection_refused', 'ECONNREFUSED'])
    assert.match(result?.detail ?? '', new RegExp(`Nothing listens at 127\\.0\\.0\\.1:${port}`))
  })

  it('says that the certificate is not trusted', async () => {
    const { privateKey, certificate } = await createKeyPair('usher', new Date())
    const port = await start(createTlsServer({ key: privateKey, cert: certificate }))
    const result = await tryAt(`https://127.0.0.1:${port}`)
    assert.deepEqual([result?.code, result?.received], ['certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT'])
  })

  it('says that an address of https leads to a port without TLS', async () => {
    const port = await start(createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))
    assert.equal((await tryAt(`https://127.0.0.1:${port}`))?.code, 'no_tls')
  })

  it('gives no more than a megabyte of an answer a thought', async () => {
    const port = await start(
      createServer((socket) => {
        socket.on('error', () => undefined)
        socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n')
        for (let part = 0; part < 24; part++) socket.write(' '.repeat(65_536))
      }),
    )
    assert.equal((await tryAt(`http://127.0.0.1:${port}`))?.code, 'other_server')
  })

  for (const [code, fault] of [
    ['ENOTFOUND', 'name_unknown'],
    ['EAI_AGAIN', 'name_unknown'],
    ['EHOSTUNREACH', 'unreachable'],
    ['CERT_HAS_EXPIRED', 'certificate'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'no_tls'],
    ['ETIMEDOUT', 'timed_out'],
  ] as const)
    it(`takes ${code} for ${fault}`, () => assert.equal(faultOfError(code), fault))
})
