import type { Deps } from '../accounts/deps.js'
import { MetadataError } from '../accounts/metadata-error.js'
import { SamlError } from '../saml/errors.js'
import { readIdpMetadata } from '../saml/idp-metadata.js'
import type { FetchText } from './fetch-outside.js'
import { RequestError } from './problem.js'

/** Fetches metadata and reads it, for background work and sign-ins. What it cannot use is a MetadataError. */
export function idpReader(fetchText: FetchText): Deps['readIdp'] {
  return async (url, entityId) => {
    try {
      return readIdpMetadata(await fetchText(url), { entityId, orTheOnly: true })
    } catch (cause) {
      if (cause instanceof RequestError) throw new MetadataError('fetch_failed', cause.message, { cause })
      if (cause instanceof SamlError) throw new MetadataError('bad_metadata', cause.message, { cause })
      throw cause
    }
  }
}
