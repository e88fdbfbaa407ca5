import type { IdentityProvider } from '../accounts/saml-settings.js'

/** What an administrator should know of an identity provider, and what refuses nobody. */
export interface IdpWarning {
  readonly code:
    | 'certificate_expired'
    | 'no_valid_certificate'
    | 'metadata_expired'
    | 'entra_without_appid'
    | 'plain_http'
  readonly message: string
}

/** Hosts of Microsoft Entra ID, in its public and its national clouds. */
const ENTRA = /^(login\.microsoftonline\.(com|us)|login\.partner\.microsoftonline\.cn|sts\.windows\.net)$/
const ENTRA_FILE = /\/federationmetadata\/2007-06\/federationmetadata\.xml$/i

/** Warnings of a description at an instant; `metadataUrl` is where it came from. */
export function warningsOf(
  { certificates, validUntil, ssoRedirectUrl, ssoPostUrl }: IdentityProvider,
  metadataUrl: string | undefined,
  now: Date,
): IdpWarning[] {
  const ended = certificates.filter(({ notAfter }) => Date.parse(notAfter) <= now.getTime())
  const warnings: IdpWarning[] = ended.map(({ sha256, notAfter }) => ({
    code: 'certificate_expired',
    message: `The certificate ${sha256.slice(0, 16)}… expired on ${day(notAfter)}. It is still used.`,
  }))
  if (ended.length === certificates.length)
    warnings.push({
      code: 'no_valid_certificate',
      message: 'Every certificate has expired. Renew at the identity provider.',
    })
  if (validUntil !== undefined && Date.parse(validUntil) <= now.getTime())
    warnings.push({
      code: 'metadata_expired',
      message: `The metadata was valid until ${day(validUntil)}. Fetch it anew.`,
    })
  if (metadataUrl !== undefined && isTenantWide(metadataUrl))
    warnings.push({
      code: 'entra_without_appid',
      message:
        'This address has the keys of the whole tenant. Take the "App Federation Metadata Url", which ends in appid=….',
    })
  if ([ssoRedirectUrl, ssoPostUrl].some((url) => url?.startsWith('http:')))
    warnings.push({ code: 'plain_http', message: 'People are sent to the identity provider without TLS.' })
  return warnings
}

/** Entra's file without `appid` lists the keys of the tenant, which are not those of the application (docs/idp/entra.md). */
function isTenantWide(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { hostname, pathname, searchParams } = new URL(url)
  return ENTRA.test(hostname) && ENTRA_FILE.test(pathname) && !searchParams.get('appid')
}

const day = (instant: string): string => instant.slice(0, 10)
