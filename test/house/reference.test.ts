import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { z } from 'zod'
import { DEFAULT_SETTINGS } from '../../accounts/connection.js'
import { EVENT_ACTIONS } from '../../accounts/event-actions.js'
import { RETENTION_DAYS } from '../../accounts/retention.js'
import { LOG_LEVELS } from '../../config/settings.js'
import { ADMIN_ROUTES } from '../../server/admin/routes.js'
import { REFUSAL_CODES } from '../../server/sign-in/codes.js'
import { CHECKOUT, filesIn } from './rooms.js'

// What the pages say of the code is read from both: an endpoint, action, code or setting without a line here fails.

const read = (path: string): string => readFileSync(join(CHECKOUT, path), 'utf8')

/** First and second cell of each row of the tables of a page, where the first is one word of code. */
function rowsOf(page: string): [word: string, text: string][] {
  return [...page.matchAll(/^\| `([^`]+)` \| ([^|]*?) \|/gm)].map(([, word = '', text = '']) => [word, text])
}

/** Every match of the first group of a pattern in the text of a source file, each once. */
function namedIn(path: string, pattern: RegExp): string[] {
  return [...new Set([...read(path).matchAll(pattern)].map(([, name = '']) => name))].sort()
}

describe('docs/events.md', () => {
  const page = read('docs/events.md')
  const actions = page.slice(page.indexOf('## Actions'), page.indexOf('## Warnings'))
  const effects = page.slice(page.indexOf('## Effects'), page.indexOf('## Actions'))

  it('lists every action of the log, and no other, with the words of the code', () => {
    assert.deepEqual(Object.fromEntries(rowsOf(actions)), EVENT_ACTIONS)
    assert.equal(rowsOf(actions).length, Object.keys(EVENT_ACTIONS).length)
  })

  it('lists every kind of effect', () => {
    const kinds = namedIn('accounts/events.ts', /readonly kind: '(\w+)'/g)
    const listed = [...effects.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, kind]) => kind),
    )
    assert.deepEqual(listed.filter((kind) => kind !== 'kind').sort(), kinds)
  })

  it('names every source and outcome', () => {
    const [sources = '', outcomes = ''] = ['EventSource', 'Outcome'].map(
      (type) => new RegExp(`type ${type} = (.*)`).exec(read('accounts/events.ts'))?.[1],
    )
    const words = [...`${sources} ${outcomes}`.matchAll(/'(\w+)'/g)].map(([, word]) => word)
    assert.equal(words.length, 11)
    assert.deepEqual(
      words.filter((word) => !page.includes(`\`${word}\``)),
      [],
    )
  })

  it('explains every warning', () => {
    // A warning is a code with its sentence, or with the value or rule that the sentence is made of.
    const made = filesIn('accounts').flatMap((path) =>
      namedIn(path, /\bcode: '(\w+)'[,;]?\s+(?:readonly )?(?:message|value|ruleId)\b/g),
    )
    assert.ok(made.length > 5)
    const explained = rowsOf(page.slice(page.indexOf('## Warnings'))).map(([code]) => code)
    assert.deepEqual(explained.sort(), [...new Set(made)].sort())
  })

  it('says for how long things are kept', () => {
    const text = page.slice(page.indexOf('## How long')).replaceAll(/\s+/g, ' ')
    const { payloads, signInTraces, events, adminEvents, reads } = RETENTION_DAYS
    assert.deepEqual([adminEvents, reads, signInTraces], [2 * 365, 2, 7])
    for (const words of [
      `Payloads are kept for ${payloads} days`,
      `identity providers for seven`,
      `${events} days`,
      'two years',
      'two days',
    ])
      assert.ok(text.includes(words), words)
  })
})

