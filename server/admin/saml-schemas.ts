import { z } from 'zod'
import { type IdpDifference, idpDifference } from '../../accounts/idp-difference.js'
import type { MetadataState } from '../../accounts/pending-idp.js'
import type { IdentityProvider, IdpCertificate, Saml } from '../../accounts/saml-settings.js'
import { subjectOf } from '../../saml/certificate.js'
import { warningsOf } from '../../saml/idp-warnings.js'
import { serviceProviderOf } from '../../saml/sp-metadata.js'
import { Time, text, Version } from './schemas.js'

/** Sign-in of a connection as the admin API shows it. */

export const AttributeNames = z
  .strictObject({
    email: text(256).optional(),
    externalId: text(256).optional(),
    identifier: text(256).optional(),
    groups: text(256).optional(),
    roles: text(256).optional(),
  })
  .meta({ description: 'Names of attributes in the assertion, where they are not well-known ones.' })

const IdpSchema = z
  .object({
    entityId: z.string(),
    ssoRedirectUrl: z.string().optional(),
    ssoPostUrl: z.string().optional(),
    sloRedirectUrl: z.string().optional(),
    sloPostUrl: z.string().optional(),
    wantsSignedRequests: z.boolean(),
    validUntil: Time.optional(),
    metadataUrl: z.string().optional(),
  })
  .meta({ id: 'IdentityProvider' })

const CertificateSchema = z
  .object({ subject: z.string(), sha256: z.string(), notAfter: Time })
  .meta({ id: 'Certificate', description: 'Of an identity provider.' })

const WarningSchema = z
  .object({ code: z.string(), message: z.string() })
  .meta({ id: 'SamlWarning', description: 'What should be looked at and refuses nobody.' })

const DifferenceSchema = z
  .object({
    changes: z.array(z.object({ attribute: z.string(), before: z.unknown(), after: z.unknown() })),
    certificates: z.object({
      added: z.array(CertificateSchema),
      removed: z.array(CertificateSchema),
      kept: z.array(CertificateSchema),
    }),
    needsApproval: z.boolean().meta({ description: 'Would wait for a decision, did the metadata bring it by itself.' }),
  })
  .meta({ id: 'IdpDifference', description: 'Against what is stored.' })

const ProposalSchema = { idp: IdpSchema, certificates: z.array(CertificateSchema), difference: DifferenceSchema }

export const PreviewSchema = z
  .object({ ...ProposalSchema, warnings: z.array(WarningSchema) })
  .meta({ id: 'SamlPreview', description: 'What would be stored. Nothing has been.' })

export const SamlSchema = z
  .object({
    entityId: z.url().meta({ description: 'Ours: "Audience URI", "Identifier (Entity ID)".' }),
    acsUrl: z.url().meta({ description: 'Ours: "Single sign-on URL", "Reply URL".' }),
    sloUrl: z.url(),
    metadataUrl: z.url().meta({ description: 'Our metadata, for identity providers that read it.' }),
    loginUrl: z.url().meta({ description: 'Where a sign-in begins.' }),
    idp: IdpSchema,
    certificates: z.array(CertificateSchema),
    warnings: z.array(WarningSchema),
    refresh: z
      .object({
        triedAt: Time.nullable(),
        succeededAt: Time.nullable(),
        nextAt: Time.nullable(),
        failures: z.int().meta({ description: 'In a row.' }),
        failure: z.string().nullable(),
      })
      .nullable()
      .meta({ description: 'How reading the metadata again goes; null where it has no address.' }),
    pending: z
      .object({ since: Time, ...ProposalSchema })
      .nullable()
      .meta({ description: 'What the metadata has changed and an administrator has to accept or discard.' }),
    allowIdpInitiated: z.boolean(),
    attributes: AttributeNames,
    rolesFromAssertion: z.boolean(),
    audiences: z.array(z.string()),
    requiredContext: z.string().nullable(),
    sha1Until: Time.nullable(),
    sessionHours: z.int(),
    version: Version,
  })
  .meta({ id: 'Saml', description: 'Sign-in through a connection.' })

function certificatesShown(certificates: readonly IdpCertificate[]) {
  return certificates.map(({ pem, sha256, notAfter }) => ({ subject: subjectOf(pem), sha256, notAfter }))
}

function differenceShown({ changes, certificates: { added, removed, kept }, needsApproval }: IdpDifference) {
  const certificates = {
    added: certificatesShown(added),
    removed: certificatesShown(removed),
    kept: certificatesShown(kept),
  }
  return { changes, certificates, needsApproval }
}

/** An identity provider that may come, beside the one that is; `before` is undefined where there is none. */
export function proposalShown(before: IdentityProvider | undefined, { certificates, ...idp }: IdentityProvider) {
  const difference = differenceShown(idpDifference(before, { ...idp, certificates }))
  return { idp, certificates: certificatesShown(certificates), difference }
}

/** What an identity provider is told of us, and where a sign-in begins. */
export function serviceProviderShown(publicUrl: string, connectionId: string) {
  const sp = serviceProviderOf(publicUrl, connectionId)
  return { ...sp, metadataUrl: sp.entityId, loginUrl: `${publicUrl}/saml/${connectionId}/login` }
}

export function samlShown(
  { settings, version }: Saml,
  { pending, ...refresh }: MetadataState,
  { publicUrl, connectionId, now }: { readonly publicUrl: string; readonly connectionId: string; readonly now: Date },
) {
  const { idp: provider, metadataUrl, requiredContext = null, sha1Until = null, ...rest } = settings
  const { certificates, ...idp } = provider
  return {
    ...serviceProviderShown(publicUrl, connectionId),
    idp: { ...idp, metadataUrl },
    certificates: certificatesShown(certificates),
    warnings: warningsOf(provider, metadataUrl, now),
    refresh: metadataUrl === undefined ? null : refresh,
    pending: pending === null ? null : { since: pending.since, ...proposalShown(provider, pending.idp) },
    ...rest,
    requiredContext,
    sha1Until,
    version,
  }
}
