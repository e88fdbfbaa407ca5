import type { MatchRequest, UserDetail } from '../../api/schema.js'

export interface Compared {
  readonly field: 'displayName' | 'userName' | 'email' | 'externalId'
  readonly sent: string | null
  readonly stored: string | null
  /** Undefined where there is nothing to compare with. */
  readonly equal: boolean | undefined
}

/** What the directory sends against what is here; in any case, as userName and addresses are compared (RFC 7643 §4.1.1). */
export function compare({ incoming }: MatchRequest, user: UserDetail | undefined): Compared[] {
  const directory = user?.directoryUser
  return [
    row('displayName', incoming.displayName ?? null, user?.displayName ?? null),
    // Whom no directory manages is known by her address.
    row('userName', incoming.userName, directory?.userName ?? user?.email ?? null),
    row('email', incoming.email, user?.email ?? null),
    row('externalId', incoming.externalId ?? null, directory?.externalId ?? null),
  ]
}

function row(field: Compared['field'], sent: string | null, stored: string | null): Compared {
  const equal = sent === null || stored === null ? undefined : sent.toLowerCase() === stored.toLowerCase()
  return { field, sent, stored, equal }
}
