import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Where the metadata of an identity provider lies: a server of somebody else, which says what a test wants. */
export class MetadataServer {
  /** What is answered: a document, or a status without one. */
  answer: string | number = 404
  /** How often it was asked. */
  asked = 0
  readonly #server: Server

  constructor() {
    this.#server = createServer((_, response) => {
      this.asked += 1
      if (typeof this.answer === 'number') response.writeHead(this.answer).end()
      else response.writeHead(200, { 'Content-Type': 'application/samlmetadata+xml' }).end(this.answer)
    })
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  stop(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/metadata`
  }
}

/** Starts before the suite, stops after it. */
export function useMetadataServer(): MetadataServer {
  const server = new MetadataServer()
  before(() => server.start())
  after(() => server.stop())
  return server
}
