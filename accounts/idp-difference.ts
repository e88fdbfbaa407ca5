import { createHash } from 'node:crypto'
import { changesBetween } from './administrator.js'
import type { Change } from './events.js'
import type { IdentityProvider, IdpCertificate } from './saml-settings.js'

/** What changes for sign-in when one description of an identity provider takes the place of another. */
export interface IdpDifference {
  /** Everything but certificates, by attribute. */
  readonly changes: readonly Change[]
  readonly certificates: {
    readonly added: readonly IdpCertificate[]
    readonly removed: readonly IdpCertificate[]
    readonly kept: readonly IdpCertificate[]
  }
  /** Another entityID, or a host to which nobody was sent before: nothing that may happen by itself. */
  readonly needsApproval: boolean
}

const ADDRESSES = ['ssoRedirectUrl', 'ssoPostUrl', 'sloRedirectUrl', 'sloPostUrl'] as const
const ATTRIBUTES = ['entityId', ...ADDRESSES, 'wantsSignedRequests', 'validUntil'] as const

/** `before` is undefined where nothing is set up yet. */
export function idpDifference(before: IdentityProvider | undefined, after: IdentityProvider): IdpDifference {
  const [old, now] = [before?.certificates ?? [], after.certificates]
  const without = (all: readonly IdpCertificate[], others: readonly IdpCertificate[]) =>
    all.filter(({ sha256 }) => !others.some((one) => one.sha256 === sha256))
  const [added, removed] = [without(now, old), without(old, now)]
  return {
    changes: changesBetween(before === undefined ? undefined : flat(before), flat(after)),
    certificates: { added, removed, kept: without(now, added) },
    needsApproval: before !== undefined && needsApproval(before, after),
  }
}

function flat(idp: IdentityProvider): object {
  return Object.fromEntries(ATTRIBUTES.map((name) => [name, idp[name] ?? null]))
}

function needsApproval(before: IdentityProvider, after: IdentityProvider): boolean {
  const known = originsOf(before)
  return after.entityId !== before.entityId || originsOf(after).some((origin) => !known.includes(origin))
}

/** Scheme, host and port: to leave TLS is a change of host as well. */
function originsOf(idp: IdentityProvider): string[] {
  return ADDRESSES.flatMap((name) => (idp[name] === undefined ? [] : [new URL(idp[name]).origin]))
}

/**
 * What of a freshly fetched description counts at once: all of it, unless it needs approval; then its certificates, as
 * long as they are the same identity provider's.
 */
export function acceptedAtOnce(before: IdentityProvider, fetched: IdentityProvider): IdentityProvider {
  if (!needsApproval(before, fetched)) return fetched
  if (fetched.entityId !== before.entityId) return before
  const { certificates, validUntil, wantsSignedRequests } = fetched
  const { validUntil: _, ...rest } = before
  return { ...rest, certificates, wantsSignedRequests, ...(validUntil !== undefined && { validUntil }) }
}

/** Equal for descriptions that send people to the same places in the same name. */
export function fingerprintOf(idp: IdentityProvider): string {
  const trust = [idp.entityId, ...ADDRESSES.map((name) => idp[name] ?? null)]
  return createHash('sha256').update(JSON.stringify(trust)).digest('base64url')
}

/** As the log lists it: certificates by fingerprint and end, `validUntil` not at all, which moves with every look. */
export function loggedChanges({ changes, certificates: { added, removed } }: IdpDifference): Change[] {
  const list = (all: readonly IdpCertificate[]) => all.map(({ sha256, notAfter }) => ({ sha256, notAfter }))
  return [
    ...changes.filter(({ attribute }) => attribute !== 'validUntil'),
    ...(added.length === 0 ? [] : [{ attribute: 'certificates.added', before: null, after: list(added) }]),
    ...(removed.length === 0 ? [] : [{ attribute: 'certificates.removed', before: list(removed), after: null }]),
  ]
}
