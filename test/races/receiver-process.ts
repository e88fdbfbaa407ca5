import { appendFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { randomFrom } from '../harness/random.js'

/** What a receiver is started with: where it notes what it takes, and how it errs. */
export interface ReceiverEnvironment {
  readonly RECEIVER_FILE: string
  /** 0 for a free port. */
  readonly RECEIVER_PORT: string
  readonly RECEIVER_SEED: string
}

/** From now on it takes everything at once, but for what would be the first. */
export type ReceiverOrder = 'calm'

/**
 * Whoever is told of changes, in a process of its own: notes the webhook-id of each request in a file, one a line, before it
 * answers. Until it is calm it fails now and then, in the ways that a receiver has.
 */
const { RECEIVER_FILE = '', RECEIVER_PORT = '0', RECEIVER_SEED = '0' } = process.env
const random = randomFrom(Number(RECEIVER_SEED))
let calm = false
let hasNoted = false
process.on('message', () => {
  calm = true
})

const server = createServer((request, response) => void take(request, response))
server.listen(Number(RECEIVER_PORT), '127.0.0.1', () =>
  process.send?.({ port: (server.address() as AddressInfo).port }),
)
process.once('disconnect', () => process.exit(0))

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await text(request)
  const id = String(request.headers['webhook-id'])
  const luck = calm ? 1 : random.next()
  if (luck < 0.06) return void response.writeHead(500).end()
  if (luck < 0.1) return void response.destroy()
  if (luck < 0.2) await pause(random.below(40))
  appendFileSync(RECEIVER_FILE, `${id}\n`)
  // Noted, but the sender never learns of it: of the first, calm or not, so that it happens in every run, and of others by
  // chance.
  const isFirst = !hasNoted
  hasNoted = true
  if (isFirst || (!calm && luck > 0.12 && luck < 0.16)) return void response.destroy()
  response.writeHead(200).end()
}
