import { type Check, Fault, NotOffered } from './check.js'
import type { Client } from './client.js'
import { Lab } from './lab.js'

/** `broken`: the check itself could not be done, for instance because the server did not answer. */
export type Verdict = 'pass' | 'fail' | 'not offered' | 'broken'

export interface Result {
  readonly check: Check
  readonly verdict: Verdict
  /** What is wrong; empty for a pass. */
  readonly reason: string
}

/** Try one check and clean up after it. */
export async function tryCheck(client: Client, check: Check): Promise<Result> {
  const lab = new Lab(client)
  try {
    await check.run(lab)
    return { check, verdict: 'pass', reason: '' }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    if (error instanceof NotOffered) return { check, verdict: 'not offered', reason }
    // A member that is missing is read as undefined: the answer was not what the check could look into.
    if (error instanceof Fault || error instanceof TypeError) return { check, verdict: 'fail', reason }
    return { check, verdict: 'broken', reason }
  } finally {
    await lab.cleanUp()
  }
}
