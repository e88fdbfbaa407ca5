import { Agent, request } from 'node:http'

const AGENT = new Agent({ keepAlive: true, maxSockets: 16 })

/** A request exactly as it is written here: no header is added but those of HTTP itself. */
export interface RawRequest {
  readonly method: string
  /** With its query, encoded. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  /** Send the body in chunks, so that no header tells its length. */
  readonly chunked?: boolean
  /** Done between the first byte of the body, which comes in chunks, and the rest. */
  readonly meanwhile?: () => PromiseLike<unknown>
}

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

/** Send one request, over a connection that is kept. */
export function rawCall(url: string, { method, path, headers = {}, body, meanwhile, ...sending }: RawRequest) {
  const bytes = body === undefined ? undefined : Buffer.from(body)
  const chunked = sending.chunked === true || meanwhile !== undefined
  // Of a DELETE Node.js would send the body and not say so.
  const length = chunked
    ? { 'Transfer-Encoding': 'chunked' }
    : bytes === undefined
      ? {}
      : { 'Content-Length': String(bytes.length) }
  const { hostname, port } = new URL(url)
  return new Promise<RawAnswer>((resolve, reject) => {
    const call = request({ hostname, port, method, path, agent: AGENT, headers: { ...headers, ...length } })
    call.on('response', (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(parts).toString() })
      })
    })
    call.on('error', reject)
    if (bytes === undefined || !chunked) call.end(bytes)
    else if (meanwhile === undefined) call.end(void call.write(bytes))
    else {
      call.write(bytes.subarray(0, 1))
      meanwhile().then(() => call.end(bytes.subarray(1)), reject)
    }
  })
}

/** All of them, so many at a time, in order of the list. */
export async function inTurns<T, R>(list: readonly T[], run: (one: T) => Promise<R>, atOnce = 16): Promise<R[]> {
  const results: R[] = []
  for (let start = 0; start < list.length; start += atOnce)
    results.push(...(await Promise.all(list.slice(start, start + atOnce).map(run))))
  return results
}
