import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder that holds package.json. Every command works there, wherever it was typed. */
export const CHECKOUT = dirname(dirname(fileURLToPath(import.meta.url)))

/** Absolute path of something in the checkout. */
export function at(...path) {
  return join(CHECKOUT, ...path)
}

/** The parsed content of a JSON file, or undefined where there is none. */
export function findJson(...path) {
  return existsSync(at(...path)) ? JSON.parse(readFileSync(at(...path), 'utf8')) : undefined
}

/** A stamp's text, or undefined where the work that writes it was not finished. */
export function findStamp(...path) {
  return existsSync(at(...path)) ? readFileSync(at(...path), 'utf8') : undefined
}

/** One hexadecimal digest over all parts, which cannot run into each other. */
export function digestOf(parts) {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${part.length}:`).update(part)
  return hash.digest('hex')
}
