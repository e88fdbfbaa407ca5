import type { ConnectionMode, IdpKind } from './connection.js'

/** How a connection is, worst first (PRODUCT 3.4); a draft and a disabled one are neither well nor ill. */
export const HEALTH_STATES = ['stopped', 'failing', 'attention', 'quiet', 'healthy', 'draft', 'disabled'] as const
export type HealthState = (typeof HEALTH_STATES)[number]

/** Every reason, worst first, with the state that it means. */
export const HEALTH_REASONS = {
  token_expired: 'stopped',
  token_refused: 'stopped',
  no_token: 'stopped',
  requests_failing: 'failing',
  person_failing: 'failing',
  certificate_expired: 'attention',
  token_expiring: 'attention',
  certificate_expiring: 'attention',
  metadata_failing: 'attention',
  saml_change_pending: 'attention',
  seats_waiting: 'attention',
  match_requests_open: 'attention',
  warnings: 'attention',
  never_used: 'quiet',
  quiet: 'quiet',
} as const satisfies Record<string, HealthState>

export type HealthReasonCode = keyof typeof HEALTH_REASONS

export interface HealthReason {
  readonly code: HealthReasonCode
  readonly params: Readonly<Record<string, string | number | boolean | null>>
}

/** What is known of a connection; instants in milliseconds. */
export interface HealthFacts {
  readonly mode: ConnectionMode
  readonly idpKind: IdpKind
  readonly now: number
  readonly lastRequestAt: number | undefined
  readonly lastSuccessAt: number | undefined
  /** Requests with a valid token in the last fifteen minutes. */
  readonly recent: {
    readonly requests: number
    readonly failures: number
    readonly code: string | null
    readonly codeCount: number
  }
  /** People of whom requests failed again and again in the last day, and none went well since. */
  readonly failingPeople: readonly {
    readonly userName: string | null
    readonly failures: number
    readonly code: string
  }[]
  /** The token that the directory uses, or the one that lasts longest; undefined where there is none. */
  readonly token: { readonly last4: string; readonly expiresAt: number } | undefined
  /** A secret or an outside issuer lets it in as well. */
  readonly hasClient: boolean
  /** The newest request without a valid token. */
  readonly refusal: { readonly at: number; readonly code: string; readonly last4: string | null } | undefined
  readonly certificate: { readonly sha256: string; readonly notAfter: number } | undefined
  /** Tries in a row in which the metadata could not be read. */
  readonly metadataFailures: number
  readonly samlChangePending: boolean
  readonly waiting: readonly { readonly product: string; readonly name: string; readonly waiting: number }[]
  readonly openMatchRequests: number
  /** Events with a warning in the last day; `more` where they were not all counted. */
  readonly warnings: { readonly count: number; readonly code: string | null; readonly more: boolean }
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const SOON_DAYS = 60
/** Fewer requests than this in fifteen minutes tell nothing. */
const MIN_REQUESTS = 20
const MAX_FAILED_SHARE = 0.2
const METADATA_FAILURES_TO_TELL = 3
/** How long a directory may say nothing: Entra sends nothing while nothing changes. */
const QUIET_MS = { okta: DAY_MS, generic: DAY_MS, entra: 7 * DAY_MS } as const

/** The state of a connection and its reasons, worst first. */
export function healthOf(facts: HealthFacts): { readonly state: HealthState; readonly reasons: HealthReason[] } {
  if (facts.mode === 'draft' || facts.mode === 'disabled') return { state: facts.mode, reasons: [] }
  const reasons = [...stopped(facts), ...failing(facts), ...endings(facts), ...attention(facts), ...quiet(facts)]
  const order = Object.keys(HEALTH_REASONS)
  reasons.sort((a, b) => order.indexOf(a.code) - order.indexOf(b.code))
  const worst = reasons[0]
  return { state: worst === undefined ? 'healthy' : HEALTH_REASONS[worst.code], reasons }
}

function stopped({ token, hasClient, refusal, lastSuccessAt, now }: HealthFacts): HealthReason[] {
  const { last4 = '', expiresAt = now } = token ?? {}
  if (token !== undefined && expiresAt <= now && !hasClient)
    return [{ code: 'token_expired', params: { last4, expiresAt: isoOf(expiresAt) } }]
  if (token === undefined && !hasClient) return [{ code: 'no_token', params: {} }]
  if (refusal === undefined || refusal.at <= (lastSuccessAt ?? 0)) return []
  const { code, at } = refusal
  return [
    { code: 'token_refused', params: { code, at: isoOf(at), received: refusal.last4, current: token?.last4 ?? null } },
  ]
}

function failing({ recent, failingPeople }: HealthFacts): HealthReason[] {
  const { requests, failures, code, codeCount } = recent
  const share = failures / Math.max(1, requests)
  const tooMany = requests >= MIN_REQUESTS && share >= MAX_FAILED_SHARE
  const percent = Math.round(share * 100)
  return [
    ...(tooMany
      ? [{ code: 'requests_failing', params: { percent, requests, failures, minutes: 15, code, codeCount } } as const]
      : []),
    ...failingPeople.map((params) => ({ code: 'person_failing', params }) as const),
  ]
}

/** What has ended or ends soon. Sign-in goes on with a certificate that has ended, so that one is no standstill. */
function endings({ token, certificate, now }: HealthFacts): HealthReason[] {
  const reasons: HealthReason[] = []
  if (token !== undefined && token.expiresAt > now && daysUntil(token.expiresAt, now) <= SOON_DAYS) {
    const { last4, expiresAt } = token
    reasons.push({
      code: 'token_expiring',
      params: { last4, expiresAt: isoOf(expiresAt), daysLeft: daysUntil(expiresAt, now) },
    })
  }
  if (certificate === undefined || daysUntil(certificate.notAfter, now) > SOON_DAYS) return reasons
  const { sha256, notAfter } = certificate
  const params = { sha256, notAfter: isoOf(notAfter), daysLeft: daysUntil(notAfter, now) }
  reasons.push({ code: notAfter <= now ? 'certificate_expired' : 'certificate_expiring', params })
  return reasons
}

function attention(facts: HealthFacts): HealthReason[] {
  const { metadataFailures, samlChangePending, waiting, openMatchRequests, warnings } = facts
  return [
    ...(metadataFailures >= METADATA_FAILURES_TO_TELL
      ? [{ code: 'metadata_failing', params: { failures: metadataFailures } } as const]
      : []),
    ...(samlChangePending ? [{ code: 'saml_change_pending', params: {} } as const] : []),
    ...waiting.map((params) => ({ code: 'seats_waiting', params }) as const),
    ...(openMatchRequests > 0 ? [{ code: 'match_requests_open', params: { count: openMatchRequests } } as const] : []),
    ...(warnings.count > 0 ? [{ code: 'warnings', params: { ...warnings } } as const] : []),
  ]
}

function quiet({ idpKind, lastRequestAt, now }: HealthFacts): HealthReason[] {
  if (lastRequestAt === undefined) return [{ code: 'never_used', params: {} }]
  const silence = now - lastRequestAt
  if (silence < QUIET_MS[idpKind]) return []
  const hours = Math.floor(silence / (60 * MINUTE_MS))
  return [{ code: 'quiet', params: { lastRequestAt: isoOf(lastRequestAt), hours } }]
}

/** Whole days until an instant, rounded down; negative behind it. */
export function daysUntil(at: number, now: number): number {
  return Math.floor((at - now) / DAY_MS)
}

function isoOf(instant: number): string {
  return new Date(instant).toISOString()
}
