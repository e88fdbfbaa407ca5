import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config.js'
import { ConfigError } from './config-error.js'
import { createOnce } from './create-once.js'
import { findSecret, findToken } from './settings.js'

/** What must not be logged or shown. They live apart from the Config, which may be. */
export interface Secrets {
  /** Bearer token of whoever runs the server, 32 characters or more. */
  readonly operatorToken: string
  /** 32 bytes that encrypt keys at rest. */
  readonly secret: Buffer
}

/**
 * Take the secrets from the environment, else from DATA_DIR, else make them there (mode 0600). Servers that start
 * together on one DATA_DIR end with the same secrets. Throws ConfigError: unusable_file.
 */
export function loadSecrets(config: Config): Secrets {
  const { operatorToken, secret } = config.given
  return Object.freeze({
    operatorToken: operatorToken ?? keptIn(config, 'operator-token', newOperatorToken, findToken),
    secret: secret ?? keptIn(config, 'secret', newSecret, findSecret),
  })
}

/** 43 characters of base64url with a prefix by which leak scanners and people know what it is. */
function newOperatorToken(): string {
  return `usher_op_${randomBytes(32).toString('base64url')}`
}

function newSecret(): string {
  return randomBytes(32).toString('base64')
}

function keptIn<T>(config: Config, name: string, make: () => string, find: (text: string) => T | undefined): T {
  const file = join(config.dataDir, name)
  const value = find(readOrCreate(config.dataDir, file, make).trim())
  if (value !== undefined) return value
  // A fresh one would make whatever the old one encrypted unreadable, so this is for a person to decide.
  throw unusable(file, 'does not hold what Usher wrote there; restore it from a backup')
}

function readOrCreate(folder: string, file: string, make: () => string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    createOnce(file, () => `${make()}\n`)
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw unusable(file, `cannot be read or written (${codeOf(cause)}); check DATA_DIR and who owns it`, cause)
  }
}

function unusable(setting: string, text: string, cause?: unknown): ConfigError {
  return new ConfigError([{ code: 'unusable_file', setting, text }], { cause })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
