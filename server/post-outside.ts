import type { Deps } from '../accounts/deps.js'
import { refusalOfUrl, requestOutside } from './outside.js'

const TIMEOUT_MS = 5_000
/** What an answer may hold; nobody reads it, and a target that says more is cut off. */
const MAX_ANSWER_BYTES = 65_536

/**
 * Sends to webhooks under the rules of every request to the outside: https, never to a private address, five seconds for
 * the answer. Redirects are not followed, and of the answer only the status counts.
 */
export function outsidePoster(allowPrivate: boolean, timeoutMs = TIMEOUT_MS): Deps['webhookTargets'] {
  return {
    refusalOf: (url) => refusalOfUrl(url, allowPrivate),
    post: (url, headers, body) => post(url, headers, body, { allowPrivate, timeoutMs }),
  }
}

function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  { allowPrivate, timeoutMs }: { readonly allowPrivate: boolean; readonly timeoutMs: number },
): Promise<number> {
  const refusal = refusalOfUrl(url, allowPrivate)
  if (refusal !== undefined) return Promise.reject(new Error(refusal))
  const signal = AbortSignal.timeout(timeoutMs)
  return new Promise((resolve, reject) => {
    // A connection of its own: one that the target has just closed would count as a failure.
    const all = { ...headers, 'Content-Length': String(Buffer.byteLength(body)), 'User-Agent': 'Usher' }
    const sent = requestOutside(url, { allowPrivate, method: 'POST', agent: false, signal, headers: all }, (answer) => {
      resolve(answer.statusCode ?? 0)
      let size = 0
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > MAX_ANSWER_BYTES) answer.destroy()
      })
      // It has answered already; how its body ends makes no difference.
      answer.on('error', () => undefined)
    })
    sent.on('error', (cause) =>
      reject(signal.aborted ? new Error(`it did not answer within ${timeoutMs / 1000} seconds`) : cause),
    )
    sent.end(body)
  })
}
