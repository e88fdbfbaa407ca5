import type { Body } from '../../api/client.js'
import type { SAML } from './use-saml.js'

export const WAYS = ['url', 'xml', 'hand'] as const

/** What somebody typed to say who the identity provider is; kept for every way, so that nothing typed is lost. */
export interface Given {
  readonly way: (typeof WAYS)[number]
  readonly url: string
  readonly xml: string
  /** Which one, where metadata describes several. */
  readonly idpEntityId: string
  readonly entityId: string
  readonly ssoRedirectUrl: string
  readonly ssoPostUrl: string
  readonly certificates: string
}

export const NOTHING_GIVEN: Given = {
  ...{ way: 'url', url: '', xml: '', idpEntityId: '' },
  ...{ entityId: '', ssoRedirectUrl: '', ssoPostUrl: '', certificates: '' },
}

const END = '-----END CERTIFICATE-----'

/** As the API is told it. */
export function inputOf(given: Given): Body<`POST ${typeof SAML}/preview`> {
  const which = given.idpEntityId === '' ? {} : { idpEntityId: given.idpEntityId }
  if (given.way === 'url') return { idpMetadataUrl: given.url.trim(), ...which }
  if (given.way === 'xml') return { idpMetadataXml: given.xml, ...which }
  const { entityId, ssoRedirectUrl, ssoPostUrl } = given
  return {
    idp: {
      entityId: entityId.trim(),
      ...(ssoRedirectUrl.trim() === '' ? {} : { ssoRedirectUrl: ssoRedirectUrl.trim() }),
      ...(ssoPostUrl.trim() === '' ? {} : { ssoPostUrl: ssoPostUrl.trim() }),
      certificates: pemsOf(given.certificates),
    },
  }
}

function pemsOf(text: string): string[] {
  const parts = text.split(END).filter((part) => part.trim() !== '')
  // Whatever has no marks is sent as it is: the server says what is wrong with it.
  return parts.map((part) => (part.includes('BEGIN') ? `${part.trim()}\n${END}` : part.trim()))
}
