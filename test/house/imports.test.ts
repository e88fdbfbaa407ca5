import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CHECKOUT, CONSOLE, importsIn, packageOf, ROOMS, roomOf, type SourceFile, sourcesOf } from './rooms.js'

/** Packages that belong to one room. What is not named here may be used wherever it helps. */
const KEPT_IN_ROOM = new Map<string, string>([
  ...['express', 'helmet', 'pino', 'prom-client', 'zod-openapi'].map((name) => [name, 'server'] as const),
  ...['node:http', 'node:https', 'node:net'].map((name) => [name, 'server'] as const),
  ...['pg', 'better-sqlite3', 'knex'].map((name) => [name, 'db'] as const),
])

/** `config/` asks Node.js whether a text is an address; it opens no connection. */
const ALLOWED_ELSEWHERE = new Set(['config/settings.ts node:net'])

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

/** How a file may import; the reader below must find each of them. */
const FORMS = [
  ["import { a } from './a.js'", './a.js'],
  ["import type { A } from '../db/a.js'", '../db/a.js'],
  ["import knex, { type Knex } from 'knex'", 'knex'],
  ["import {\n  a,\n  b,\n} from './ab.js'", './ab.js'],
  ["export { a } from './a.js'", './a.js'],
  ["export * from './all.js'", './all.js'],
  ["import './effect.js'", './effect.js'],
  ["  const m = await import('./late.js')", './late.js'],
  ['import a from "double"', 'double'],
] as const

describe('the reader of imports', () => {
  for (const [text, specifier] of FORMS) {
    it(`finds ${specifier} in ${JSON.stringify(text)}`, () => assert.deepEqual(importsIn(text), [specifier]))
  }

  it('does not take words in comments and texts for imports', () => {
    assert.deepEqual(importsIn("// import from 'x'\nconst a = 'export from'\nexport const b = 'c'\n"), [])
  })
})

describe('imports between the rooms (docs/architecture.md)', () => {
  for (const [room, below] of ROOMS) {
    it(`${room} opens ${below.length === 0 ? 'no other room' : `only ${below.join(', ')}`}`, () => {
      const allowed = new Set([room, ...below])
      assert.deepEqual(
        importsWhere(room, (name) => isPath(name) && !allowed.has(roomOf(name))),
        [],
      )
    })

    it(`${room} uses no package that another room keeps to itself`, () => {
      const isForeign = (name: string, { path }: SourceFile) => {
        const owner = KEPT_IN_ROOM.get(packageOf(name)) ?? room
        return owner !== room && !ALLOWED_ELSEWHERE.has(`${path} ${name}`)
      }
      assert.deepEqual(importsWhere(room, isForeign), [])
    })
  }

  it('name only packages that package.json declares, so that none comes by accident of another', () => {
    const { dependencies } = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8')) as Manifest
    const isUndeclared = (name: string) =>
      !isPath(name) && !name.startsWith('node:') && !(packageOf(name) in dependencies)
    assert.deepEqual(
      [...ROOMS.keys()].flatMap((room) => importsWhere(room, isUndeclared)),
      [],
    )
  })

  it('lead from the console to itself and its packages: it meets the server over HTTP', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8')) as Manifest
    const isForeign = (name: string) =>
      isPath(name) ? roomOf(name) !== CONSOLE : !(packageOf(name) in devDependencies)
    assert.deepEqual(importsWhere(CONSOLE, isForeign), [])
  })

  it('leave SQL to db', () => {
    const sql = /\b(select\s+\S.*\sfrom|insert\s+into|update\s+\w+\s+set|delete\s+from)\s/i
    const speakers = [...ROOMS.keys()].filter((room) => sourcesOf(room).some(({ text }) => sql.test(text)))
    assert.deepEqual(speakers, ['db'])
  })

  it('are read at all', () => {
    assert.ok(sourcesOf('db').some(({ imports }) => imports.includes('better-sqlite3')))
    assert.ok(sourcesOf('config').some(({ imports }) => imports.includes('/config/settings.js')))
  })
})

/** `file → import` for each import of a room that `isWrong` picks: the list a failing test shows. */
function importsWhere(room: string, isWrong: (specifier: string, file: SourceFile) => boolean): string[] {
  return sourcesOf(room).flatMap((file) =>
    file.imports.filter((name) => isWrong(name, file)).map((name) => `${file.path} → ${name}`),
  )
}

/** Relative imports come as paths that begin with the checkout. */
function isPath(specifier: string): boolean {
  return specifier.startsWith('/')
}
