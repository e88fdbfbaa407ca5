/** Numbers that are the same again for the same seed. */
export interface Random {
  readonly seed: number
  /** At least 0, below 1. */
  next(): number
  /** A whole number, at least 0, below `limit`. */
  below(limit: number): number
  chance(share: number): boolean
  oneOf<T>(list: readonly [T, ...T[]] | readonly T[]): T
}

/** Mulberry32: small, quick, and even enough to make choices by. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    seed,
    next,
    below,
    chance: (share) => next() < share,
    oneOf: (list) => list[below(list.length)]!,
  }
}

/** The seed that was asked for, to see the same again, or a new one. */
export function seedFrom(text: string | undefined): number {
  return text === undefined ? Date.now() % 2 ** 31 : Number(text)
}
