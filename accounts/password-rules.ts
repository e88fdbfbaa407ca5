import { fold } from '../filter/fold.js'
import { AccountError } from './errors.js'
import { normalPassword } from './password-hash.js'

/** Length over rules (NIST SP 800-63B §3.1.1): any characters, this many. */
export const MIN_PASSWORD = 12
export const MAX_PASSWORD = 256

/** What is known of whose password it is: none of it is one. */
export interface PasswordOwner {
  readonly email: string
  readonly accountName: string
  readonly displayName: string
}

/**
 * Refuses: password_too_short, password_too_long, password_personal (an address or a name), password_breached (on the
 * list of those that everybody uses, with figures around it or repeated as well).
 */
export async function checkPassword(text: string, owner: PasswordOwner): Promise<void> {
  const password = normalPassword(text)
  const length = [...password].length
  if (length < MIN_PASSWORD)
    throw new AccountError('password_too_short', `A password has at least ${MIN_PASSWORD} characters.`)
  if (length > MAX_PASSWORD)
    throw new AccountError('password_too_long', `A password has at most ${MAX_PASSWORD} characters.`)
  const readings = readingsOf(password)
  const own = wordsOf(owner)
  if (readings.some((reading) => own.has(reading)))
    throw new AccountError('password_personal', 'An address or a name is no password.')
  const known = await commonPasswords()
  if (readings.some((reading) => reading.length <= 2 || known.has(reading)))
    throw new AccountError('password_breached', 'This password is among those that are tried first.')
}

/** What a password comes down to: itself, without what surrounds its letters, and what it repeats. */
function readingsOf(password: string): string[] {
  const whole = fold(password)
  const core = whole.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  return [...new Set([whole, core, unitOf(whole), unitOf(core)])].filter((reading) => reading !== '')
}

/** `abc` of `abcabcabc`; a text that repeats nothing is its own unit. */
function unitOf(text: string): string {
  const at = `${text}${text}`.indexOf(text, 1)
  return at > 0 && at < text.length ? text.slice(0, at) : text
}

function wordsOf({ email, accountName, displayName }: PasswordOwner): Set<string> {
  const [local = '', domain = ''] = email.split('@')
  const words = [email, local, domain, domain.split('.')[0] ?? '', accountName, displayName]
  const whole = words.flatMap((word) => [
    word,
    word.replaceAll(/[^\p{L}\p{N}]/gu, ''),
    ...word.split(/[^\p{L}\p{N}]+/u),
  ])
  return new Set(whole.map(fold).filter((word) => word.length > 2))
}

let common: Promise<ReadonlySet<string>> | undefined

/** Read when the first password is set: fifty thousand words are no part of every start. */
function commonPasswords(): Promise<ReadonlySet<string>> {
  common ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common'].map(fold)),
  )
  return common
}
