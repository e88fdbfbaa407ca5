import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { loadConfig, publicUrlFor } from '../../config/config.js'
import { ConfigError } from '../../config/config-error.js'

const SECRET = Buffer.alloc(32, 7).toString('base64')
const TOKEN = 'x'.repeat(32)

/** What each text of one setting becomes, beside the defaults. */
const ACCEPTED = [
  ['PORT', '0', { port: 0 }],
  ['PORT', '65535', { port: 65535 }],
  ['HOST', '::1', { host: '::1' }],
  ['HOST', 'usher.internal', { host: 'usher.internal' }],
  ['PUBLIC_URL', 'https://id.example.com', { publicUrl: 'https://id.example.com' }],
  ['PUBLIC_URL', 'https://ID.example.com:8443/usher//', { publicUrl: 'https://id.example.com:8443/usher' }],
  ['DATABASE_URL', 'sqlite::memory:', { database: { kind: 'sqlite-memory' } }],
  ['DATABASE_URL', 'sqlite:/var/lib/usher.db', { database: { kind: 'sqlite', file: '/var/lib/usher.db' } }],
  ['DATABASE_URL', 'sqlite:near.db', { database: { kind: 'sqlite', file: resolve('near.db') } }],
  ['SMTP_URL', 'smtps://u:p@mail.example.com:465', { smtpUrl: 'smtps://u:p@mail.example.com:465' }],
  ['MAIL_FROM', 'Usher <usher@example.com>', { mailFrom: 'Usher <usher@example.com>' }],
  ['TRUST_PROXY', '10.0.0.7, 192.168.0.0/16 fd00::/8', { trustProxy: ['10.0.0.7', '192.168.0.0/16', 'fd00::/8'] }],
  ['USHER_RATE_LIMITS', 'off', { rateLimits: false }],
  ['USHER_RATE_LIMITS', 'ON', { rateLimits: true }],
  ['USHER_ALLOW_PRIVATE_FETCH', 'true', { allowPrivateFetch: true }],
  ['LOG_LEVEL', 'silent', { logLevel: 'silent' }],
] as const

const REFUSED = [
  ['PORT', ['65536', '-1', '80.5', '0x50', 'http', ' 80']],
  ['HOST', ['http://localhost', 'a b', '[::1]']],
  ['PUBLIC_URL', ['id.example.com', 'ftp://x', 'https://u:p@x', 'https://x/?a=1', 'https://x/#top', 'https://']],
  ['DATABASE_URL', ['sqlite:', 'sqlite::mem:', 'sqlite://x/y.db', 'sqlite:/folder/', 'mysql://x/y', 'usher.db']],
  ['USHER_OPERATOR_TOKEN', ['x'.repeat(31), `${'x'.repeat(31)} x`, 'é'.repeat(32)]],
  ['USHER_SECRET', ['short', Buffer.alloc(31).toString('base64'), Buffer.alloc(33).toString('base64')]],
  ['SMTP_URL', ['mail.example.com', 'http://mail.example.com', 'smtp://']],
  ['MAIL_FROM', ['usher', 'a@b, c@d', 'Usher <usher>', 'Usher\r\nBcc: x <a@b>']],
  ['TRUST_PROXY', ['true', '10.0.0.0/33', '10.0.0.0/', '10.0.0/8', 'fd00::/129', '10.0.0.1/8/8', 'proxy.internal']],
  ['USHER_RATE_LIMITS', ['maybe', '2']],
  ['USHER_ALLOW_PRIVATE_FETCH', ['perhaps']],
  ['LOG_LEVEL', ['verbose', 'INFO']],
] as const

