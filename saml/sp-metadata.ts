import { escaped } from './escape.js'
import { HTTP_POST, HTTP_REDIRECT, NS } from './names.js'

/** Addresses of this service provider for one connection. */
export interface ServiceProvider {
  readonly entityId: string
  readonly acsUrl: string
  readonly sloUrl: string
}

export function serviceProviderOf(publicUrl: string, connectionId: string): ServiceProvider {
  const base = `${publicUrl}/saml/${connectionId}`
  return { entityId: `${base}/metadata`, acsUrl: `${base}/acs`, sloUrl: `${base}/slo` }
}

const FORMATS = [
  'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
  'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
  'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
]
const CIPHERS = ['aes256-gcm', 'aes128-gcm'].map((name) => `http://www.w3.org/2009/xmlenc11#${name}`)

/**
 * The metadata document of this service provider (Metadata §2.4.4). `certificates` (PEM) are the current key's and those
 * that are being changed: all of them may sign, what is encrypted is for the first.
 */
export function spMetadata({ entityId, acsUrl, sloUrl }: ServiceProvider, certificates: readonly string[]): string {
  const [current] = certificates
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<md:EntityDescriptor xmlns:md="${NS.metadata}" xmlns:ds="${NS.signature}" entityID="${escaped(entityId)}">`,
    `<md:SPSSODescriptor AuthnRequestsSigned="true" protocolSupportEnumeration="${NS.protocol}">`,
    ...certificates.map((pem) => keyDescriptor('signing', pem)),
    current === undefined ? '' : keyDescriptor('encryption', current),
    ...[HTTP_REDIRECT, HTTP_POST].map(
      (binding) => `<md:SingleLogoutService Binding="${binding}" Location="${escaped(sloUrl)}"/>`,
    ),
    ...FORMATS.map((format) => `<md:NameIDFormat>${format}</md:NameIDFormat>`),
    `<md:AssertionConsumerService Binding="${HTTP_POST}" Location="${escaped(acsUrl)}" index="0" isDefault="true"/>`,
    '</md:SPSSODescriptor></md:EntityDescriptor>',
  ].join('\n')
}

function keyDescriptor(use: 'signing' | 'encryption', pem: string): string {
  const base64 = pem.replaceAll(/-----[^-]*-----|\s/g, '')
  const methods =
    use === 'encryption' ? CIPHERS.map((name) => `<md:EncryptionMethod Algorithm="${name}"/>`).join('') : ''
  return `<md:KeyDescriptor use="${use}"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>${methods}</md:KeyDescriptor>`
}
