import { checkAlgorithm, ENVELOPED } from './algorithms.js'
import { SamlError } from './errors.js'
import { NS } from './names.js'
import { attribute, children, isNamed } from './xml.js'

const PARTS = ['SignedInfo', 'SignatureValue', 'KeyInfo']

/**
 * Is this Signature one that can mean only one thing: enveloped by its parent, one reference, to that parent, with
 * accepted algorithms (Core §5.4)? Throws SamlError: shape, weak_algorithm.
 */
export function checkSignatureShape(signature: Element, sha1: boolean): void {
  const parts = children(signature)
  const known = parts.every((part) => part.namespaceURI === NS.signature && PARTS.includes(part.localName))
  const info = only(parts.filter((part) => part.localName === 'SignedInfo'))
  if (!known || info === undefined || parts.filter((part) => part.localName === 'SignatureValue').length !== 1)
    throw odd('is not made of one SignedInfo, one SignatureValue and at most one KeyInfo')
  checkAlgorithm('c14n', algorithmOf(info, 'CanonicalizationMethod'))
  checkAlgorithm('signature', algorithmOf(info, 'SignatureMethod'), sha1)
  const reference = only(children(info, NS.signature, 'Reference'))
  const id = attribute(signature.parentNode as Element, 'ID')
  if (children(info).length !== 3 || reference === undefined || !id || attribute(reference, 'URI') !== `#${id}`)
    throw odd('does not sign the element that it stands in')
  checkAlgorithm('digest', algorithmOf(reference, 'DigestMethod'), sha1)
  checkTransforms(reference)
}

function checkTransforms(reference: Element): void {
  const list = only(children(reference, NS.signature, 'Transforms'))
  const transforms = list === undefined ? [] : children(list)
  const names = transforms.map((transform) => attribute(transform, 'Algorithm'))
  if (!transforms.every((one) => isNamed(one, NS.signature, 'Transform')) || names.length > 2 || names[0] !== ENVELOPED)
    throw odd('has transforms other than enveloped-signature and a canonicalization')
  for (const name of names) checkAlgorithm('transform', name)
}

function algorithmOf(parent: Element, name: string): string | undefined {
  const element = only(children(parent, NS.signature, name))
  if (element === undefined) throw odd(`has not exactly one ${name}`)
  return attribute(element, 'Algorithm')
}

function only<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined
}

function odd(what: string): SamlError {
  return new SamlError('shape', `A signature ${what}.`)
}
