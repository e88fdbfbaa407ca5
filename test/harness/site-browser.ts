import assert from 'node:assert/strict'

const MAX_REDIRECTS = 10

/**
 * A browser without scripts that walks between sites: a jar of cookies per host, of which Lax ones go along with every GET
 * and with no form that another site posts (RFC 6265bis §5.6.7). It submits forms and follows links as pages have them.
 */
export class SiteBrowser {
  url = 'about:blank'
  status = 0
  text = ''
  /** The header X-Usher-Code of the page that is shown. */
  code: string | undefined
  /** What its forms say of where they come from. */
  #origin = 'null'
  readonly #cookies = new Map<string, Map<string, string>>()

  /** Go to an address, through every redirect. */
  async open(url: string): Promise<void> {
    await this.#go(new URL(url, this.url), 'GET', undefined)
  }

  /** Submit the form of the page, or the one with this action, with its hidden and checked fields and these. */
  async submit(values: Readonly<Record<string, string>> = {}, action?: string): Promise<void> {
    const forms = [...this.text.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)]
    const form = forms.find(([, head = '']) => action === undefined || attribute(head, 'action') === action)
    assert.ok(form, `${this.url} has a form ${action ?? ''}: ${this.text}`)
    const [, head = '', body = ''] = form
    const fields = new URLSearchParams()
    for (const [, input = ''] of body.matchAll(/<input\b([^>]*)>/g)) {
      const isSent = attribute(input, 'type') !== 'radio' || input.includes(' checked')
      if (isSent) fields.set(attribute(input, 'name'), attribute(input, 'value'))
    }
    for (const [name, value] of Object.entries(values)) fields.set(name, value)
    await this.#go(new URL(attribute(head, 'action'), this.url), 'POST', fields)
  }

  /** Follow the link with this text. */
  async follow(text: RegExp): Promise<void> {
    const link = [...this.text.matchAll(/<a\b([^>]*)>(.*?)<\/a>/gs)].find(([, , shown = '']) => text.test(shown))
    assert.ok(link, `${this.url} has a link ${text}: ${this.text}`)
    await this.open(attribute(link[1] ?? '', 'href'))
  }

  async #go(target: URL, method: 'GET' | 'POST', body: URLSearchParams | undefined): Promise<void> {
    const from = new URL(this.url)
    let [url, verb, sent] = [target, method, body]
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const isForeignPost = verb === 'POST' && url.hostname !== from.hostname
      const response = await fetch(url, {
        method: verb,
        redirect: 'manual',
        headers: {
          ...(isForeignPost ? {} : { Cookie: this.#header(url) }),
          ...(verb === 'POST' ? { Origin: this.#origin } : {}),
        },
        ...(sent === undefined ? {} : { body: sent }),
      })
      this.#keep(url, response.headers.getSetCookie())
      const location = response.headers.get('location')
      if (response.status < 300 || response.status > 399 || location === null) {
        this.url = url.href
        this.status = response.status
        // Fetch §3.1: a page without a referrer has no origin to tell either.
        this.#origin = response.headers.get('referrer-policy') === 'no-referrer' ? 'null' : url.origin
        this.code = response.headers.get('x-usher-code') ?? undefined
        this.text = await response.text()
        return
      }
      await response.body?.cancel()
      ;[url, verb, sent] = [new URL(location, url), 'GET', undefined]
    }
    assert.fail(`${target.href} redirects more than ${MAX_REDIRECTS} times`)
  }

  #header(url: URL): string {
    return [...(this.#cookies.get(url.hostname) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  #keep(url: URL, lines: readonly string[]): void {
    const jar = this.#cookies.get(url.hostname) ?? new Map<string, string>()
    this.#cookies.set(url.hostname, jar)
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
  }
}

function attribute(head: string, name: string): string {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(head)?.[1] ?? ''
  return value.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
