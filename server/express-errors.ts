import { AccountError } from '../accounts/errors.js'
import { RequestError } from './problem.js'

/** What Express and its body parser refuse, in our words. */
export function fromExpress(error: unknown): unknown {
  if (error instanceof AccountError || error instanceof RequestError) return error
  const { type, status } = error as { type?: unknown; status?: unknown }
  if (type === 'entity.too.large') return new RequestError('too_large', 'The request is larger than 1 MB.')
  if (type === 'entity.verify.failed') return new RequestError('malformed_json', 'The body is not UTF-8.')
  if (type === 'entity.parse.failed') return new RequestError('malformed_json', 'The body is not JSON.')
  if (status === 415) return new RequestError('unsupported_media_type', 'The encoding of the body is not supported.')
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new RequestError('invalid_request', 'The request could not be read.')
  return error
}
