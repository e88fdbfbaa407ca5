import type { Shot } from '../../test/fuzz/shot.js'
import type { Random } from '../../test/harness/random.js'
import { aFilter, aPath } from './grammar.js'
import { mutateHeaders } from './mutate-headers.js'
import { mutateJson } from './mutate-json.js'
import { mutatePath } from './mutate-path.js'
import { aWord, repeated } from './words.js'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND', 'TRACE', 'get', 'A']

/** Another request like this one: a few things of it are others. `pool` are requests whose parts may be borrowed. */
export function mutated(shot: Shot, random: Random, pool: readonly Shot[]): Shot {
  let one = shot
  for (let left = 1 + random.below(3); left > 0; left--) one = once(one, random, pool)
  return one
}

function once(shot: Shot, random: Random, pool: readonly Shot[]): Shot {
  if (shot.raw !== undefined) return { ...shot, raw: mutateText(shot.raw, random, RAW_PIECES) }
  const luck = random.next()
  if (luck < 0.04) return { ...shot, method: random.oneOf(METHODS) }
  if (luck < 0.14) return { ...shot, headers: mutateHeaders(shot.headers, random) }
  if (luck < 0.3 || (shot.body === undefined && shot.saml === undefined))
    return { ...shot, path: mutatePath(shot.path, random) }
  if (luck < 0.34) return { ...shot, path: random.oneOf(pool).path }
  if (shot.saml !== undefined) return { ...shot, saml: { ...shot.saml, ...mutateMessage(shot.saml, random) } }
  return { ...shot, ...mutateBody(shot.body ?? '', random, pool) }
}

function mutateBody(body: string, random: Random, pool: readonly Shot[]): Pick<Shot, 'body'> | Pick<Shot, 'bytes'> {
  const luck = random.next()
  if (luck < 0.05) {
    const bytes = Buffer.from(body)
    for (let left = 1 + random.below(8); left > 0 && bytes.length > 0; left--)
      bytes[random.below(bytes.length)] = random.below(256)
    return { bytes: bytes.toString('base64') }
  }
  if (luck < 0.15) return { body: mutateText(body, random, BODY_PIECES) }
  const json = parsed(body)
  if (json === undefined) return { body: mutateForm(body, random) }
  const borrowed = parsed(random.oneOf(pool).body ?? '') ?? {}
  return { body: JSON.stringify(mutateJson(json, random, borrowed)) }
}

/** Of a hundred thousand fields, to set one takes `URLSearchParams` half a minute: such a form is changed as text. */
const LONGEST_FORM = 20_000

function mutateForm(body: string, random: Random): string {
  if (body.length > LONGEST_FORM) return mutateText(body, random, BODY_PIECES)
  const fields = new URLSearchParams(body)
  const name = random.oneOf([...fields.keys(), 'x'])
  const luck = random.next()
  if (luck < 0.2) fields.append(name, aWord(random))
  else if (luck < 0.4) fields.delete(name)
  else fields.set(name, random.chance(0.3) ? mutateText(fields.get(name) ?? '', random, BODY_PIECES) : aWord(random))
  return random.chance(0.8)
    ? fields.toString().replaceAll('%7B%7B', '{{').replaceAll('%7D%7D', '}}')
    : mutateText(body, random, BODY_PIECES)
}

/** To copy a tree that is much deeper takes more stack than there is: it is changed as text. */
const DEEPEST = 2_000

function parsed(text: string): unknown {
  if (depthOf(text) > DEEPEST) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? (value ?? undefined) : undefined
  } catch {
    // Not JSON: it is changed as text.
    return undefined
  }
}

/** How deep brackets are nested at most, those inside of texts among them. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  for (const sign of text) {
    if (sign === '[' || sign === '{') deepest = Math.max(deepest, ++depth)
    else if (sign === ']' || sign === '}') depth -= 1
  }
  return deepest
}

const BODY_PIECES = [
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\0',
  'null',
  '1',
  '\ud83d',
  '/*',
  '\n',
  '=',
  '&',
  '%',
  '+',
] as const
const RAW_PIECES = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  ':',
  '\t',
  '\xff',
  'HTTP/1.1',
  'Host: a',
  ';',
  '0',
  '-1',
  'chunked',
  '%',
  '\r\n\r\n',
] as const
const XML_PIECES = [
  ...[
    '<',
    '>',
    '&',
    '"',
    '/',
    '\r',
    '&#13;',
    '<!-- -->',
    '<?x?>',
    '<![CDATA[',
    ']]>',
    '<a/>',
    '</x>',
    ' x="y"',
    ' xmlns="urn:x"',
  ],
  ...[
    ' ID="_x"',
    '<saml:NameID>',
    '</saml:Assertion>',
    '<!DOCTYPE a [<!ENTITY b "c">]>',
    '&b;',
    '{{userName}}',
    '\u00a0',
    '😀',
  ],
] as const

/** Insert, leave out, double, or repeat a piece somewhere. */
function mutateText(text: string, random: Random, pieces: readonly string[]): string {
  const [from, to] = [random.below(text.length + 1), random.below(text.length + 1)].sort((a, b) => a - b) as [
    number,
    number,
  ]
  const end = Math.min(to, from + 40)
  const luck = random.next()
  if (luck < 0.4) return text.slice(0, from) + random.oneOf(pieces) + text.slice(from)
  if (luck < 0.6) return text.slice(0, from) + text.slice(end)
  if (luck < 0.7) return text.slice(0, from) + repeated(random) + text.slice(from)
  if (luck < 0.8) return text.slice(0, from)
  if (luck < 0.95) return text.slice(0, from) + random.oneOf(pieces) + text.slice(end)
  return text.slice(0, from) + text.slice(from, end).repeat(random.oneOf([2, 50, 2_000])) + text.slice(end)
}

function mutateMessage(saml: NonNullable<Shot['saml']>, random: Random): Partial<NonNullable<Shot['saml']>> {
  const luck = random.next()
  if (luck < 0.08) return { sign: random.oneOf([[], ['Assertion'], ['Response'], ['Assertion', 'Response']] as const) }
  // Inside of one value, so that the message stays one and its signature is good.
  if (luck < 0.6) return { xml: inOneValue(saml.xml, random) }
  return { xml: mutateText(saml.xml, random, XML_PIECES) }
}

function inOneValue(xml: string, random: Random): string {
  const values = [...xml.matchAll(/"([^"<>]*)"|>([^<>]+)</g)]
  const found = random.oneOf(values)
  if (found === undefined) return xml
  const [whole] = found
  const word = random.chance(0.2) ? aFilter(random) : random.chance(0.1) ? aPath(random) : aWord(random)
  const quoted = word.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
  const start = found.index + 1
  return xml.slice(0, start) + quoted + xml.slice(start + whole.length - 2)
}
