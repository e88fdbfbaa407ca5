import { SamlError } from './errors.js'

const MAX_TAGS = 4_000
const MAX_DEPTH = 60
const MAX_ATTRIBUTES = 60
/** Everybody who walks the tree carries along what is in scope: a thousand prefixes make a small document a slow one. */
const MAX_NAMESPACES = 32

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for.
const FORBIDDEN_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/
const REFERENCE = /&([^;&<]{0,12});?/g
const NAMED = new Set(['amp', 'lt', 'gt', 'quot', 'apos'])
/** XML 1.0 in UTF-8, which is how the bytes are read; a document that claims another encoding would be read otherwise elsewhere. */
const DECLARATION =
  /^<\?xml\s{1,8}version=(["'])1\.0\1(?:\s{1,8}encoding=(["'])(?:utf-8|us-ascii)\2)?(?:\s{1,8}standalone=(["'])(?:yes|no)\3)?\s{0,8}\?>/i
const NAMESPACE = /\sxmlns(?:\s*=|:)/

/**
 * Look at XML before any parser does, in one pass over the text: no DOCTYPE, ENTITY, comment, CDATA or processing
 * instruction but the XML declaration; bounded tags, depth and attributes; no character that XML 1.0 lacks. What passes
 * cannot make a parser work long, nor mean different things to two of them (SAML.md a.1, a.3). Throws SamlError: bad_xml.
 */
export function scanXml(text: string, maxTags = MAX_TAGS): void {
  if (FORBIDDEN_CHARACTERS.test(text)) throw refused('holds a control character')
  checkReferences(text)
  const declared: number[] = [] // how many namespaces each open element declares
  let [tags, attributes, namespaces] = [0, 0, 0]
  const start = text.startsWith('\ufeff') ? 1 : 0
  const prolog = start + (DECLARATION.exec(text.slice(start))?.[0].length ?? 0)
  let at = text.indexOf('<', prolog)
  if (!isWhite(text.slice(prolog, at)) || !isWhite(text.slice(text.lastIndexOf('>') + 1)))
    throw refused('has text beside its root element')
  while (at !== -1) {
    const mark = text[at + 1]
    if (mark === '!') throw refused('holds a DOCTYPE, a comment or a CDATA section')
    if (mark === '?') throw refused('holds a processing instruction')
    const tag = tagAt(text, at)
    const isEmpty = mark !== '/' && text[tag.end - 1] === '/'
    tags += isEmpty ? 2 : 1
    attributes += tag.attributes
    if (tags > maxTags || attributes > maxTags) throw refused(`has more than ${maxTags} tags or attributes`)
    if (mark === '/') {
      if (declared.length === 0) throw refused('closes an element that is not open')
      namespaces -= declared.pop() ?? 0
    } else if (!isEmpty) {
      if (declared.push(tag.namespaces) > MAX_DEPTH) throw refused(`is nested deeper than ${MAX_DEPTH} elements`)
      namespaces += tag.namespaces
      if (namespaces > MAX_NAMESPACES) throw refused(`has more than ${MAX_NAMESPACES} namespaces at one place`)
    }
    at = text.indexOf('<', tag.end)
  }
}

/** XML 1.0 §2.3. */
function isWhite(text: string): boolean {
  return !/[^ \t\r\n]/.test(text)
}

/** The tag at `start`, up to the index of its `>`; a quoted value may hold one. */
function tagAt(text: string, start: number): { end: number; attributes: number; namespaces: number } {
  let [attributes, namespaces, name] = [0, 0, start]
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at]!
    if (character === '>') return { end: at, attributes, namespaces }
    if (character === '<') break
    if (character !== '"' && character !== "'") continue
    if (++attributes > MAX_ATTRIBUTES) throw refused(`has more than ${MAX_ATTRIBUTES} attributes in a tag`)
    if (NAMESPACE.test(text.slice(name, at))) namespaces++
    const close = text.indexOf(character, at + 1)
    if (close === -1) break
    if (text.slice(at, close).includes('<')) throw refused('has a < in an attribute')
    at = close
    name = close + 1
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
