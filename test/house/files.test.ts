import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SETTINGS } from '../../config/settings.js'
import { CHECKOUT, CONSOLE, filesIn, ROOMS, sourcesOf } from './rooms.js'

const MAX_LINES = 300
/** Data may be long: attribute tables and migrations are read by row, not walked through. */
const DATA = ['db/migrations/', 'filter/schemas/', 'console/api/schema.ts']
/** Vite asks for its settings so. */
const DEFAULT_ASKED_FOR = new Set(['console/vite.config.ts'])
/** Names that say nothing about what a file knows. In RFC 7643 §3.1 "common attributes" is a term. */
const NAMELESS = /\b(utils?|helpers?|common|shared|misc)\b/
const TERMS = new Set(['filter/schemas/common.ts'])

const PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', ...filesIn('docs')]
const sources = [...ROOMS.keys(), CONSOLE].flatMap(sourcesOf)

describe('files of the rooms', () => {
  it(`have at most ${MAX_LINES} lines, unless they hold data`, () => {
    const code = sources.filter(({ path }) => !DATA.some((folder) => path.startsWith(folder)))
    const long = code.map(({ path, text }) => [text.split('\n').length - 1, path] as const)
    assert.deepEqual(
      long.filter(([lines]) => lines > MAX_LINES),
      [],
    )
  })

  it('export by name, never by default', () => {
    const defaults = /^export default\b|\bas default\b/m
    assert.deepEqual(
      sources.filter(({ path, text }) => defaults.test(text) && !DEFAULT_ASKED_FOR.has(path)).map(({ path }) => path),
      [],
    )
  })

  it('are named after what they know', () => {
    const nameless = sources.map(({ path }) => path).filter((path) => NAMELESS.test(path) && !TERMS.has(path))
    assert.deepEqual(nameless, [])
  })

  it('have kebab-case names', () => {
    const odd = sources.map(({ path }) => path).filter((path) => !/^[a-z0-9/-]+(\.d|\.config)?\.tsx?$/.test(path))
    assert.deepEqual(odd, [])
  })
})

describe('the pages', () => {
  for (const page of PAGES.filter((path) => path.endsWith('.md'))) {
    it(`${page} links only to what is there`, () => {
      const text = readFileSync(join(CHECKOUT, page), 'utf8')
      const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((match) => match[1] ?? '')
      assert.deepEqual(
        targets.filter((target) => !existsSync(join(CHECKOUT, dirname(page), target))),
        [],
      )
    })
  }

  it('README.md describes every setting, and no other', () => {
    const rows = readFileSync(join(CHECKOUT, 'README.md'), 'utf8').match(/^\| `[A-Z_`, ]+` \|/gm) ?? []
    const named = rows.flatMap((row) => [...row.matchAll(/`([A-Z_]+)`/g)].map((match) => match[1]))
    assert.deepEqual(named.sort(), Object.keys(SETTINGS).sort())
  })

  it('docs/architecture.md leads a request through files that exist', () => {
    const text = readFileSync(join(CHECKOUT, 'docs/architecture.md'), 'utf8')
    const rooms = [...ROOMS.keys()].join('|')
    const files = [...text.matchAll(new RegExp(`\`((?:${rooms})/[a-z0-9/-]+\\.ts)\``, 'g'))].map(
      (match) => match[1] ?? '',
    )
    assert.ok(files.length >= 6)
    assert.deepEqual(
      files.filter((file) => !existsSync(join(CHECKOUT, file))),
      [],
    )
  })
})
