import { checkAlgorithm, ENVELOPED, EXCLUSIVE_C14N } from './algorithms.js'
import { SamlError } from './errors.js'
import { NS } from './names.js'
import { attribute, attributes, children, descendants, isNamed } from './xml.js'

const MAX_ELEMENTS = 60
const MAX_PREFIXES = 32

/**
 * Is this Signature one that can mean only one thing: enveloped by its parent, one reference, to that parent, with
 * accepted algorithms, every part once and in its place (Core §5.4)? An engine that looks for a part by its local name
 * or takes the first of two then finds what was checked here. Throws SamlError: shape, weak_algorithm.
 */
export function checkSignatureShape(signature: Element, sha1: boolean): void {
  if (descendants(signature).length > MAX_ELEMENTS) throw odd(`has more than ${MAX_ELEMENTS} elements`)
  const [info, value, keyInfo] = children(signature)
  if (info === undefined || value === undefined) throw odd('has no SignedInfo or no SignatureValue')
  checkParts(signature, ['SignedInfo', 'SignatureValue', ...(keyInfo === undefined ? [] : ['KeyInfo'])])
  checkParts(value, [])
  if (![info, ...descendants(info)].every(hasPlainAttributes)) throw odd('has an attribute with a prefix')
  checkSignedInfo(info, attribute(signature.parentNode as Element, 'ID'), sha1)
}

function checkSignedInfo(info: Element, id: string | undefined, sha1: boolean): void {
  checkParts(info, ['CanonicalizationMethod', 'SignatureMethod', 'Reference'])
  const [c14n, method, reference] = children(info) as [Element, Element, Element]
  checkAlgorithm('c14n', attribute(c14n, 'Algorithm'))
  checkPrefixList(c14n)
  checkParts(method, [])
  checkAlgorithm('signature', attribute(method, 'Algorithm'), sha1)
  if (!id || attribute(reference, 'URI') !== `#${id}`) throw odd('does not sign the element that it stands in')
  checkParts(reference, ['Transforms', 'DigestMethod', 'DigestValue'])
  const [transforms, digest, value] = children(reference) as [Element, Element, Element]
  checkTransforms(transforms)
  checkParts(digest, [])
  checkAlgorithm('digest', attribute(digest, 'Algorithm'), sha1)
  checkParts(value, [])
}

function checkTransforms(list: Element): void {
  const [enveloped, c14n, ...more] = children(list)
  if (enveloped === undefined || more.length > 0 || attribute(enveloped, 'Algorithm') !== ENVELOPED)
    throw odd('has transforms other than enveloped-signature and a canonicalization')
  checkParts(list, c14n === undefined ? ['Transform'] : ['Transform', 'Transform'])
  checkParts(enveloped, [])
  if (c14n === undefined) return
  checkAlgorithm('c14n', attribute(c14n, 'Algorithm'))
  checkPrefixList(c14n)
}

/** Nothing but a short InclusiveNamespaces (Exclusive XML Canonicalization §4): it is compared with every namespace there is. */
function checkPrefixList(method: Element): void {
  const [list, ...more] = children(method)
  if (list === undefined) return
  const prefixes = attribute(list, 'PrefixList')?.split(/\s/) ?? []
  if (more.length > 0 || !isNamed(list, EXCLUSIVE_C14N, 'InclusiveNamespaces') || prefixes.length > MAX_PREFIXES)
    throw odd('has a canonicalization with more than a short list of prefixes')
}

function checkParts(parent: Element, names: readonly string[]): void {
  const parts = children(parent)
  if (parts.length !== names.length || !parts.every((part, at) => isNamed(part, NS.signature, names[at] ?? '')))
    throw odd(`has a ${parent.localName} that is not made of ${names.join(', ') || 'text'}`)
}

function hasPlainAttributes(element: Element): boolean {
  return attributes(element).every(({ prefix }) => !prefix || prefix === 'xmlns')
}

function odd(what: string): SamlError {
  return new SamlError('shape', `A signature ${what}.`)
}
