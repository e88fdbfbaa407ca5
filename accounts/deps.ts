import type { Database } from '../db/database.js'
import type { Mail } from './mails.js'
import type { PasswordHasher } from './password-hash.js'
import type { IdentityProvider } from './saml-settings.js'
import type { Sealer } from './sealer.js'

/** What domain functions need from outside. Built once in server/start.ts; tests pass their own clock and ids. */
export interface Deps {
  readonly db: Database
  readonly now: () => Date
  /** Where this server is reached from outside, without a trailing slash. */
  readonly publicUrl: string
  /** A new UUIDv7: unique, and later ones sort behind earlier ones. */
  readonly newId: () => string
  /** Facets of events known to be stored; forgetting one costs a statement, nothing else. */
  readonly knownFacets: Set<string>
  /** Encrypts keys at rest. */
  readonly sealer: Sealer
  readonly passwords: PasswordHasher
  /**
   * Reads the metadata of an identity provider at its address: of several the one with this entityID, else the only one.
   * Throws MetadataError.
   */
  readonly readIdp: (url: string, entityId: string) => Promise<IdentityProvider>
  /** What webhooks are sent through. */
  readonly webhookTargets: {
    /** Why an address is not spoken to; undefined where it may be. */
    readonly refusalOf: (url: string) => string | undefined
    /** For a series of messages to one address. */
    readonly open: (url: string) => WebhookLine
  }
  /** Sends mails; undefined where they are kept for the console. Throws MailRefused where trying again is no use. */
  readonly mailer: { readonly send: (mail: Mail) => Promise<void> } | undefined
  /** Called when a job was queued in this process, so that the worker need not wait for its next look. */
  readonly wakeWorker: () => void
}

/** The way to a webhook for as long as there is something to send. */
export interface WebhookLine {
  /** Resolves to the status of the answer; throws where there is none, with a sentence for administrators. */
  readonly post: (headers: Readonly<Record<string, string>>, body: string) => Promise<number>
  /** Nothing more is sent. */
  readonly close: () => void
}
