import type { IdentityProvider, IdpCertificate } from '../accounts/saml-settings.js'
import { instantFromDateTime } from '../filter/date-time.js'
import { readCertificate } from './certificate.js'
import { SamlError } from './errors.js'
import { HTTP_POST, HTTP_REDIRECT, NS } from './names.js'
import { attribute, children, descendants, isNamed, parseXml, textOf } from './xml.js'

const MAX_BYTES = 1_048_576
/** Descriptions of ADFS list hundreds of claim types. */
const MAX_TAGS = 40_000
/** Each of them is tried with every signature. */
const MAX_CERTIFICATES = 20
/** Characters of an entityID (Metadata §2.2.1), and of an address. */
export const MAX_ENTITY_ID = 1_024
export const MAX_URL = 2_048

/** A document that describes several identity providers, and nobody said which. */
export class SeveralProviders extends SamlError {
  readonly entityIds: readonly string[]

  constructor(entityIds: readonly string[]) {
    super('bad_metadata', 'The metadata describes several identity providers; say which by its entityID.')
    this.entityIds = entityIds
  }
}

/** Which identity provider is meant: the one of this entityID, or the only one there is, whatever its name has become. */
export interface Choice {
  readonly entityId?: string | undefined
  readonly orTheOnly?: boolean
}

/**
 * Read the metadata document of an identity provider. KeyDescriptors without `use` count as signing keys.
 * Throws SamlError: bad_metadata (SeveralProviders where a choice is to be made), bad_xml.
 */
export function readIdpMetadata(xml: string, choice: Choice = {}): IdentityProvider {
  if (Buffer.byteLength(xml) > MAX_BYTES) throw bad('is larger than 1 MB')
  const entity = chosen(parseXml(xml.replace(/^\ufeff/, '').trim(), MAX_TAGS), choice)
  const id = attribute(entity, 'entityID')
  if (id !== undefined && id.length > MAX_ENTITY_ID) throw bad('has an entityID of more than 1,024 characters')
  const role = children(entity, NS.metadata, 'IDPSSODescriptor').find((one) =>
    (attribute(one, 'protocolSupportEnumeration') ?? '').split(/\s+/).includes(NS.protocol),
  )
  if (!id || role === undefined) throw bad('describes no identity provider of SAML 2.0 (IDPSSODescriptor)')
  const certificates = certificatesOf(role)
  const sso = locations(role, 'SingleSignOnService')
  const slo = locations(role, 'SingleLogoutService')
  if (certificates.length === 0) throw bad('names no certificate to verify signatures with')
  if (certificates.length > MAX_CERTIFICATES) throw bad(`names more than ${MAX_CERTIFICATES} certificates`)
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

const idOf = (entity: Element): string => attribute(entity, 'entityID') ?? ''

function chosen(root: Element, { entityId, orTheOnly = false }: Choice): Element {
  const all = [root, ...descendants(root)].filter((one) => isNamed(one, NS.metadata, 'EntityDescriptor'))
  const providers = all.filter((one) => children(one, NS.metadata, 'IDPSSODescriptor').length > 0)
  const named = entityId === undefined ? providers : all.filter((one) => idOf(one) === entityId)
  const [entity, ...more] = named.length === 0 && orTheOnly ? providers : named
  if (entity === undefined)
    throw bad(entityId === undefined ? 'describes no identity provider' : `does not describe ${entityId.slice(0, 300)}`)
  if (more.length === 0) return entity
  if (named.length === 0) throw bad(`does not describe ${entityId?.slice(0, 300)}, but several others`)
  if (entityId !== undefined) throw bad(`describes ${entityId.slice(0, 300)} more than once`)
  throw new SeveralProviders(providers.map((one) => idOf(one).slice(0, MAX_ENTITY_ID)))
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

function locations(role: Element, name: string): { redirect: string | undefined; post: string | undefined } {
  const services = children(role, NS.metadata, name)
  const at = (binding: string) => {
    const service = services.find((one) => attribute(one, 'Binding') === binding)
    const url = service && attribute(service, 'Location')
    if (url !== undefined && !/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
      throw bad(`has a ${name} at an address that is no http URL`)
    if (url !== undefined && url.length > MAX_URL)
      throw bad(`has a ${name} at an address of more than 2,048 characters`)
    return url
  }
  return { redirect: at(HTTP_REDIRECT), post: at(HTTP_POST) }
}

function bad(what: string): SamlError {
  return new SamlError('bad_metadata', `The metadata ${what}.`)
}
