const DAY_MS = 86_400_000

/** Whole days until an instant, rounded down; negative behind it. */
export function daysLeft(at: string): number {
  return Math.floor((Date.parse(at) - Date.now()) / DAY_MS)
}
