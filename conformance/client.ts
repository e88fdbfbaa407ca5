import { Fault } from './check.js'

// biome-ignore lint/suspicious/noExplicitAny: answers of strangers are read by path, and a wrong one is what is looked for
export type Body = any

export interface Answer {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Parsed JSON; undefined where there is none. */
  readonly body: Body
}

export interface Sending {
  /** An object is sent as JSON, a text as it is. */
  readonly body?: object | string | undefined
  /** Added to the usual ones; undefined takes one away. */
  readonly headers?: Readonly<Record<string, string | undefined>>
}

const TIMEOUT_MS = 30_000

/** A SCIM server as a client sees it. */
export class Client {
  readonly #baseUrl: string
  readonly #token: string
  readonly #fetch: typeof fetch

  /** `baseUrl` without a slash at the end; `token` as it stands behind `Bearer`. */
  constructor(baseUrl: string, token: string, send: typeof fetch = fetch) {
    this.#baseUrl = baseUrl.replace(/\/+$/, '')
    this.#token = token
    this.#fetch = send
  }

  get baseUrl(): string {
    return this.#baseUrl
  }

  async send(method: string, path: string, { body, headers = {} }: Sending = {}): Promise<Answer> {
    const sent: Record<string, string | undefined> = {
      Authorization: `Bearer ${this.#token}`,
      Accept: 'application/scim+json',
      ...(body !== undefined && { 'Content-Type': 'application/scim+json' }),
      ...headers,
    }
    const kept = Object.entries(sent).filter((entry): entry is [string, string] => entry[1] !== undefined)
    const response = await this.#fetch(`${this.#baseUrl}${path}`, {
      method,
      headers: kept,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { method, path, status: response.status, headers: response.headers, text, body: parsed(text) }
  }

  /** As `send`; another status than those expected is a fault. */
  async expect(
    status: number | readonly number[],
    method: string,
    path: string,
    sending: Sending = {},
  ): Promise<Answer> {
    const answer = await this.send(method, path, sending)
    const expected = typeof status === 'number' ? [status] : status
    if (!expected.includes(answer.status)) throw new Fault(`${shown(answer)}, expected ${expected.join(' or ')}`)
    return answer
  }
}

function parsed(text: string): Body {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    // No JSON, as some refusals are: a check that reads the body says so, and shows the text.
    return undefined
  }
}

/** One answer in a line of an error. */
export function shown({ method, path, status, text }: Answer): string {
  const words = text.replaceAll(/\s+/g, ' ').slice(0, 300)
  return `${method} ${path.slice(0, 120)} answered ${status}${words === '' ? '' : ` ${words}`}`
}
