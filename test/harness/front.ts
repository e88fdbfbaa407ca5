import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a proxy does with one request in place of passing it on; true where it has answered. */
export type Meddling = (request: IncomingMessage, response: ServerResponse) => boolean

/** A proxy in front of a server, as it stands at its public address. It meddles as a test says. */
export class Front {
  meddle: Meddling = () => false
  /** Tokens that came through. */
  readonly tokens = new Set<string>()
  #target = 0
  readonly #server = createServer((incoming, response) => {
    this.tokens.add(incoming.headers.authorization ?? '')
    if (!this.meddle(incoming, response)) this.#pass(incoming, response)
  })

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  /** Pass requests on to this port. */
  to(port: number): void {
    this.#target = port
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo
    return `http://127.0.0.1:${port}`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  #pass(incoming: IncomingMessage, response: ServerResponse): void {
    const { method, url: path, headers } = incoming
    const onward = request({ host: '127.0.0.1', port: this.#target, method, path, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    incoming.pipe(onward)
  }
}