describe('docs/idp/troubleshooting.md', () => {
  it('has a paragraph for every code that a directory can meet (PRODUCT 3.5), and for no other', () => {
    const codes = new Set([
      ...namedIn('scim/errors.ts', /^ {2}(\w+): \{ status: \d+/gm),
      ...namedIn('scim/refusals.ts', /^ {2}(\w+): \{ status: \d+/gm),
      ...namedIn('accounts/authenticate-token.ts', /refused\(\s*'(\w+)'/g),
      ...namedIn('server/oauth/refusals.ts', /^ {2}(\w+): \{ status: \d+/gm),
    ])
    assert.ok(codes.size > 30)
    assert.deepEqual(namedIn('docs/idp/troubleshooting.md', /^### `(\w+)`/gm), [...codes].sort())
  })

  it('gives each of them the status with which it is answered', () => {
    const tables = ['scim/errors.ts', 'scim/refusals.ts', 'server/oauth/refusals.ts'].map(read).join('')
    const statuses = new Map(
      [...tables.matchAll(/^ {2}(\w+): \{ status: (\d+)/gm)].map(([, code = '', status = '']) => [code, status]),
    )
    const headings = [...read('docs/idp/troubleshooting.md').matchAll(/^### `(\w+)` · (\d+)/gm)]
    assert.ok(headings.length > 30)
    for (const [, code = '', status] of headings) assert.equal(status, statuses.get(code) ?? '401', code)
  })
})

describe('docs/sign-in.md', () => {
  it('has a paragraph for every code of a refused sign-in, and for no other', () => {
    assert.ok(REFUSAL_CODES.length > 25)
    assert.deepEqual(namedIn('docs/sign-in.md', /^### `(\w+)`/gm), [...REFUSAL_CODES].sort())
  })

  it('tells of each what is wrong and what to do about it', () => {
    const paragraphs = [...read('docs/sign-in.md').matchAll(/^### `(\w+)`\n\n([\s\S]*?)(?=\n##|$(?![\s\S]))/gm)]
    assert.equal(paragraphs.length, REFUSAL_CODES.length)
    const sentences = (text: string) => text.split(/[.:;]\s/).filter((one) => one.trim() !== '').length
    assert.deepEqual(
      paragraphs.filter(([, , text = '']) => sentences(text) < 2).map(([, code]) => code),
      [],
    )
  })
})

describe('docs/api.md', () => {
  const page = read('docs/api.md')

  it('names every route of the admin API, and no other', () => {
    const routes = ADMIN_ROUTES.map(({ method, path }) => `${method.toUpperCase()} ${path}`)
    const named = [...page.matchAll(/^\| `((?:GET|POST|PATCH|PUT|DELETE) [^`]+)` \|/gm)].map(([, route]) => route)
    assert.deepEqual(named.sort(), routes.sort())
  })

  it('tells for each of them who may call it', () => {
    for (const { method, path, requires } of ADMIN_ROUTES) {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${method.toUpperCase()} ${path}\` |`))
      assert.ok(row?.includes(`| ${requires === 'operator' ? 'operator' : `\`${requires}\``} |`), `${method} ${path}`)
    }
  })

  it('explains every code of a refusal, with its status', () => {
    const problems = read('server/problem.ts')
    const statuses = new Map([
      ...[...problems.matchAll(/^ {2}(\w+): (\d{3}),/gm)].map(([, code = '', status = '']) => [code, status] as const),
      ...[...problems.matchAll(/problem\((50\d), '(\w+)'/g)].map(
        ([, status = '', code = '']) => [code, status] as const,
      ),
    ])
    for (const path of filesIn('server'))
      for (const code of namedIn(path, /\bcode: '(\w+)',? detail/g)) statuses.set(code, '400')
    assert.ok(statuses.size > 50)
    // What a body names and nobody has is 422 in place of 404.
    const rows = rowsOf(page.slice(page.indexOf('## Codes'))).map(([code, status]) => [code, status.split(', ')[0]])
    assert.deepEqual(Object.fromEntries(rows), Object.fromEntries(statuses))
    assert.equal(rows.length, statuses.size)
  })

  it('explains every setting of a connection, with its default', () => {
    const table = page.slice(page.indexOf('| setting |'), page.indexOf('## Rules'))
    const named = [...table.matchAll(/^\| (`[^|]+) \| `([^`]+)` \|/gm)].flatMap(([, names = '', standard = '']) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => [name, standard] as const),
    )
    const defaults = Object.entries(DEFAULT_SETTINGS).map(([name, value]) => [name, wordOf(value)])
    assert.deepEqual(Object.fromEntries(named), Object.fromEntries(defaults))
  })

  it('names every filter of the log', () => {
    const search = ADMIN_ROUTES.find(({ method, path }) => method === 'get' && path.endsWith('/events'))
    assert.ok(search?.query)
    const filters = Object.keys((search.query as z.ZodObject).shape)
    assert.ok(filters.length > 12)
    const pages = `${page}${read('docs/events.md')}`
    assert.deepEqual(
      filters.filter((name) => !new RegExp(`\`${name}\\b`).test(pages)),
      [],
    )
  })
})

const wordOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

describe('README.md', () => {
  const rows = [...read('README.md').matchAll(/^\| (`[A-Z_]+`(?:, `[A-Z_]+`)?) \| ([^|]+) \| ([^|]+) \|/gm)]
  const rowOf = (name: string): string => rows.find(([, names = '']) => names.includes(`\`${name}\``))?.[0] ?? ''

  it('gives the defaults that the code has', () => {
    const settings = read('config/settings.ts')
    const defaults = [...settings.matchAll(/^ {2}([A-Z_]+): setting\('([^']+)'/gm)]
    assert.ok(defaults.length >= 6)
    for (const [, name = '', standard = ''] of defaults) assert.ok(rowOf(name).includes(standard), name)
  })

  it('names every level of the log', () => {
    assert.deepEqual(
      LOG_LEVELS.filter((level) => !rowOf('LOG_LEVEL').includes(level)),
      [],
    )
  })
})

describe('docs/architecture.md', () => {
  it('names functions that the files have', () => {
    const named = [...read('docs/architecture.md').matchAll(/`(\w+)\(\)` in\s+`([\w/-]+\.ts)`/g)]
    assert.ok(named.length > 15)
    for (const [, name = '', path = ''] of named)
      assert.match(read(path), new RegExp(`^export (?:async )?function ${name}\\b`, 'm'), `${name} in ${path}`)
  })
})

const PAGES = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...filesIn('docs').filter((path) => path.endsWith('.md'))]

describe('the pages', () => {
  it('name no file that is not there', () => {
    for (const page of PAGES)
      for (const [, path = ''] of read(page).matchAll(/`((?:docs|test|scripts|bench|\.ci)\/[\w/.-]+\.\w+)`/g))
        assert.ok(existsSync(join(CHECKOUT, path)), `${page}: ${path}`)
  })

  it('link to headings that are there', () => {
    for (const page of PAGES)
      for (const [, path = '', anchor = ''] of read(page).matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g)) {
        const target = path === '' ? page : join(dirname(page), path)
        const anchors = [...read(target).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading))
        assert.ok(anchors.includes(anchor), `${page}: ${path}#${anchor}`)
      }
  })

  // Not every shell takes `#` for a comment when it is typed, and zsh keeps its PATH in `path`.
  it('have blocks that can be pasted into bash and zsh', () => {
    const blocks = PAGES.flatMap((page) =>
      [...read(page).matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, text = '']) => text),
    )
    assert.ok(blocks.length > 15)
    for (const block of blocks) assert.doesNotMatch(block, /(^|\s)#|\blocal path\b|\bUSER=/m)
  })
})

/** As GitHub makes it: lower case, punctuation gone, blanks as hyphens. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-')
}
