import { deflateRawSync } from 'node:zlib'
import { signed, type TestIdp } from '../saml/an-idp.js'

/**
 * One request of the fuzzer, as it is kept: `{{name}}` stands for a value of the world that it is fired at, so that it can
 * be fired at another one as well.
 */
export interface Shot {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** A body that is no text, in base64; nothing is filled in. */
  readonly bytes?: string
  /** A message of an identity provider, which makes the body or the query. */
  readonly saml?: SamlMessage
  /** Everything that is written, as latin1, in place of all the others. The server may answer nothing to it. */
  readonly raw?: string
}

export interface SamlMessage {
  readonly xml: string
  /** Elements that the identity provider signs, from the inside out, once names are filled in. */
  readonly sign: readonly SignedElement[]
  readonly field: 'SAMLResponse' | 'SAMLRequest'
  readonly binding: 'post' | 'redirect'
}

export type SignedElement = 'Assertion' | 'Response' | 'LogoutRequest' | 'LogoutResponse'

/** What names stand for. */
export interface World {
  readonly values: ReadonlyMap<string, string>
  readonly idp: TestIdp
}

let made = 0

/** `{{fresh}}` is another one in each request, `{{at:-60}}` the instant a minute ago. Encoded braces count as braces. */
export function filled(text: string, { values }: World): string {
  const fresh = `${process.pid}-${++made}`
  return text.replaceAll(/(?:\{\{|%7B%7B)([\w:+-]+|[\w]+%3A[\w+-]+)(?:\}\}|%7D%7D)/gi, (whole, name: string) => {
    if (name === 'fresh') return fresh
    const seconds = /^at(?::|%3A)(-?\d+)$/i.exec(name)?.[1]
    if (seconds !== undefined) return new Date(Date.now() + Number(seconds) * 1_000).toISOString()
    return values.get(name) ?? whole
  })
}

/** The bytes of a request, with its connection closed at the end. */
export function bytesOf(shot: Shot, world: World): Buffer {
  if (shot.raw !== undefined) return Buffer.from(filled(shot.raw, world), 'latin1')
  const message = shot.saml === undefined ? undefined : messageOf(shot.saml, world)
  const path = `${filled(shot.path, world)}${message?.query ?? ''}`
  const body = message?.body ?? bodyOf(shot, world)
  const headers = Object.entries(shot.headers).map(([name, value]) => `${name}: ${filled(value, world)}`)
  const length = body === undefined ? [] : [`Content-Length: ${body.length}`]
  const lines = [`${shot.method} ${path} HTTP/1.1`, 'Host: usher.example', 'Connection: close', ...headers, ...length]
  const head = lines.map((line) => line.replaceAll(/[\r\n]/g, ' ')).join('\r\n')
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), body ?? Buffer.alloc(0)])
}

function bodyOf({ body, bytes }: Shot, world: World): Buffer | undefined {
  if (bytes !== undefined) return Buffer.from(bytes, 'base64')
  return body === undefined ? undefined : Buffer.from(filled(body, world))
}

function messageOf({ xml, sign, field, binding }: SamlMessage, world: World): { body?: Buffer; query?: string } {
  const text = signedBy(filled(xml, world), sign, world)
  if (binding === 'post') return { body: Buffer.from(`${field}=${encodeURIComponent(base64(text))}`) }
  return { query: `?${field}=${encodeURIComponent(deflateRawSync(text).toString('base64'))}` }
}

/** To sign more takes seconds, in which no answer is read. */
const MOST_SIGNED = 40_000

/** What cannot be signed any more is sent as it is. */
function signedBy(xml: string, sign: readonly SignedElement[], { idp }: World): string {
  if (xml.length > MOST_SIGNED) return xml
  try {
    return sign.reduce((text, element) => signed(text, element, idp.key), xml)
  } catch {
    return xml
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
