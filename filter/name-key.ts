import { fold } from './fold.js'

const MAX_LENGTH = 64

/** What names are sorted by: without case and accents, so that Élodie stands between Edgar and Emma. */
export function nameKey(name: string): string {
  return fold(name.normalize('NFD').replaceAll(/\p{M}/gu, '')).trim().slice(0, MAX_LENGTH)
}
