import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Body } from './app.js'

/** One request that arrived whole. */
export interface Received {
  readonly id: string
  readonly signatures: readonly string[]
  /** What is signed. */
  readonly text: string
  readonly token: Body
}

/** How it answers: a status, `hang` never, `cut` notes what came and breaks off before it answers. */
export type Answer = number | 'hang' | 'cut' | 'endless' | 'redirect'

/** Whoever is told of changes: a server of somebody else, which can be killed and started again at the same address. */
export class WebhookReceiver {
  readonly received: Received[] = []
  /** Asked for each request. */
  answerTo: (received: Received) => Answer = () => 200
  #server: Server | undefined
  #port = 0

  async start(): Promise<void> {
    this.#server = createServer((request, response) => void this.#take(request, response))
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
  }

  /** As the kernel ends a process: connections break off. */
  async kill(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }

  get isUp(): boolean {
    return this.#server !== undefined
  }

  get port(): number {
    return this.#port
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hook`
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    } catch {
      // The sender went away in the middle: that is no delivery.
      return
    }
    const body = Buffer.concat(chunks).toString('utf8')
    const id = String(request.headers['webhook-id'])
    const text = `${id}.${String(request.headers['webhook-timestamp'])}.${body}`
    const signatures = String(request.headers['webhook-signature']).split(' ')
    const received = { id, signatures, text, token: JSON.parse(body) as Body }
    this.received.push(received)
    this.#answer(this.answerTo(received), response)
  }

  #answer(answer: Answer, response: ServerResponse): void {
    if (answer === 'hang') return
    if (answer === 'cut') return void response.destroy()
    if (answer === 'redirect') return void response.writeHead(302, { Location: `${this.url}/elsewhere` }).end()
    if (typeof answer === 'number') return void response.writeHead(answer).end()
    response.writeHead(200)
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(10_000)));
    }
    response.on('drain', more).on('error', () => undefined)
    more()
  }
}

/** As a receiver verifies it: the signature under a secret (Standard Webhooks). */
export function signatureUnder(secret: string, text: string): string {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  return `v1,${createHmac('sha256', key).update(text).digest('base64')}`
}

/** Starts before the suite, stops after it. */
export function useReceiver(): WebhookReceiver {
  const receiver = new WebhookReceiver()
  before(() => receiver.start())
  after(() => receiver.kill())
  return receiver
}
