import type { Queries, Tx } from '../db/database.js'
import { addStepAttempt, findStep, insertStep, type StepRow, takeStep } from '../db/sign-in-steps.js'
import type { Deps } from './deps.js'
import { hashSecret, newSecret } from './sessions.js'

/** How long somebody may take between two pages. */
export const STEP_SECONDS = 900
/** After so many wrong codes one begins again. */
export const MAX_CODES = 5

/** What is known of who is between two pages. */
export interface OpenStep<Draft> {
  readonly row: StepRow
  readonly draft: Draft
}

/** Note what was done so far; resolves to the secret that the browser keeps. */
export async function openStep(
  deps: Deps,
  tx: Tx,
  step: Pick<StepRow, 'account_id' | 'kind' | 'user_id'>,
  draft: object,
  secret: string = newSecret(),
): Promise<string> {
  const id_hash = hashSecret(secret)
  const expires_at = deps.now().getTime() + STEP_SECONDS * 1_000
  const sealed = deps.sealer.seal(JSON.stringify(draft), about(step.kind, id_hash))
  await insertStep(tx, { ...step, id_hash, sealed, expires_at })
  return secret
}

/** What this browser did so far; undefined where it did nothing of the kind, or too long ago. */
export async function readStep<Draft>(
  deps: Deps,
  q: Queries,
  kind: StepRow['kind'],
  secret: string | undefined,
): Promise<OpenStep<Draft> | undefined> {
  if (secret === undefined) return undefined
  const row = await findStep(q, hashSecret(secret), kind, deps.now().getTime())
  if (row === undefined) return undefined
  return { row, draft: JSON.parse(deps.sealer.open(row.sealed, about(kind, row.id_hash))) as Draft }
}

function about(kind: string, idHash: string): string {
  return `sign-in step ${kind} ${idHash}`
}

/** Note a wrong code. Resolves to whether there were too many: then what was done so far is forgotten. */
export function countWrongCode(deps: Deps, { row }: Pick<OpenStep<unknown>, 'row'>): Promise<boolean> {
  return deps.db.transaction(async (tx) => {
    if ((await addStepAttempt(tx, row)) < MAX_CODES) return false
    await takeStep(tx, row)
    return true
  })
}
