/** The metadata of an identity provider was not there, or said nothing that can be used. */
export class MetadataError extends Error {
  override readonly name = 'MetadataError'
  readonly code: 'fetch_failed' | 'bad_metadata'

  constructor(code: 'fetch_failed' | 'bad_metadata', message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
