import { readdirSync, readFileSync } from 'node:fs'
import { join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout, with a slash at its end. */
export const CHECKOUT = fileURLToPath(new URL('../../', import.meta.url))

/** The rooms of the server, each with those below it that it may open (docs/architecture.md). */
export const ROOMS: ReadonlyMap<string, readonly string[]> = new Map([
  ['server', ['scim', 'saml', 'accounts', 'db', 'filter', 'config']],
  ['scim', ['accounts', 'db', 'filter']],
  ['saml', ['accounts', 'db', 'filter']],
  ['accounts', ['db', 'filter']],
  ['db', ['filter']],
  ['filter', []],
  ['config', []],
])

/** A TypeScript file of a room: its path from the checkout, its text, and what it imports. */
export interface SourceFile {
  readonly path: string
  readonly room: string
  readonly text: string
  readonly imports: readonly string[]
}

/** The room that meets the server over HTTP alone. It is built and shipped apart, so its packages are not the server's. */
export const CONSOLE = 'console'

/** Every TypeScript file of one room; none where the room is still empty. */
export function sourcesOf(room: string): SourceFile[] {
  return filesIn(room)
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => {
      const text = readFileSync(join(CHECKOUT, path), 'utf8')
      return { path, room, text, imports: importsIn(text).map((specifier) => fromCheckout(path, specifier)) }
    })
}

/** Paths of all files below a folder of the checkout, in order. */
export function filesIn(folder: string): string[] {
  return readdirSync(CHECKOUT, { withFileTypes: true }).some((entry) => entry.isDirectory() && entry.name === folder)
    ? readdirSync(join(CHECKOUT, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(CHECKOUT.length))
        .sort()
    : []
}

/** The specifiers of `import`, `export … from` and `import()`, types included: a type is knowledge of a room too. */
export function importsIn(text: string): string[] {
  const statement = /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]/gm
  const call = /\bimport\(\s*['"`]([^'"`]+)['"`]/g
  return [...text.matchAll(statement), ...text.matchAll(call)].map((match) => match[1] ?? match[2] ?? '')
}

/** The room that a relative import leads to: the first folder of `/db/x.js`. */
export function roomOf(path: string): string {
  return path.split('/')[1] ?? ''
}

/** The package of a bare specifier: `pg/lib/x` is `pg`, `@a/b/c` is `@a/b`, `node:fs` stays. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** A relative import as a path that begins with the checkout (`./x.js` in `db/y.ts` is `/db/x.js`), a bare one as it is. */
function fromCheckout(path: string, specifier: string): string {
  return specifier.startsWith('.') ? normalize(join('/', path, '..', specifier)) : specifier
}
