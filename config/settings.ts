import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { z } from 'zod'
import { DATABASE_URL_FORMS, findDatabase } from './database-url.js'

/** How much is logged, from pino's list. */
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const SWITCH = new Map([
  ...['on', 'true', '1', 'yes'].map((word) => [word, true] as const),
  ...['off', 'false', '0', 'no'].map((word) => [word, false] as const),
])

/**
 * Every setting, by the name of its environment variable: how its text is read, what it is without one (README.md
 * has the same table in words). Values that may hold a password are never quoted in a refusal.
 */
export const SETTINGS = {
  PORT: setting('3000', 'a whole number from 0 to 65535', findPort),
  HOST: setting('127.0.0.1', 'a host name or an address', findHost),
  PUBLIC_URL: optional('http:// or https:// with a host, without user, query or fragment', findPublicUrl),
  DATA_DIR: setting('./data', 'the path of a folder', (text) => resolve(text)),
  DATABASE_URL: optional(DATABASE_URL_FORMS, findDatabase),
  USHER_OPERATOR_TOKEN: optional('32 or more visible ASCII characters', findToken),
  USHER_SECRET: optional('32 bytes as base64, such as `openssl rand -base64 32` prints', findSecret),
  SMTP_URL: optional('smtp:// or smtps:// with a host', findSmtpUrl),
  MAIL_FROM: optional('an address, or a name and an <address>', findSender),
  TRUST_PROXY: setting('', 'addresses or networks such as 10.0.0.7, 10.0.0.0/8, separated by commas', findProxies),
  USHER_RATE_LIMITS: setting('on', '`on` or `off`', findSwitch),
  USHER_ALLOW_PRIVATE_FETCH: setting('off', '`on` or `off`', findSwitch),
  LOG_LEVEL: setting('info', `one of ${LOG_LEVELS.join(', ')}`, (text) => LOG_LEVELS.find((level) => level === text)),
} as const

/** Read a 32-byte key from base64 or base64url; undefined where it is not exactly that. */
export function findSecret(text: string): Buffer | undefined {
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : undefined
}

/** A bearer token of the operator: it must pass through an Authorization header, and be too long to guess. */
export function findToken(text: string): string | undefined {
  return /^[\x21-\x7e]{32,}$/.test(text) ? text : undefined
}

/** `find` answers undefined for a text that it refuses; `expected` completes the refusal "expected …". */
function setting<T>(fallback: string, expected: string, find: (text: string) => T | undefined) {
  return z.string().default(fallback).transform(reader(expected, find))
}

function optional<T>(expected: string, find: (text: string) => T | undefined) {
  return z.string().transform(reader(expected, find)).optional()
}

function reader<T>(expected: string, find: (text: string) => T | undefined) {
  return (text: string, context: z.core.$RefinementCtx<string>): T => {
    const value = find(text)
    if (value !== undefined) return value
    context.addIssue({ code: 'custom', message: `expected ${expected}`, input: text })
    return z.NEVER
  }
}

function findPort(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1
  return port >= 0 && port <= 65535 ? port : undefined
}

function findHost(text: string): string | undefined {
  return isIP(text) !== 0 || /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(text) ? text : undefined
}

function findPublicUrl(text: string): string | undefined {
  const url = findUrl(text, ['http:', 'https:'])
  if (url === undefined || url.username !== '' || url.password !== '' || /[?#]/.test(text)) return undefined
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

function findSmtpUrl(text: string): string | undefined {
  return findUrl(text, ['smtp:', 'smtps:']) && text
}

function findUrl(text: string, protocols: readonly string[]): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url !== undefined && url.hostname !== '' && protocols.includes(url.protocol) ? url : undefined
}

function findSender(text: string): string | undefined {
  const address = /^[^<>\r\n]*<([^<>\s]+)>$/.exec(text)?.[1] ?? text
  return /^[^\s@<>,]+@[^\s@<>,]+$/.test(address) ? text : undefined
}

function findSwitch(text: string): boolean | undefined {
  return SWITCH.get(text.toLowerCase())
}

function findProxies(text: string): readonly string[] | undefined {
  const proxies = text.split(/[\s,]+/).filter((proxy) => proxy !== '')
  return proxies.every(isNetwork) ? Object.freeze(proxies) : undefined
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  if (bits === undefined) return longest > 0
  return rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= longest
}
