import { findAccount } from '../db/accounts.js'
import { findLink as findDirectoryLink } from '../db/directory-users.js'
import { finishJob, insertJob, type JobRow } from '../db/jobs.js'
import { findLink, type LinkRow, newestLink, spendLink } from '../db/one-time-links.js'
import { findLogins, type Login } from '../db/passwords.js'
import { findUser, lockUser, type UserRow } from '../db/users.js'
import { fold } from '../filter/fold.js'
import { NO_ACCOUNT } from './background-work.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import { type HttpFacts, writeEvents } from './events.js'
import { postMail } from './mails.js'
import { ownerOf, storePassword } from './me.js'
import { linkUsed, renewLink } from './one-time-links.js'
import { type OwnRequest, ownEvent } from './own-events.js'
import { checkPassword } from './password-rules.js'
import { personOf } from './password-session.js'
import { hashSecret } from './sessions.js'
import { mayUseWebLogin } from './web-login.js'

export const RESET_JOB = 'password-reset'

const LIFETIME_MS = 30 * 60_000
/** Who asks again at once gets no second mail. */
const PAUSE_MS = 60_000
const MAX_ACCOUNTS = 5

interface ResetTask {
  readonly emailKey: string
  readonly http: HttpFacts
}

/**
 * Somebody asks for a new password for an address. Whether anybody has it is looked at later, in the background: what is
 * answered, and how long it takes, says nothing.
 */
export async function askForReset(deps: Deps, email: string, { id, http }: OwnRequest): Promise<void> {
  const task: ResetTask = { emailKey: fold(email.trim()), http }
  const payload = deps.sealer.seal(JSON.stringify(task), RESET_JOB)
  await deps.db.transaction(async (tx) => {
    const runAt = deps.now().getTime()
    await insertJob(tx, NO_ACCOUNT, { id, kind: RESET_JOB, subject: id, version: 1, payload, runAt })
    tx.afterCommit(() => deps.wakeWorker())
  })
}

/** Mail a link to everybody who has this address and may have a password. */
export async function runReset(deps: Deps, job: JobRow): Promise<void> {
  const { emailKey, http } = JSON.parse(deps.sealer.open(job.payload, RESET_JOB)) as ResetTask
  for (const login of await findLogins(deps.db, emailKey, MAX_ACCOUNTS))
    await sendLink(deps, login, { id: job.id, http })
  await deps.db.transaction((tx) => finishJob(tx, job, 'done', null, null, deps.now().getTime()))
}

async function sendLink(deps: Deps, { account_id, user_id }: Login, request: OwnRequest): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const user = await lockUser(tx, account_id, user_id)
    if (user === undefined || !mayHavePassword(user)) return
    if ((await findDirectoryLink(tx, account_id, user_id)) !== undefined) return
    const newest = await newestLink(tx, account_id, user_id)
    if (newest !== undefined && newest > deps.now().getTime() - PAUSE_MS) return
    const link = { account_id, kind: 'reset', user_id } as const
    const { url, expiresAt: until } = await renewLink(deps, tx, link, LIFETIME_MS)
    const accountName = (await findAccount(tx, account_id))?.name ?? ''
    await postMail(deps, tx, user, { kind: 'reset', text: 'reset', link: url, accountName, until })
    const actor = { type: 'unknown', id: null, label: 'somebody' } as const
    await writeEvents(deps, tx, account_id, [
      ownEvent(request, personOf(user), { action: 'password.reset_asked', actor }),
    ])
  })
}

function mayHavePassword(user: UserRow): boolean {
  return user.status === 'active' && user.suspended_by_end === 0 && mayUseWebLogin(user)
}

/** A reset that can be followed. */
export interface OpenReset {
  readonly link: LinkRow
  readonly user: UserRow
}

/** Refuses: link_unknown, link_used, link_expired. */
export async function getReset(deps: Deps, secret: string): Promise<OpenReset> {
  const link = await findLink(deps.db, hashSecret(secret), 'reset')
  if (link === undefined) throw new AccountError('link_unknown', 'There is no such link.')
  if (link.used_at !== null) throw linkUsed()
  if (link.expires_at <= deps.now().getTime()) throw new AccountError('link_expired', 'This link has expired.')
  const user = await findUser(deps.db, link.account_id, link.user_id)
  if (user === undefined || !mayHavePassword(user)) throw new AccountError('link_unknown', 'This link holds no more.')
  return { link, user }
}

/** Set the new password: all sessions end. Refuses: what `checkPassword` refuses, link_used. */
export async function followReset(
  deps: Deps,
  { link, user: asked }: OpenReset,
  password: string,
  request: OwnRequest,
): Promise<Login> {
  await checkPassword(password, await ownerOf(deps, asked))
  const hash = await deps.passwords.hash(password)
  const { account_id, id: user_id } = asked
  return deps.db.transaction(async (tx) => {
    const user = await lockUser(tx, account_id, user_id)
    if (user === undefined || !(await spendLink(tx, link, deps.now().getTime()))) throw linkUsed()
    const ended = await storePassword(deps, tx, user, hash, null)
    await writeEvents(deps, tx, account_id, [
      ownEvent(request, personOf(user), { action: 'password.changed', effects: [ended] }),
    ])
    return { account_id, user_id, hash }
  })
}
