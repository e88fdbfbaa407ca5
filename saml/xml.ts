import { DOMParser } from '@xmldom/xmldom'
import { SamlError } from './errors.js'
import { scanXml } from './scan-xml.js'

const ELEMENT = 1
const TEXT = 3
const DECLARATION = 7
/** Prefixes that mean what they mean (Namespaces in XML §3). */
const RESERVED = ['xml', 'xmlns']
const WHITE = ' \t\r\n'

/**
 * Parse a document that scanXml lets pass, with every warning of the parser fatal: one root, nothing beside it, no prefix
 * without a namespace. Resolves nothing outside. Throws SamlError: bad_xml.
 */
export function parseXml(text: string, maxTags?: number): Element {
  scanXml(text, maxTags)
  const document = parseStrictly(text.replace(/^\ufeff/, ''))
  const root = document.documentElement
  const beside = childNodes(document).filter((node) => node !== root)
  if (root === null || !beside.every(isWhiteOrDeclaration)) {
    throw new SamlError('bad_xml', 'The document has something beside its root element.')
  }
  for (const element of [root, ...descendants(root)]) checkPrefixes(element)
  return root
}

function parseStrictly(text: string): Document {
  const fail = (message: string): never => {
    throw new SamlError('bad_xml', `The document is not well-formed: ${message.split('\n')[0]?.slice(0, 200)}`)
  }
  try {
    return new DOMParser({ errorHandler: { warning: fail, error: fail, fatalError: fail } }).parseFromString(
      text,
      'text/xml',
    )
  } catch (error) {
    if (error instanceof SamlError) throw error
    throw new SamlError('bad_xml', 'The document is not well-formed.', {}, { cause: error })
  }
}

function isWhiteOrDeclaration(node: Node): boolean {
  return node.nodeType === DECLARATION || (node.nodeType === TEXT && trimmed(node.nodeValue ?? '') === '')
}

function checkPrefixes(element: Element): void {
  if (!isWronglyNamed(element) && !attributes(element).some(isWronglyNamed)) return
  throw new SamlError(
    'bad_xml',
    `The document uses a prefix in <${element.tagName.slice(0, 100)}> that it does not declare.`,
  )
}

function isWronglyNamed({ prefix, localName, namespaceURI }: Element | Attr): boolean {
  if (!prefix) return false
  return prefix === 'xmlns' ? RESERVED.includes(localName) : !namespaceURI
}

/** Siblings are a linked list; every other way to walk them in this parser makes lists of its own. */
function childNodes(node: Node): Node[] {
  const nodes: Node[] = []
  for (let child = node.firstChild; child !== null; child = child.nextSibling) nodes.push(child)
  return nodes
}

export function attributes({ attributes: map }: Element): Attr[] {
  const list: Attr[] = []
  for (let index = 0; index < map.length; index++) list.push(map[index]!)
  return list
}

/** Child elements, of one name where that is given. */
export function children(parent: Element, namespace?: string, localName?: string): Element[] {
  return childNodes(parent).filter(
    (node): node is Element =>
      node.nodeType === ELEMENT && (localName === undefined || isNamed(node as Element, namespace ?? '', localName)),
  )
}

export function isNamed(element: Element, namespace: string, localName: string): boolean {
  return element.localName === localName && element.namespaceURI === namespace
}

/** Every element below another one, in document order. */
export function descendants(parent: Element): Element[] {
  const found: Element[] = []
  const walk = (node: Node): void => {
    for (let child = node.firstChild; child !== null; child = child.nextSibling) {
      if (child.nodeType !== ELEMENT) continue
      found.push(child as Element)
      walk(child)
    }
  }
  walk(parent)
  return found
}

/** An attribute without a namespace; undefined where it is absent. */
export function attribute(element: Element, name: string): string | undefined {
  return element.hasAttribute(name) ? (element.getAttribute(name) ?? '') : undefined
}

/** The text of an element that holds nothing else, without white space around it. */
export function textOf(element: Element): string {
  return trimmed(element.textContent ?? '')
}

/** Without what XML calls white space (XML 1.0 §2.3): a no-break space is part of a name. */
function trimmed(text: string): string {
  let [start, end] = [0, text.length]
  while (start < end && WHITE.includes(text[start]!)) start++
  while (end > start && WHITE.includes(text[end - 1]!)) end--
  return text.slice(start, end)
}
