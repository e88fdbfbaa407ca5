import { createHash, X509Certificate } from 'node:crypto'
import { instantFromDateTime } from '../filter/date-time.js'
import { SamlError } from './errors.js'
import { HTTP_POST, HTTP_REDIRECT, NS } from './names.js'
import { attribute, children, descendants, isNamed, parseXml, textOf } from './xml.js'

/** A certificate of an identity provider, by which it signs. */
export interface IdpCertificate {
  readonly pem: string
  /** SHA-256 of the DER form, hex. */
  readonly sha256: string
  readonly notAfter: string
}

/** What we need to know of an identity provider (Metadata §2.4.3). */
export interface IdpDescription {
  readonly entityId: string
  readonly ssoRedirectUrl?: string
  readonly ssoPostUrl?: string
  readonly sloRedirectUrl?: string
  readonly sloPostUrl?: string
  readonly wantsSignedRequests: boolean
  readonly certificates: readonly IdpCertificate[]
  /** ISO 8601; metadata beyond it is stale. */
  readonly validUntil?: string
}

const MAX_BYTES = 1_048_576
/** Descriptions of ADFS list hundreds of claim types. */
const MAX_TAGS = 40_000

/**
 * Read the metadata document of an identity provider. Where it describes several, `entityId` says which. KeyDescriptors
 * without `use` count as signing keys. Throws SamlError: bad_metadata, bad_xml.
 */
export function readIdpMetadata(xml: string, entityId?: string): IdpDescription {
  if (Buffer.byteLength(xml) > MAX_BYTES) throw bad('is larger than 1 MB')
  const entity = chosen(parseXml(xml.replace(/^\ufeff/, '').trim(), MAX_TAGS), entityId)
  const id = attribute(entity, 'entityID')
  const role = children(entity, NS.metadata, 'IDPSSODescriptor').find((one) =>
    (attribute(one, 'protocolSupportEnumeration') ?? '').split(/\s+/).includes(NS.protocol),
  )
  if (!id || role === undefined) throw bad('describes no identity provider of SAML 2.0 (IDPSSODescriptor)')
  const certificates = certificatesOf(role)
  const sso = locations(role, 'SingleSignOnService')
  const slo = locations(role, 'SingleLogoutService')
  if (certificates.length === 0) throw bad('names no certificate to verify signatures with')
  if (sso.redirect === undefined && sso.post === undefined)
    throw bad('has no SingleSignOnService with HTTP-Redirect or HTTP-POST')
  const validUntil = attribute(entity, 'validUntil') ?? attribute(role, 'validUntil')
  const until = validUntil === undefined ? undefined : instantFromDateTime(validUntil)
  return {
    entityId: id,
    ...(sso.redirect !== undefined && { ssoRedirectUrl: sso.redirect }),
    ...(sso.post !== undefined && { ssoPostUrl: sso.post }),
    ...(slo.redirect !== undefined && { sloRedirectUrl: slo.redirect }),
    ...(slo.post !== undefined && { sloPostUrl: slo.post }),
    wantsSignedRequests: ['true', '1'].includes(attribute(role, 'WantAuthnRequestsSigned') ?? ''),
    certificates,
    ...(until !== undefined && { validUntil: new Date(until).toISOString() }),
  }
}

function chosen(root: Element, entityId: string | undefined): Element {
  const all = [root, ...descendants(root)].filter((one) => isNamed(one, NS.metadata, 'EntityDescriptor'))
  const providers = all.filter((one) => children(one, NS.metadata, 'IDPSSODescriptor').length > 0)
  const named = entityId === undefined ? providers : all.filter((one) => attribute(one, 'entityID') === entityId)
  const [entity, ...more] = named
  if (entity === undefined)
    throw bad(entityId === undefined ? 'describes no identity provider' : `does not describe ${entityId}`)
  if (more.length === 0) return entity
  const ids = named.map((one) => attribute(one, 'entityID')).join(', ')
  throw bad(`describes several identity providers; say which by its entityId: ${ids.slice(0, 1_000)}`)
}

function certificatesOf(role: Element): IdpCertificate[] {
  const found = new Map<string, IdpCertificate>()
  for (const descriptor of children(role, NS.metadata, 'KeyDescriptor')) {
    if ((attribute(descriptor, 'use') ?? 'signing') !== 'signing') continue
    for (const element of descendants(descriptor).filter((one) => isNamed(one, NS.signature, 'X509Certificate'))) {
      const certificate = readCertificate(textOf(element))
      found.set(certificate.sha256, certificate)
    }
  }
  return [...found.values()]
}

/** A certificate as PEM, or as the base64 of its DER form. Throws SamlError: bad_metadata. */
export function readCertificate(text: string): IdpCertificate {
  const base64 = text.replaceAll(/-----[^-]*-----|\s/g, '')
  try {
    const der = Buffer.from(base64, 'base64')
    const certificate = new X509Certificate(der)
    const sha256 = createHash('sha256').update(der).digest('hex')
    const notAfter = new Date(certificate.validTo).toISOString()
    return { pem: certificate.toString(), sha256, notAfter }
  } catch (cause) {
    throw new SamlError('bad_metadata', 'A certificate in the metadata cannot be read.', {}, { cause })
  }
}

function locations(role: Element, name: string): { redirect: string | undefined; post: string | undefined } {
  const services = children(role, NS.metadata, name)
  const at = (binding: string) => {
    const service = services.find((one) => attribute(one, 'Binding') === binding)
    const url = service && attribute(service, 'Location')
    if (url !== undefined && !/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
      throw bad(`has a ${name} at an address that is no http URL`)
    return url
  }
  return { redirect: at(HTTP_REDIRECT), post: at(HTTP_POST) }
}

function bad(what: string): SamlError {
  return new SamlError('bad_metadata', `The metadata ${what}.`)
}
