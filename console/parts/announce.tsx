import { useSyncExternalStore } from 'react'

/** One polite live region for the whole console: "Copied", "12 new events". */
let said = ''
const listeners = new Set<() => void>()

/** Have a screen reader say something that everyone else can see. */
export function announce(text: string): void {
  // The same words twice are news as well: without a difference nothing would be said.
  said = text === said ? `${text}\u00a0` : text
  for (const listener of listeners) listener()
}

export function Announcer() {
  const text = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => said,
  )
  return (
    <div className="unseen" aria-live="polite" role="status">
      {text}
    </div>
  )
}
