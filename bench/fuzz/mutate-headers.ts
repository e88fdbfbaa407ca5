import type { Random } from '../../test/harness/random.js'
import { aWord } from './words.js'

type Headers = Readonly<Record<string, string>>

/** Values that headers have, and some that they should not have. */
const VALUES: readonly (readonly [name: string, values: readonly string[]])[] = [
  [
    'Authorization',
    [
      'Bearer ',
      'Bearer {{token}} x',
      '{{token}}',
      'Basic OjpP',
      'Basic =',
      'bearer {{token}}',
      'Digest x',
      'Bearer {{operator}}',
      'Bearer {{otherToken}}',
    ],
  ],
  [
    'Content-Type',
    [
      'application/json',
      'application/scim+json; charset=latin1',
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=',
      '/',
      ';',
      'application/json; charset=utf-16',
    ],
  ],
  ['Content-Encoding', ['gzip', 'br', 'identity', 'deflate, gzip', 'x']],
  ['Accept', ['application/json', '*/*', 'text/html;q=0', ',,;', 'application/scim+json, application/json']],
  ['Accept-Language', ['fr', 'it-IT;q=abc', '*;q=-1', 'x'.repeat(3_000), 'en,'.repeat(1_000)]],
  ['If-Match', ['*', 'W/"1"', '"', 'W/"1", '.repeat(500), '{{etag}}', 'W/"999999999999999999999"', '1']],
  ['If-None-Match', ['*', 'W/"1"', '{{etag}}', ',', '"'.repeat(5_000)]],
  ['Prefer', ['return=minimal', 'return = "minimal"', 'x='.repeat(2_000), ' '.repeat(5_000)]],
  ['Cookie', ['{{session}}', '{{browser}}', 'a=b; '.repeat(1_000), '{{session}}; {{session}}', '=', 'usher-session=x']],
  ['Origin', ['null', 'https://other.example', 'http://usher.example', 'x', '']],
  ['Sec-Fetch-Site', ['same-origin', 'cross-site', 'none', '']],
  ['X-Forwarded-For', ['127.0.0.1', '1.2.3.4, x', '::1', '']],
  ['User-Agent', ['a'.repeat(5_000), '\xff', 'Okta SCIM Client 1.0.0']],
  ['Referer', ['http://usher.example/console/', 'x']],
  ['Range', ['bytes=0-', 'bytes=9-1']],
  ['Expect', ['100-continue', 'x']],
  ['Host', ['other.example', '', '[::1', 'a b']],
  ['Transfer-Encoding', ['identity', 'gzip']],
]

/** One header more, less, or another. */
export function mutateHeaders(headers: Headers, random: Random): Headers {
  const known = Object.keys(headers)
  if (random.chance(0.2) && known.length > 0) {
    const gone = random.oneOf(known)
    return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== gone))
  }
  const [name, values] = random.oneOf(VALUES)
  if (random.chance(0.7)) return { ...headers, [name]: random.oneOf(values) }
  // Of what a header can hold: more than 16 KB of them is refused in one and the same way.
  const word = aWord(random)
    .replaceAll(/[\0\r\n]|[^\0-\xff]/g, '')
    .slice(0, 12_000)
  return { ...headers, [random.oneOf([...known, name])]: word }
}
