import { X509Certificate } from 'node:crypto'
import { continueJob, type JobRow } from '../db/jobs.js'
import {
  accountsWithSaml,
  certificatesOf,
  deleteNotice,
  insertNotice,
  type NoticeRow,
  noticesOf,
  type SamlConnectionRow,
  samlConnectionsOf,
} from '../db/saml-notices.js'
import type { Deps } from './deps.js'
import { type EventDraft, writeEvents } from './events.js'
import { daysReached } from './expiry-notices.js'
import { systemEvent } from './saml-refresh.js'
import type { SamlSettings } from './saml-settings.js'

export const EXPIRY_WATCH_JOB = 'saml-expiry'

const DAY_MS = 86_400_000

/** Something that ends: a certificate by its fingerprint, or the metadata. */
interface End {
  readonly of: 'idp' | 'sp' | 'metadata'
  readonly subject: string
  readonly at: number
}

/** Announce what ends soon, each end once for each of the days, and come back tomorrow. What has ended goes on working. */
export async function runExpiryWatch(deps: Deps, job: JobRow): Promise<void> {
  for (const accountId of await accountsWithSaml(deps.db)) await watchAccount(deps, accountId)
  await deps.db.transaction((tx) => continueJob(tx, job, '{}', '{}', deps.now().getTime() + DAY_MS))
}

async function watchAccount(deps: Deps, accountId: string): Promise<void> {
  const connections = await samlConnectionsOf(deps.db, accountId)
  const keys = await certificatesOf(deps.db, accountId)
  const told = await noticesOf(deps.db, accountId)
  for (const connection of connections.filter(({ mode }) => mode !== 'disabled')) {
    const here = <Row extends { connection_id: string }>(rows: readonly Row[]) =>
      rows.filter((row) => row.connection_id === connection.connection_id)
    const ours = here(keys).map(({ certificate }) => certificate)
    await announce(deps, accountId, connection, endsOf(connection, ours), here(told))
  }
}

function endsOf({ settings }: SamlConnectionRow, ours: readonly string[]): End[] {
  const { idp } = JSON.parse(settings) as SamlSettings
  return [
    ...idp.certificates.map(
      ({ sha256, notAfter }) => ({ of: 'idp', subject: sha256, at: Date.parse(notAfter) }) as const,
    ),
    ...ours.map((pem) => {
      const { fingerprint256, validTo } = new X509Certificate(pem)
      const subject = fingerprint256.replaceAll(':', '').toLowerCase()
      return { of: 'sp', subject, at: Date.parse(validTo) } as const
    }),
    // Not by its date: what is issued anew every day would be announced every day.
    ...(idp.validUntil === undefined
      ? []
      : [{ of: 'metadata', subject: 'metadata', at: Date.parse(idp.validUntil) } as const]),
  ]
}

async function announce(
  deps: Deps,
  accountId: string,
  connection: SamlConnectionRow,
  ends: readonly End[],
  told: readonly NoticeRow[],
): Promise<void> {
  const now = deps.now().getTime()
  const reached = ends.flatMap((end) => {
    const days = daysReached(end.at, now)
    return days === undefined ? [] : [{ end, days }]
  })
  const fresh = reached.filter(({ end, days }) => !told.some((one) => one.subject === end.subject && one.days === days))
  // Gone, or put off again: then the same days count anew.
  const stale = told.filter((one) => !reached.some(({ end, days }) => end.subject === one.subject && days <= one.days))
  if (fresh.length === 0 && stale.length === 0) return
  await deps.db.transaction(async (tx) => {
    for (const notice of stale) await deleteNotice(tx, notice)
    const events: EventDraft[] = []
    for (const { end, days } of fresh) {
      const scope = { account_id: accountId, connection_id: connection.connection_id }
      const isNew = await insertNotice(tx, { ...scope, subject: end.subject, days, created_at: now })
      if (isNew) events.push(eventOf(deps, connection, end, days))
    }
    await writeEvents(deps, tx, accountId, events)
  })
}

const WHOSE = {
  idp: 'A certificate of the identity provider',
  sp: 'A certificate of this connection',
  metadata: 'The metadata of the identity provider',
} as const

function eventOf(deps: Deps, { connection_id: id, name }: SamlConnectionRow, end: End, days: number): EventDraft {
  const at = new Date(end.at).toISOString()
  const message = `${WHOSE[end.of]} ${days === 0 ? 'expired' : 'expires'} on ${at.slice(0, 10)}.`
  const action = end.of === 'metadata' ? 'saml.metadata_expiring' : 'saml.certificate_expiring'
  const sha256 = end.of === 'metadata' ? {} : { sha256: end.subject }
  const effects = [{ kind: 'expiry', of: end.of, ...sha256, at, days }] as const
  const code = days === 0 ? 'expired' : 'expiring'
  return systemEvent(deps, { id, name }, action, { outcome: 'warning', code, message, effects })
}
