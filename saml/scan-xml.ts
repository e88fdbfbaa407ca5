import { SamlError } from './errors.js'

const MAX_TAGS = 4_000
const MAX_DEPTH = 60
const MAX_ATTRIBUTES = 60

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for.
const FORBIDDEN_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/
const REFERENCE = /&([^;&<]{0,12});?/g
const NAMED = new Set(['amp', 'lt', 'gt', 'quot', 'apos'])
const DECLARATION = /^<\?xml [^?<>]*\?>/

/**
 * Look at XML before any parser does, in one pass over the text: no DOCTYPE, ENTITY, comment, CDATA or processing
 * instruction but the XML declaration; bounded tags, depth and attributes; no character that XML 1.0 lacks. What passes
 * cannot make a parser work long, nor mean different things to two of them (SAML.md a.1, a.3). Throws SamlError: bad_xml.
 */
export function scanXml(text: string, maxTags = MAX_TAGS): void {
  if (FORBIDDEN_CHARACTERS.test(text)) throw refused('holds a control character')
  checkReferences(text)
  let depth = 0
  let tags = 0
  let at = text.indexOf('<', DECLARATION.exec(text)?.[0].length ?? 0)
  while (at !== -1) {
    const mark = text[at + 1]
    if (mark === '!') throw refused('holds a DOCTYPE, a comment or a CDATA section')
    if (mark === '?') throw refused('holds a processing instruction')
    if (++tags > maxTags) throw refused(`has more than ${maxTags} tags`)
    const end = endOfTag(text, at)
    if (mark === '/') depth -= 1
    else if (text[end - 1] !== '/') depth += 1
    if (depth > MAX_DEPTH) throw refused(`is nested deeper than ${MAX_DEPTH} elements`)
    if (depth < 0) throw refused('closes an element that is not open')
    at = text.indexOf('<', end)
  }
}

/** The index of the `>` that ends the tag at `start`; a quoted value may hold one. */
function endOfTag(text: string, start: number): number {
  let attributes = 0
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at]!
    if (character === '>') return at
    if (character === '<') break
    if (character !== '"' && character !== "'") continue
    if (++attributes > MAX_ATTRIBUTES) throw refused(`has more than ${MAX_ATTRIBUTES} attributes in a tag`)
    const close = text.indexOf(character, at + 1)
    if (close === -1) break
    if (text.slice(at, close).includes('<')) throw refused('has a < in an attribute')
    at = close
  }
  throw refused('has a tag that does not end')
}

/** No entity but the five of XML, and no character reference to what may not stand there either. */
function checkReferences(text: string): void {
  for (const [whole, name = ''] of text.matchAll(REFERENCE)) {
    if (!whole.endsWith(';')) throw refused('has an & that is no reference')
    if (NAMED.has(name)) continue
    const [, hexadecimal, decimal] = /^#(?:x([0-9a-fA-F]+)|([0-9]+))$/.exec(name) ?? []
    const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16)
    if (!isCharacter(code)) throw refused('has a reference that XML does not know')
  }
}

/** XML 1.0 §2.2. */
function isCharacter(code: number): boolean {
  if (code === 0x9 || code === 0xa || code === 0xd) return true
  return (code >= 0x20 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff)
}

function refused(what: string): SamlError {
  return new SamlError('bad_xml', `The document ${what}.`)
}
