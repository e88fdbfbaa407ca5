/** XML namespaces (Core §1.1, XML Signature §1.3, XML Encryption §1.3). */
export const NS = {
  protocol: 'urn:oasis:names:tc:SAML:2.0:protocol',
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  metadata: 'urn:oasis:names:tc:SAML:2.0:metadata',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
  encryption: 'http://www.w3.org/2001/04/xmlenc#',
} as const

export const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success'
/** The confirmation method of the Web Browser SSO profile (Profiles §3.3). */
export const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
export const TRANSIENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient'

export const HTTP_POST = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'
export const HTTP_REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'
