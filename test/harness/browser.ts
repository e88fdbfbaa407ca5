import request, { type Response } from 'supertest'

/** A browser as far as sign-in needs one: cookies by host, sent along on GET and not with what another site posts. */
export class Browser {
  readonly #server: { readonly url: string }
  readonly #cookies = new Map<string, string>()

  /** What answers may be several processes, each in its turn. */
  constructor(server: { readonly url: string }) {
    this.#server = server
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    const sent = request(this.#server.url).get(path).set('Cookie', this.#header()).set(headers)
    return this.#keep(await sent.redirects(0))
  }

  /** A form of one of our own pages. */
  submit(path: string, fields: Record<string, string>): Promise<Response> {
    return this.postForm(path, { 'Sec-Fetch-Site': 'same-origin' }, fields)
  }

  /** A form, with these headers. */
  async postForm(path: string, headers: Record<string, string>, fields: Record<string, string>): Promise<Response> {
    const sent = request(this.#server.url)
      .post(path)
      .set('Cookie', this.#header())
      .set(headers)
      .type('form')
      .send(fields)
    return this.#keep(await sent.redirects(0))
  }

  async delete(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.#keep(await request(this.#server.url).delete(path).set('Cookie', this.#header()).set(headers))
  }

  /** A call of one of our own pages to the API. */
  async call(method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string, body?: object): Promise<Response> {
    const headers = { Cookie: this.#header(), 'Sec-Fetch-Site': 'same-origin' }
    const call = request(this.#server.url)[method](`/api/v1${path}`).set(headers)
    return this.#keep(await (body === undefined ? call : call.send(body)))
  }

  async post(path: string, headers: Record<string, string>, body?: object): Promise<Response> {
    const call = request(this.#server.url).post(path).set('Cookie', this.#header()).set(headers).redirects(0)
    return this.#keep(await (body === undefined ? call : call.send(body)))
  }

  /** What it sends along: `usher-session=…; …`. */
  get cookie(): string {
    return this.#header()
  }

  /** Begin with this cookie, `name=value`. */
  give(cookie: string): this {
    const [name = '', value = ''] = cookie.split('=')
    this.#cookies.set(name, value)
    return this
  }

  /** A form that the identity provider's page posts: from another site, so without our cookies. */
  async postFromIdp(path: string, fields: Record<string, string>): Promise<Response> {
    return this.#keep(await request(this.#server.url).post(path).type('form').send(fields).redirects(0))
  }

  #header(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  #keep(response: Response): Response {
    for (const line of (response.headers['set-cookie'] ?? []) as unknown as string[]) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
    return response
  }
}
