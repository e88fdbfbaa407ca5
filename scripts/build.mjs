import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { at, digestOf, findJson, findStamp } from './checkout.mjs'
import { oneAtATime } from './one-at-a-time.mjs'
import { runOrExit } from './run.mjs'
import { say } from './say.mjs'

const STAMP = '.usher-built'
const DRAFT = '.dist-draft'
const SOURCE = /\.(tsx?|css|json|html|js|svg)$/

/** Bring dist/ to what the sources say. Packages must be installed. */
export async function ensureBuilt() {
  if (isBuilt()) return
  await oneAtATime(async () => {
    if (!isBuilt()) await build()
  })
}

function isBuilt() {
  return findStamp('dist', STAMP) === sourceDigest()
}

/** By content, because a checkout of another commit may bring older dates. */
function sourceDigest() {
  const sources = [...findJson('tsconfig.json').include, 'console'].flatMap(sourcesIn).sort()
  const files = ['tsconfig.json', 'package-lock.json', ...sources]
  return digestOf(files.flatMap((file) => [file, readFileSync(at(file))]))
}

function sourcesIn(room) {
  if (!existsSync(at(room))) return []
  return readdirSync(at(room), { recursive: true })
    .filter((file) => SOURCE.test(file))
    .map((file) => join(room, file))
}

/** Compile beside dist/ and swap at the end: a build that fails or is stopped leaves the old one as it was. */
async function build() {
  say('building (server → dist/, console → dist/www/) …')
  const digest = sourceDigest()
  rmSync(at(DRAFT), { recursive: true, force: true })
  await runOrExit('the TypeScript compiler', process.execPath, [
    at('node_modules', 'typescript', 'bin', 'tsc'),
    ...['-p', 'tsconfig.json', '--noEmitOnError', '--outDir', DRAFT],
  ])
  await runOrExit('the build of the console', process.execPath, [
    at('node_modules', 'vite', 'bin', 'vite.js'),
    ...['build', at('console'), '--outDir', at(DRAFT, 'www'), '--emptyOutDir', '--logLevel', 'warn'],
    ...['--configLoader', 'runner'],
  ])
  compressAssets(at(DRAFT, 'www', 'assets'))
  writeFileSync(at(DRAFT, STAMP), digest)
  rmSync(at('dist'), { recursive: true, force: true })
  renameSync(at(DRAFT), at('dist'))
  say('built')
}

/** Scripts and styles beside themselves as gzip, so that no request waits for a compressor: they hold no secrets. */
function compressAssets(folder) {
  for (const name of readdirSync(folder).filter((name) => /\.(js|css)$/.test(name)))
    writeFileSync(join(folder, `${name}.gz`), gzipSync(readFileSync(join(folder, name)), { level: 9 }))
}
