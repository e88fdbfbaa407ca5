/**
 * True in `npm run test:long`, which runs every suite that asks for it once more: properties draw ten times as many cases,
 * races and hostile walks take every database.
 */
export const THOROUGH = process.env.TEST_THOROUGH !== undefined

/** How many cases a property draws. */
export function runs(quick: number): number {
  return THOROUGH ? quick * 10 : quick
}
