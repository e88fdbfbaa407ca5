import { z } from 'zod'
import type { IdentityProvider } from '../../accounts/saml-settings.js'
import { readCertificate } from '../../saml/certificate.js'
import { SamlError } from '../../saml/errors.js'
import { MAX_ENTITY_ID, MAX_URL, readIdpMetadata, SeveralProviders } from '../../saml/idp-metadata.js'
import type { FetchText } from '../fetch-outside.js'
import { RequestError } from '../problem.js'
import { text } from './schemas.js'

/** The three ways to say who the identity provider is: an address, a document, or by hand. */

const Certificate = z
  .string()
  .max(20_000)
  .transform((pem, context) => {
    try {
      return readCertificate(pem)
    } catch (error) {
      if (!(error instanceof SamlError)) throw error
      context.addIssue({ code: 'custom', message: `${error.message} Give one certificate as PEM.` })
      return z.NEVER
    }
  })

const Address = z.url({ protocol: /^https?$/, error: 'an address with https' }).max(MAX_URL)

const TypedIdp = z
  .strictObject({
    entityId: text(MAX_ENTITY_ID),
    ssoRedirectUrl: Address.optional(),
    ssoPostUrl: Address.optional(),
    sloRedirectUrl: Address.optional(),
    sloPostUrl: Address.optional(),
    certificates: z.array(Certificate).min(1).max(20).meta({ description: 'PEM; any of them may sign.' }),
    wantsSignedRequests: z.boolean().optional(),
  })
  .refine(({ ssoRedirectUrl, ssoPostUrl }) => (ssoRedirectUrl ?? ssoPostUrl) !== undefined, {
    path: ['ssoRedirectUrl'],
    error: 'give ssoRedirectUrl or ssoPostUrl',
  })
  .meta({ description: 'The identity provider as typed by hand, where it has no metadata.' })

export const IDP_INPUT = {
  idpMetadataXml: z.string().max(500_000).optional(),
  idpMetadataUrl: z.url().max(MAX_URL).optional(),
  idpEntityId: text(MAX_ENTITY_ID).optional().meta({ description: 'Which one, where the metadata describes several.' }),
  idp: TypedIdp.optional(),
}

export interface IdpInput {
  readonly idpMetadataXml?: string | undefined
  readonly idpMetadataUrl?: string | undefined
  readonly idpEntityId?: string | undefined
  readonly idp?: z.output<typeof TypedIdp> | undefined
}

const WAYS = ['idpMetadataUrl', 'idpMetadataXml', 'idp'] as const

/** Throws RequestError invalid_request where it is said in several ways, or in none where it has to be said. */
export function checkOneWay(input: IdpInput, isRequired: boolean): void {
  const [first, ...more] = WAYS.filter((way) => input[way] !== undefined)
  const refuse = (way: string, message: string): never => {
    throw new RequestError('invalid_request', `body.${way}: ${message}`, [{ path: `body.${way}`, message }])
  }
  if (more.length > 0) refuse(more[0]!, `${first} says it already: give one of ${WAYS.join(', ')}`)
  if (first === undefined && isRequired) refuse(WAYS[0], `give one of ${WAYS.join(', ')}`)
  if (input.idpEntityId !== undefined && (first === undefined || first === 'idp'))
    refuse('idpEntityId', 'goes with idpMetadataUrl or idpMetadataXml')
}

/** What the input says; undefined where it says nothing. Throws RequestError: fetch_failed, bad_metadata. */
export async function readIdpInput(
  { idpMetadataXml, idpMetadataUrl, idpEntityId: entityId, idp }: IdpInput,
  fetchText: FetchText,
): Promise<{ readonly idp: IdentityProvider; readonly metadataUrl: string | undefined } | undefined> {
  if (idp !== undefined) return { idp: typed(idp), metadataUrl: undefined }
  const xml = idpMetadataUrl === undefined ? idpMetadataXml : await fetchText(idpMetadataUrl)
  return xml === undefined ? undefined : { idp: described(xml, entityId), metadataUrl: idpMetadataUrl }
}

function typed({ certificates, wantsSignedRequests = false, ...idp }: z.output<typeof TypedIdp>): IdentityProvider {
  const each = new Map(certificates.map((certificate) => [certificate.sha256, certificate]))
  const given = Object.fromEntries(Object.entries(idp).filter(([, value]) => value !== undefined))
  return { ...given, entityId: idp.entityId, wantsSignedRequests, certificates: [...each.values()] }
}

/** What the metadata says, in the admin API's words where it cannot be used. */
function described(xml: string, entityId: string | undefined): IdentityProvider {
  try {
    return readIdpMetadata(xml, { entityId })
  } catch (error) {
    if (!(error instanceof SamlError)) throw error
    const details = error instanceof SeveralProviders ? { entityIds: error.entityIds } : {}
    throw new RequestError('bad_metadata', error.message, [], details)
  }
}
