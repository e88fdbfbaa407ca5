import { Resolver } from 'node:dns/promises'
import { RequestError } from './problem.js'

/** The TXT records of a name, each as one text; none where it has none or does not exist. */
export type ResolveTxt = (name: string) => Promise<string[]>

const TIMEOUT_MS = 5_000
const NONE = new Set(['ENODATA', 'ENOTFOUND'])

/** Asks the name servers of this machine, for five seconds at most. Throws RequestError: fetch_failed. */
export const resolveTxt: ResolveTxt = async (name) => {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 1 })
  const clock = setTimeout(() => resolver.cancel(), TIMEOUT_MS)
  try {
    return (await resolver.resolveTxt(name)).map((parts) => parts.join(''))
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
    if (NONE.has(code)) return []
    throw new RequestError(
      'fetch_failed',
      `The TXT records of ${name} could not be asked for: ${code}. Try again later.`,
    )
  } finally {
    clearTimeout(clock)
  }
}
