import { Agent, request } from 'node:http'

export interface Answer {
  readonly status: number
  readonly text: string
  /** X-Request-Id: the id of the event that the request wrote. */
  readonly requestId: string
}

const AGENT = new Agent({ keepAlive: true, maxSockets: 16 })

/** Give up all connections that are kept: after a long pause the server has closed them. */
export function hangUp(): void {
  AGENT.destroy()
}

/** One request on a connection that is kept; a 5xx or 4xx is an answer like any other. */
export function send(
  method: string,
  url: string,
  token: string,
  body?: object,
  more: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const text = body === undefined ? undefined : JSON.stringify(body)
  const headers = {
    Authorization: `Bearer ${token}`,
    ...more,
    ...(text === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
  }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: AGENT }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const requestId = String(response.headers['x-request-id'] ?? '')
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString(), requestId })
      })
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(text)
  })
}

/** As `send`, but an answer of another status than `expected` is an error with its text. */
export async function expectStatus(
  expected: number,
  method: string,
  url: string,
  token: string,
  body?: object,
): Promise<string> {
  const { status, text } = await send(method, url, token, body)
  if (status !== expected) throw new Error(`${method} ${url} answered ${status}, not ${expected}: ${text}`)
  return text
}

/** Do `work` for every item, `width` of them at a time. */
export async function inParallel<T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<void>,
  width = 16,
): Promise<void> {
  let next = 0
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) await work(items[index]!, index)
  }
  await Promise.all(Array.from({ length: width }, worker))
}
