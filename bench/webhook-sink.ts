import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A forked process that takes whatever a webhook sends, at once, and says how much it was when it is asked. */
let taken = 0
const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    taken += 1
    response.writeHead(204).end()
  })
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.on('message', () => process.send?.(taken))
process.once('disconnect', () => process.exit(0))
