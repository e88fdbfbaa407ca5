import { z } from 'zod'
import { getConnection } from '../../accounts/connections.js'
import { AccountError } from '../../accounts/errors.js'
import { readSaml, rotateSamlKey, type Saml, saveSaml } from '../../accounts/saml-settings.js'
import { SamlError } from '../../saml/errors.js'
import { readIdpMetadata } from '../../saml/idp-metadata.js'
import { createKeyPair } from '../../saml/key-pair.js'
import { serviceProviderOf } from '../../saml/sp-metadata.js'
import { RequestError } from '../problem.js'
import { route } from './route.js'
import { Instant, Time, text, Version } from './schemas.js'

const PATH = '/accounts/{accountId}/connections/{connectionId}/saml'

const AttributeNames = z
  .strictObject({ email: text(256).optional(), externalId: text(256).optional(), identifier: text(256).optional() })
  .meta({ description: 'Names of attributes in the assertion, where they are not well-known ones.' })

const SamlSchema = z
  .object({
    entityId: z.url().meta({ description: 'Ours: "Audience URI", "Identifier (Entity ID)".' }),
    acsUrl: z.url().meta({ description: 'Ours: "Single sign-on URL", "Reply URL".' }),
    sloUrl: z.url(),
    metadataUrl: z.url().meta({ description: 'Our metadata, for identity providers that read it.' }),
    loginUrl: z.url().meta({ description: 'Where a sign-in begins.' }),
    idp: z.object({
      entityId: z.string(),
      ssoRedirectUrl: z.string().optional(),
      ssoPostUrl: z.string().optional(),
      validUntil: Time.optional(),
      metadataUrl: z.string().optional(),
    }),
    certificates: z.array(z.object({ sha256: z.string(), notAfter: Time })),
    allowIdpInitiated: z.boolean(),
    attributes: AttributeNames,
    audiences: z.array(z.string()),
    requiredContext: z.string().nullable(),
    sha1Until: Time.nullable(),
    sessionHours: z.int(),
    version: Version,
  })
  .meta({ id: 'Saml', description: 'Sign-in through a connection.' })

function shown({ settings, version }: Saml, publicUrl: string, connectionId: string) {
  const { idp, metadataUrl, requiredContext = null, sha1Until = null, ...rest } = settings
  const sp = serviceProviderOf(publicUrl, connectionId)
  return {
    ...sp,
    metadataUrl: sp.entityId,
    loginUrl: `${publicUrl}/saml/${connectionId}/login`,
    idp: {
      entityId: idp.entityId,
      ssoRedirectUrl: idp.ssoRedirectUrl,
      ssoPostUrl: idp.ssoPostUrl,
      validUntil: idp.validUntil,
      metadataUrl,
    },
    certificates: idp.certificates.map(({ sha256, notAfter }) => ({ sha256, notAfter })),
    ...rest,
    requiredContext,
    sha1Until,
    version,
  }
}

/** What the metadata says, in the admin API's words where it cannot be used. */
function described(xml: string, entityId: string | undefined) {
  try {
    return readIdpMetadata(xml, entityId)
  } catch (error) {
    if (error instanceof SamlError) throw new RequestError('bad_metadata', error.message)
    throw error
  }
}

export const SAML_ROUTES = [
  route({
    method: 'put',
    path: PATH,
    tag: 'Sign-in',
    summary: 'Set up sign-in: the metadata of the identity provider, and settings',
    requires: 'connections.manage',
    body: z.strictObject({
      idpMetadataXml: z.string().max(500_000).optional(),
      idpMetadataUrl: z.url().max(2_048).optional(),
      idpEntityId: text(1_024).optional().meta({ description: 'Which one, where the metadata describes several.' }),
      allowIdpInitiated: z.boolean().optional(),
      attributes: AttributeNames.optional(),
      audiences: z.array(text(1_024)).max(10).optional(),
      requiredContext: text(1_024).nullable().optional(),
      sha1Until: Instant.nullable().optional(),
      sessionHours: z.int().min(1).max(720).optional(),
    }),
    answer: SamlSchema,
    run: async ({ deps, administrator, params, body, publicUrl, fetchText }) => {
      const { idpMetadataXml, idpMetadataUrl, idpEntityId, ...settings } = body
      await getConnection(deps.db, params.accountId, params.connectionId)
      const xml = idpMetadataUrl === undefined ? idpMetadataXml : await fetchText(idpMetadataUrl)
      const idp = xml === undefined ? {} : { idp: described(xml, idpEntityId), metadataUrl: idpMetadataUrl }
      const makeKey = () => createKeyPair('usher', deps.now())
      const saml = await saveSaml(
        deps,
        administrator,
        params.accountId,
        params.connectionId,
        { ...settings, ...idp },
        makeKey,
      )
      return shown(saml, publicUrl, params.connectionId)
    },
  }),
  route({
    method: 'get',
    path: PATH,
    tag: 'Sign-in',
    summary: 'Read how sign-in is set up',
    requires: 'connections.view',
    answer: SamlSchema,
    run: async ({ deps, params, publicUrl }) => {
      await getConnection(deps.db, params.accountId, params.connectionId)
      const saml = await readSaml(deps, deps.db, params.accountId, params.connectionId)
      if (saml === undefined) throw notSetUp()
      return shown(saml, publicUrl, params.connectionId)
    },
  }),
  route({
    method: 'post',
    path: `${PATH}/rotate-key`,
    tag: 'Sign-in',
    summary: 'Give the connection a new key; the one before it stays valid for decryption and in the metadata',
    requires: 'connections.manage',
    answer: SamlSchema,
    run: async ({ deps, administrator, params, publicUrl }) => {
      const key = await createKeyPair('usher', deps.now())
      const saml = await rotateSamlKey(deps, administrator, params.accountId, params.connectionId, key)
      if (saml === undefined) throw notSetUp()
      return shown(saml, publicUrl, params.connectionId)
    },
  }),
]

function notSetUp(): AccountError {
  return new AccountError('saml_not_set_up', 'Sign-in is not set up for this connection.')
}
