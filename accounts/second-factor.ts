import { randomInt } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import type { Queries, Tx } from '../db/database.js'
import {
  acceptStep,
  addFailure,
  blockUntil,
  findSecondFactor,
  replaceRecoveryCodes,
  saveSecondFactor,
  spendRecoveryCode,
} from '../db/second-factors.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'

const SECRET_BYTES = 20
const PERIOD_SECONDS = 30
/** A clock may be one step off, either way (RFC 6238 §5.2). */
const WINDOW = 1

/** An authenticator that is not confirmed yet. */
export interface NewFactor {
  /** Base32, to be typed where nothing can be scanned. */
  readonly secret: string
  /** `otpauth://totp/…`, to be scanned. */
  readonly uri: string
}

/** A new secret, for whoever is called so at this account. */
export function newFactor(label: string, accountName: string): NewFactor {
  return describeFactor(new Secret({ size: SECRET_BYTES }).base32, label, accountName)
}

export function describeFactor(secret: string, label: string, accountName: string): NewFactor {
  return { secret, uri: totpOf(secret, label, `Usher ${accountName}`).toString() }
}

function totpOf(secret: string, label = '', issuer = ''): TOTP {
  return new TOTP({
    issuer,
    label,
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD_SECONDS,
    secret: Secret.fromBase32(secret),
  })
}

/** The step of time whose code this is, of the present one and its neighbours; undefined where it is none of theirs. */
export function stepOfCode(secret: string, code: string, now: Date): number | undefined {
  const token = code.replaceAll(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return undefined
  const delta = totpOf(secret).validate({ token, timestamp: now.getTime(), window: WINDOW })
  return delta === null ? undefined : Math.floor(now.getTime() / 1_000 / PERIOD_SECONDS) + delta
}

/** The secret opens for its own person alone. */
function aboutFactor(accountId: string, userId: string): string {
  return `second factor ${accountId} ${userId}`
}

/**
 * Switch a second factor on that `code` confirms, in place of any before. Resolves to its recovery codes, which are shown
 * this once. Refuses: code_wrong.
 */
export async function enableFactor(
  deps: Deps,
  tx: Tx,
  who: { readonly accountId: string; readonly userId: string },
  secret: string,
  code: string,
): Promise<string[]> {
  const { accountId, userId } = who
  const now = deps.now()
  const step = stepOfCode(secret, code, now)
  if (step === undefined) throw codeWrong()
  await saveSecondFactor(tx, {
    account_id: accountId,
    user_id: userId,
    sealed_secret: deps.sealer.seal(secret, aboutFactor(accountId, userId)),
    last_step: step,
    created_at: now.getTime(),
  })
  return newRecoveryCodes(deps, tx, who)
}

export function codeWrong(): AccountError {
  return new AccountError('code_wrong', 'This code is not right. It changes every 30 seconds.')
}

const CODES = 10
const CODE_CHARACTERS = 10
/** Without what looks alike. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'

/** Ten new recovery codes in place of all before. */
export async function newRecoveryCodes(
  deps: Deps,
  tx: Tx,
  { accountId, userId }: { readonly accountId: string; readonly userId: string },
): Promise<string[]> {
  const codes = Array.from({ length: CODES }, newCode)
  const hashes = codes.map((code) => hashOfCode(deps, accountId, userId, code))
  await replaceRecoveryCodes(tx, accountId, userId, hashes, deps.now().getTime())
  return codes
}

function newCode(): string {
  const all = Array.from({ length: CODE_CHARACTERS }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  return `${all.slice(0, CODE_CHARACTERS / 2)}-${all.slice(CODE_CHARACTERS / 2)}`
}

/** Signed, not merely hashed: a code is short enough to be found by trying, if the database alone were known. */
function hashOfCode({ sealer }: Deps, accountId: string, userId: string, code: string): string {
  const plain = code.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  return sealer.sign(plain, `recovery code ${accountId} ${userId}`)
}

/** After so many wrong codes in a row there is a pause, which grows up to a quarter of an hour. */
const FREE_FAILURES = 10
const PAUSE_MS = 60_000
const MAX_PAUSE_MS = 900_000

export type CodeKind = 'totp' | 'recovery'

/**
 * Does a code prove her second factor? Resolves to which kind it was, or to why it does not; what is to be remembered of it
 * is written. A pause holds for codes of the authenticator, and not where she is known: nobody else can lock her out there.
 */
export async function takeCode(
  deps: Deps,
  tx: Tx,
  who: { readonly accountId: string; readonly userId: string; readonly isKnownDevice: boolean },
  code: string,
): Promise<CodeKind | 'code_wrong' | 'code_used' | 'code_paused'> {
  const { accountId, userId, isKnownDevice } = who
  const now = deps.now()
  const factor = await findSecondFactor(tx, accountId, userId)
  if (factor === undefined) return 'code_wrong'
  if (!/^[\d\s]*$/.test(code)) {
    const hash = hashOfCode(deps, accountId, userId, code)
    if (await spendRecoveryCode(tx, accountId, userId, hash, now.getTime())) return 'recovery'
  } else if (!isKnownDevice && factor.blocked_until > now.getTime()) return 'code_paused'
  const secret = deps.sealer.open(factor.sealed_secret, aboutFactor(accountId, userId))
  const step = stepOfCode(secret, code, now)
  if (step !== undefined) return (await acceptStep(tx, accountId, userId, step)) ? 'totp' : 'code_used'
  const failures = await addFailure(tx, accountId, userId)
  const pause = Math.min(MAX_PAUSE_MS, PAUSE_MS * Math.max(0, failures - FREE_FAILURES))
  if (pause > 0) await blockUntil(tx, accountId, userId, now.getTime() + pause)
  return 'code_wrong'
}

export async function hasSecondFactor(q: Queries, accountId: string, userId: string): Promise<boolean> {
  return (await findSecondFactor(q, accountId, userId)) !== undefined
}
