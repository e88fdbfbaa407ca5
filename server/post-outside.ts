import { type ClientRequest, type IncomingMessage, Agent as PlainAgent } from 'node:http'
import { Agent as TlsAgent } from 'node:https'
import type { Deps } from '../accounts/deps.js'
import { failureInWords } from './network-fault.js'
import { refusalOfUrl, requestOutside } from './outside.js'

const TIMEOUT_MS = 5_000
/** What an answer may hold; nobody reads it, and a target that says more is cut off. */
const MAX_ANSWER_BYTES = 65_536

/**
 * Sends to webhooks under the rules of every request to the outside: https, never to a private address, five seconds for
 * the answer. Redirects are not followed, and of the answer only the status counts. Connections are kept for as long as
 * the line is open: to shake hands for each message would cost more than the message.
 */
export function outsidePoster(allowPrivate: boolean, timeoutMs = TIMEOUT_MS): Deps['webhookTargets'] {
  return {
    refusalOf: (url) => refusalOfUrl(url, allowPrivate),
    open(url) {
      const refusal = refusalOfUrl(url, allowPrivate)
      const agent = new (url.startsWith('https:') ? TlsAgent : PlainAgent)({ keepAlive: true })
      return {
        post: async (headers, body) => {
          if (refusal !== undefined) throw new Error(refusal)
          return post({ url, headers, body, agent, allowPrivate, timeoutMs })
        },
        close: () => agent.destroy(),
      }
    },
  }
}

interface Posted {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** False for a connection of its own. */
  readonly agent: PlainAgent | false
  readonly allowPrivate: boolean
  readonly timeoutMs: number
}

function post(message: Posted): Promise<number> {
  const { url, headers, body, agent, allowPrivate, timeoutMs } = message
  const signal = AbortSignal.timeout(timeoutMs)
  return new Promise((resolve, reject) => {
    const all = { ...headers, 'Content-Length': String(Buffer.byteLength(body)), 'User-Agent': 'Usher' }
    const sent = requestOutside(url, { allowPrivate, method: 'POST', agent, signal, headers: all }, (answer) => {
      resolve(answer.statusCode ?? 0)
      passOver(answer)
    })
    sent.on('error', (cause) => {
      if (signal.aborted) reject(new Error(`it did not answer within ${timeoutMs / 1000} seconds`))
      else if (wasClosedBefore(sent, cause)) resolve(post({ ...message, agent: false }))
      else reject(new Error(failureInWords(cause), { cause }))
    })
    sent.end(body)
  })
}

/** The target closed a kept connection just when it was used again, which is no failure of its own. */
function wasClosedBefore(sent: ClientRequest, { code }: NodeJS.ErrnoException): boolean {
  return sent.reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE')
}

/** It has answered already; how its body ends makes no difference. */
function passOver(answer: IncomingMessage): void {
  let size = 0
  answer.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > MAX_ANSWER_BYTES) answer.destroy()
  })
  answer.on('error', () => undefined)
}
