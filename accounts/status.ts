/** The stored states of a user (PRODUCT 2.3). */
export type UserStatus = 'invited' | 'active' | 'suspended' | 'deleted'
export type StatusReason = 'directory' | 'admin' | 'transfer_declined' | 'transferred_out'

/** What is known about a user, each fact on its own: whoever changes one cannot undo another (DESIGN 4, Status). */
export interface UserFacts {
  /** She followed an invitation or signed in through SAML; stays true for good. */
  readonly accepted: boolean
  readonly suspendedByAdmin: boolean
  readonly transferDeclined: boolean
  readonly transferredOut: boolean
  readonly deleted: boolean
  /** What the directory last said, or null where no live link exists. */
  readonly desiredActive: boolean | null
  /** Her connection was disabled with `onDisable: suspend`. */
  readonly suspendedByDirectoryEnd?: boolean
}

export interface DerivedStatus {
  readonly status: UserStatus
  /** Set exactly when the status is `suspended`. */
  readonly reason: StatusReason | null
}

/**
 * The one place where facts become a status. Several reasons to be suspended may hold at once: the one shown is the one
 * that takes most to lift, an administrator's first and the directory's last.
 */
export function statusOf(facts: UserFacts): DerivedStatus {
  if (facts.deleted) return { status: 'deleted', reason: null }
  const reason = suspensionOf(facts)
  if (reason) return { status: 'suspended', reason }
  return { status: facts.accepted ? 'active' : 'invited', reason: null }
}

function suspensionOf(facts: UserFacts): StatusReason | null {
  if (facts.suspendedByAdmin) return 'admin'
  if (facts.transferredOut) return 'transferred_out'
  if (facts.transferDeclined) return 'transfer_declined'
  if (facts.desiredActive === false || facts.suspendedByDirectoryEnd) return 'directory'
  return null
}

/** Facts beside the status that an administrator should notice; computed, never sent through SCIM (PRODUCT 2.3). */
export const USER_FLAGS = ['inactive', 'no_products', 'waiting_for_seat', 'no_sign_in', 'override', 'held'] as const
export type UserFlag = (typeof USER_FLAGS)[number]

/** `pending`: an invited user of a pool under assign_on_accept (DESIGN 4, Grants and licenses). */
export type LicenseState = 'pending' | 'reserved' | 'assigned' | 'waiting' | 'released'

export interface FlagFacts {
  readonly status: UserStatus
  /** State of each of her licenses. */
  readonly licenses: readonly LicenseState[]
  readonly email: string | null
  readonly webLoginAllowed: boolean
  /** From `effectiveAccess`. */
  readonly override: boolean
  /** A guard holds a change of hers. */
  readonly held: boolean
  /** Milliseconds since the epoch; null if she never signed in, and then the days count from `createdAt`. */
  readonly lastSignInAt: number | null
  readonly createdAt: number
  /** The account's setting: 30, 60 or 90. */
  readonly inactivityDays: number
  readonly now: number
}

const DAY_MS = 86_400_000

const RAISED: Record<UserFlag, (facts: FlagFacts) => boolean> = {
  inactive: ({ status, lastSignInAt, createdAt, inactivityDays, now }) =>
    status === 'active' && now - (lastSignInAt ?? createdAt) >= inactivityDays * DAY_MS,
  // A license that only waits for acceptance is as good as assigned; one that waits for a seat is not.
  no_products: ({ licenses }) => !licenses.some((s) => s === 'assigned' || s === 'reserved' || s === 'pending'),
  waiting_for_seat: ({ licenses }) => licenses.includes('waiting'),
  no_sign_in: ({ email, webLoginAllowed }) => email === null || !webLoginAllowed,
  override: ({ override }) => override,
  held: ({ held }) => held,
}

/** The flags of a user, in the order of the table in PRODUCT 2.3. */
export function flagsOf(facts: FlagFacts): UserFlag[] {
  return USER_FLAGS.filter((flag) => RAISED[flag](facts))
}
