const waiting: (() => void)[] = []

/**
 * Resolves in a later turn of the event loop, for one caller in each turn, in the order in which they asked. Whoever has
 * work of many milliseconds asks between two pieces of it: when a whole company signs in at nine, or several directories
 * push their largest group, everybody else's requests are answered in between. One queue, because a process has one event
 * loop.
 */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve)
    if (waiting.length === 1) setImmediate(next)
  })
}

function next(): void {
  waiting[0]?.()
  waiting.shift()
  if (waiting.length > 0) setImmediate(next)
}
