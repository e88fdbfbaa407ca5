import type { Work } from '../../db/pace.js'

/** What work in pieces comes to, done at once. */
export function drained<T>(work: Work<T>): T {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
  }
}
