import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { at, digestOf, findJson, findStamp } from './checkout.mjs'
import { requireNode } from './node-version.mjs'
import { oneAtATime } from './one-at-a-time.mjs'
import { runOrExit } from './run.mjs'
import { say } from './say.mjs'

const STAMP = ['node_modules', '.usher-installed']
// Built by the install script of its package; absent after `npm ci --ignore-scripts`.
const BINDING = ['node_modules', 'better-sqlite3', 'build', 'Release', 'better_sqlite3.node']
const HEARTBEAT_SECONDS = 15

/** Bring node_modules to what package-lock.json says, with `npm ci`, where it is not that already. */
export async function ensureInstalled() {
  requireNode()
  if (isInstalled()) return
  await oneAtATime(async () => {
    if (!isInstalled()) await install()
  })
}

function isInstalled() {
  return findStamp(...STAMP) === wantedStamp() || adoptInstall()
}

/** The native binding belongs to one version of the binary interface of Node.js, so that counts beside the lock file. */
function wantedStamp() {
  const { platform, arch, versions } = process
  return digestOf([readFileSync(at('package-lock.json')), platform, arch, versions.modules])
}

/** Packages that somebody installed by hand count as well, if npm noted the very versions of the lock file. */
function adoptInstall() {
  const installed = findJson('node_modules', '.package-lock.json')?.packages
  if (installed === undefined || !loadsBinding()) return false
  const wanted = Object.entries(findJson('package-lock.json').packages).filter(([path]) => path !== '')
  const isThere = ([path, { version, optional }]) => (installed[path]?.version ?? (optional && version)) === version
  if (!wanted.every(isThere)) return false
  writeFileSync(at(...STAMP), wantedStamp())
  return true
}

function loadsBinding() {
  try {
    createRequire(import.meta.url)(at(...BINDING))
    return true
  } catch {
    // Missing, or built for another Node.js: either way `npm ci` is the answer.
    return false
  }
}

async function install() {
  say('installing packages with npm ci (the first time a minute or two: SQLite is compiled where no binary fits) …')
  const started = Date.now()
  const heartbeat = setInterval(() => say('… still installing'), HEARTBEAT_SECONDS * 1000)
  // Without --include=dev an environment with NODE_ENV=production would go without the compiler.
  await runOrExit('npm ci', ...npm('ci', '--include=dev', '--no-audit', '--no-fund'))
  clearInterval(heartbeat)
  writeFileSync(at(...STAMP), wantedStamp())
  say(`packages installed in ${Math.round((Date.now() - started) / 1000)} s`)
}

/** The npm that runs this command, else the one on the path (a script on Windows, which needs a shell). */
function npm(...args) {
  const cli = process.env.npm_execpath
  if (cli?.endsWith('npm-cli.js')) return [process.execPath, [cli, ...args]]
  return ['npm', args, { shell: process.platform === 'win32' }]
}