describe('settings from the environment (DESIGN 5)', () => {
  it('has a default for each', () => {
    assert.deepEqual(loadConfig({}), {
      port: 3000,
      host: '127.0.0.1',
      publicUrl: undefined,
      dataDir: resolve('data'),
      database: { kind: 'sqlite', file: resolve('data/usher.db') },
      given: { operatorToken: undefined, secret: undefined },
      smtpUrl: undefined,
      mailFrom: undefined,
      trustProxy: [],
      rateLimits: true,
      allowPrivateFetch: false,
      logLevel: 'info',
    })
  })

  it('takes an empty value as none, as compose files write it', () => {
    assert.deepEqual(loadConfig({ PORT: '', USHER_SECRET: '', DATABASE_URL: '', PATH: '/bin' }), loadConfig({}))
  })

  for (const [name, text, expected] of ACCEPTED) {
    it(`reads ${name}=${text}`, () => {
      assert.deepEqual(loadConfig({ [name]: text }), { ...loadConfig({}), ...expected })
    })
  }

  for (const [name, texts] of REFUSED) {
    for (const text of texts) {
      it(`refuses ${name}=${JSON.stringify(text)}`, () => {
        const [problem, ...more] = problemsOf({ [name]: text })
        assert.deepEqual([problem?.setting, problem?.code, more], [name, 'bad_value', []])
      })
    }
  }

  it('puts the SQLite file into DATA_DIR', () => {
    const config = loadConfig({ DATA_DIR: '/srv/usher' })
    assert.deepEqual(config.database, { kind: 'sqlite', file: '/srv/usher/usher.db' })
  })

  it('takes both secrets from the environment, the key as its 32 bytes', () => {
    const { given } = loadConfig({ USHER_SECRET: SECRET, USHER_OPERATOR_TOKEN: TOKEN })
    assert.deepEqual(given, { operatorToken: TOKEN, secret: Buffer.alloc(32, 7) })
  })

  it('is frozen, so that no request can change what the next one sees', () => {
    const config = loadConfig({ TRUST_PROXY: '10.0.0.7' })
    for (const part of [config, config.database, config.given, config.trustProxy]) assert.ok(Object.isFrozen(part))
  })

  it('completes the public address with the port that was taken, and leaves a given one alone', () => {
    assert.equal(publicUrlFor(loadConfig({ PORT: '0' }), 41234), 'http://localhost:41234')
    assert.equal(publicUrlFor(loadConfig({ PUBLIC_URL: 'https://id.example.com/' }), 41234), 'https://id.example.com')
  })
})

describe('PostgreSQL as the database', () => {
  for (const url of ['postgres://u:p@db:5432/usher', 'postgresql://db/usher', 'postgres:///usher?host=/run/pg']) {
    it(`accepts ${url} together with USHER_SECRET`, () => {
      const { database } = loadConfig({ DATABASE_URL: url, USHER_SECRET: SECRET })
      assert.deepEqual(database, { kind: 'postgres', url })
    })
  }

  it('requires USHER_SECRET, which two servers must share', () => {
    const problems = problemsOf({ DATABASE_URL: 'postgres://db/usher' })
    assert.deepEqual(
      problems.map(({ code, setting }) => [code, setting]),
      [['missing_value', 'USHER_SECRET']],
    )
  })

  it('refuses an address without a host, and asks for the secret all the same', () => {
    const problems = problemsOf({ DATABASE_URL: 'postgres:///usher' })
    assert.deepEqual(
      problems.map(({ setting }) => setting),
      ['DATABASE_URL', 'USHER_SECRET'],
    )
  })
})

describe('an environment with several mistakes', () => {
  const env = {
    PORT: 'eighty',
    USHER_SECRET: 'correct-horse',
    DATABASE_URL: 'mysql://root:hunter2@db/usher',
    USHER_RATE_LIMIT: 'off',
    USHER_PORT: '3000',
  }

  it('is refused with every problem in one message, a line each', () => {
    const lines = errorOf(env).message.split('\n')
    assert.equal(lines[0], '5 settings stop the start:')
    for (const name of Object.keys(env)) assert.equal(lines.filter((line) => line.startsWith(`  ${name}: `)).length, 1)
    assert.equal(lines.length, 6)
  })

  it('names unknown USHER_ settings and those that exist', () => {
    const unknown = problemsOf(env).filter(({ code }) => code === 'unknown_setting')
    assert.deepEqual(
      unknown.map(({ setting }) => setting),
      ['USHER_RATE_LIMIT', 'USHER_PORT'],
    )
    assert.match(unknown[0]?.text ?? '', /USHER_RATE_LIMITS/)
  })

  it('is never quoted: it may hold passwords', () => {
    assert.doesNotMatch(errorOf(env).message, /hunter2|correct-horse/)
  })
})

function problemsOf(env: Record<string, string>) {
  return errorOf(env).problems
}

function errorOf(env: Record<string, string>): ConfigError {
  try {
    loadConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  assert.fail('the environment was accepted')
}
