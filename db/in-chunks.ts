import type { Tx } from './database.js'

/** How many a statement about many takes at a time: what it does is done within a turn of the event loop. */
export const CHUNK = 1_000

/** Run a statement about all of these, a chunk at a time; resolves to the rows of all of them. */
export async function inChunks<Row>(
  tx: Tx,
  all: readonly string[],
  run: (some: readonly string[]) => Promise<Row[]>,
): Promise<Row[]> {
  if (all.length <= CHUNK) return run(all)
  const rows: Row[] = []
  for (let start = 0; start < all.length; start += CHUNK) {
    for (const row of await run(all.slice(start, start + CHUNK))) rows.push(row)
    await tx.giveWay()
  }
  return rows
}

/** Texts in the order of the database, sorted in pieces: rows that are locked chunk by chunk are locked in one order. */
export async function sorted(tx: Tx, all: readonly string[]): Promise<string[]> {
  let runs: string[][] = []
  for (let start = 0; start < all.length; start += CHUNK) runs.push(all.slice(start, start + CHUNK).sort())
  while (runs.length > 1) {
    const longer: string[][] = []
    for (let at = 0; at < runs.length; at += 2) longer.push(await merged(tx, runs[at]!, runs[at + 1] ?? []))
    runs = longer
  }
  return runs[0] ?? []
}

/** Ids are hexadecimal digits, which sort alike here and there. What is none has no row, and no place to keep. */
async function merged(tx: Tx, one: readonly string[], other: readonly string[]): Promise<string[]> {
  const result: string[] = []
  let [left, right] = [0, 0]
  while (left < one.length || right < other.length) {
    const isLeft = right >= other.length || (left < one.length && one[left]! <= other[right]!)
    result.push(isLeft ? one[left++]! : other[right++]!)
    if (result.length % CHUNK === 0) await tx.giveWay()
  }
  return result
}
