import { join } from 'node:path'
import { z } from 'zod'
import { ConfigError, type ConfigProblem } from './config-error.js'
import { type DatabaseConfig, namesPostgres } from './database-url.js'
import { type LOG_LEVELS, SETTINGS } from './settings.js'

/** Everything the environment decides, checked and frozen. */
export interface Config {
  /** 0 asks for a free port. */
  readonly port: number
  readonly host: string
  /** Without a trailing slash; undefined until the port is known where PUBLIC_URL is not set (`publicUrlFor`). */
  readonly publicUrl: string | undefined
  /** Absolute path of the folder for the SQLite file and the generated secrets. */
  readonly dataDir: string
  readonly database: DatabaseConfig
  /** Secrets as the environment gives them. `loadSecrets` completes them; nothing else reads this. */
  readonly given: { readonly operatorToken: string | undefined; readonly secret: Buffer | undefined }
  readonly smtpUrl: string | undefined
  readonly mailFrom: string | undefined
  /** Addresses and CIDR networks of proxies whose X-Forwarded-For is believed. */
  readonly trustProxy: readonly string[]
  readonly rateLimits: boolean
  readonly allowPrivateFetch: boolean
  readonly logLevel: (typeof LOG_LEVELS)[number]
}

type Environment = Readonly<Record<string, string | undefined>>

/** Unknown names are refused under this prefix only: the rest of the environment belongs to others. */
const OWN_PREFIX = 'USHER_'
const SHAPE = z.object(SETTINGS)

/**
 * Read and check the whole environment. An empty value counts as not set.
 * Throws ConfigError, which lists every problem: unknown_setting, bad_value, missing_value.
 */
export function loadConfig(env: Environment): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = SHAPE.safeParse(given)
  const problems = [...unknownSettings(given), ...badValues(parsed.error), ...missingValues(given)]
  if (parsed.data === undefined || problems.length > 0) throw new ConfigError(problems)
  return configFromSettings(parsed.data)
}

/** The address that goes into Location, metadata and mails, once it is known which port was taken. */
export function publicUrlFor(config: Config, listeningPort: number): string {
  return config.publicUrl ?? `http://localhost:${listeningPort}`
}

function configFromSettings(settings: z.output<typeof SHAPE>): Config {
  const { DATA_DIR: dataDir, USHER_OPERATOR_TOKEN: operatorToken, USHER_SECRET: secret } = settings
  return Object.freeze({
    port: settings.PORT,
    host: settings.HOST,
    publicUrl: settings.PUBLIC_URL,
    dataDir,
    database: Object.freeze(settings.DATABASE_URL ?? { kind: 'sqlite', file: join(dataDir, 'usher.db') }),
    given: Object.freeze({ operatorToken, secret }),
    smtpUrl: settings.SMTP_URL,
    mailFrom: settings.MAIL_FROM,
    trustProxy: settings.TRUST_PROXY,
    rateLimits: settings.USHER_RATE_LIMITS,
    allowPrivateFetch: settings.USHER_ALLOW_PRIVATE_FETCH,
    logLevel: settings.LOG_LEVEL,
  })
}

function unknownSettings(given: Environment): ConfigProblem[] {
  const known = Object.keys(SETTINGS).filter((name) => name.startsWith(OWN_PREFIX))
  const text = `is not a setting of Usher; those that begin so are ${known.join(', ')}`
  return Object.keys(given)
    .filter((name) => name.startsWith(OWN_PREFIX) && !known.includes(name))
    .map((setting) => ({ code: 'unknown_setting', setting, text }))
}

function badValues(error: z.ZodError | undefined): ConfigProblem[] {
  return (error?.issues ?? []).map(({ path, message }) => ({
    code: 'bad_value',
    setting: path.join('.'),
    text: message,
  }))
}

/** Two servers on one PostgreSQL must encrypt with the same key, so it cannot be made up by either. */
function missingValues(given: Environment): ConfigProblem[] {
  if (given.USHER_SECRET !== undefined || !namesPostgres(given.DATABASE_URL ?? '')) return []
  const text = 'is required with PostgreSQL, the same on every server; make one with `openssl rand -base64 32`'
  return [{ code: 'missing_value', setting: 'USHER_SECRET', text }]
}
