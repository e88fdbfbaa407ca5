import type { Queries, Tx } from '../db/database.js'
import { finishJob, insertJob, type JobRow } from '../db/jobs.js'
import { findMail, insertMail, type MailRow, markFailed, markSent, pageOfMails } from '../db/mails.js'
import { findUser, type UserRow } from '../db/users.js'
import type { Administrator } from './administrator.js'
import { SYSTEM } from './background-work.js'
import type { Deps } from './deps.js'
import { writeEvents } from './events.js'
import { subjectOf } from './local-users.js'
import { mailText } from './mail-texts.js'
import { type Page, pageFrom } from './page.js'
import { loadCatalog } from './policy.js'
import { countsAsSuperAdmin, MEMBER } from './roles.js'

export const MAIL_JOB = 'mail'

/** A mail as it leaves. */
export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** The server of the mails refuses for good: to try again is no use. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused'
}

export interface NewMail {
  readonly kind: MailRow['kind']
  readonly text: Parameters<typeof mailText>[1]
  readonly link: string
  readonly accountName: string
  /** Who invites. */
  readonly by?: string
  readonly until?: Date
}

/** Whether what is written is sent, or kept for who reads it in the console. */
export type Posted = 'sent' | 'kept'

/** Write a mail to a person who has an address; it leaves after the commit, where the server sends mails. */
export async function postMail(deps: Deps, tx: Tx, user: UserRow, mail: NewMail): Promise<Posted> {
  const { account_id, id: user_id } = user
  const { accountName: account, kind, link, by, until } = mail
  const words = {
    account,
    name: user.display_name,
    ...(by !== undefined && { by }),
    ...(until !== undefined && { until }),
  }
  const id = deps.newId()
  const now = deps.now().getTime()
  await insertMail(tx, {
    ...{ account_id, id, kind, user_id, recipient: user.email ?? '', created_at: now },
    ...mailText(user.language, mail.text, words),
    sealed_link: deps.sealer.seal(link, about(account_id, id)),
    state: deps.mailer === undefined ? 'kept' : 'queued',
  })
  if (deps.mailer === undefined) return 'kept'
  await insertJob(tx, account_id, { id, kind: MAIL_JOB, subject: id, version: 1, payload: '{}', runAt: now })
  tx.afterCommit(() => deps.wakeWorker())
  return 'sent'
}

function about(accountId: string, id: string): string {
  return `mail ${accountId} ${id}`
}

function withLink(deps: Deps, row: MailRow, link: string | undefined): string {
  const opened = row.sealed_link === null ? undefined : deps.sealer.open(row.sealed_link, about(row.account_id, row.id))
  return row.body.replace('{link}', link ?? opened ?? '…')
}

const MAX_ATTEMPTS = 8

/** Send one mail. What fails is tried again in growing pauses, for about ten minutes. */
export async function runMail(deps: Deps, job: JobRow): Promise<void> {
  const row = await findMail(deps.db, job.account_id, job.subject)
  const end = (tx: Tx) => finishJob(tx, job, 'done', null, null, deps.now().getTime())
  if (row === undefined || row.state !== 'queued' || deps.mailer === undefined) return deps.db.transaction(end)
  try {
    await deps.mailer.send({ to: row.recipient, subject: row.subject, text: withLink(deps, row, undefined) })
  } catch (error) {
    if (!(error instanceof MailRefused) && job.attempts < MAX_ATTEMPTS) throw error
    return giveUp(deps, job, row, error instanceof Error ? error.message : String(error))
  }
  await deps.db.transaction(async (tx) => {
    await markSent(tx, row, deps.now().getTime())
    await end(tx)
  })
}

async function giveUp(deps: Deps, job: JobRow, row: MailRow, failure: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    await markFailed(tx, row, failure)
    await finishJob(tx, job, 'failed', null, failure, deps.now().getTime())
    const user = await findUser(tx, row.account_id, row.user_id)
    if (user === undefined) return
    const told = {
      id: deps.newId(),
      source: 'system',
      action: 'mail.failed',
      outcome: 'failure',
      actor: SYSTEM,
    } as const
    const message = `The mail was not sent: ${failure}`
    await writeEvents(deps, tx, row.account_id, [{ ...told, message, subject: subjectOf(user), userId: user.id }])
  })
}

/** A mail as administrators see it. */
export interface WrittenMail {
  readonly id: string
  readonly userId: string
  readonly to: string
  readonly kind: MailRow['kind']
  readonly subject: string
  /** Its link only for who may use it: see `mayReadLink`. */
  readonly text: string
  readonly state: MailRow['state']
  readonly failure: string | null
  readonly createdAt: Date
  readonly sentAt: Date | null
}

/** What was written to people of an account, the newest first. */
export async function listMails(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  { cursor, limit }: { readonly cursor: string; readonly limit: number },
): Promise<Page<WrittenMail>> {
  const rows = await pageOfMails(deps.db, accountId, cursor, limit + 1)
  const shown = new Map<string, boolean>()
  for (const row of rows) shown.set(row.id, await mayReadLink(deps.db, actor, row))
  return pageFrom(
    rows,
    limit,
    (row) => row.id,
    (row) => mailFromRow(deps, row, shown.get(row.id) === true),
  )
}

/**
 * Whoever has a link can set the password of its person. That of an invitation may be handed over by who may invite her; a
 * link to a new password is for the person, and the operator, alone.
 */
async function mayReadLink(q: Queries, { role }: Administrator, row: MailRow): Promise<boolean> {
  if (row.state !== 'kept') return false
  if (role === 'operator') return true
  if (row.kind !== 'invitation') return false
  if (countsAsSuperAdmin(role)) return true
  const user = await findUser(q, row.account_id, row.user_id)
  const catalog = await loadCatalog(q, row.account_id)
  return user !== undefined && catalog.roleById.get(user.role_id)?.key === MEMBER
}

function mailFromRow(deps: Deps, row: MailRow, isShown: boolean): WrittenMail {
  return {
    id: row.id,
    userId: row.user_id,
    to: row.recipient,
    kind: row.kind,
    subject: row.subject,
    text: withLink(deps, row, isShown ? undefined : '…'),
    state: row.state,
    failure: row.failure,
    createdAt: new Date(row.created_at),
    sentAt: row.sent_at === null ? null : new Date(row.sent_at),
  }
}
