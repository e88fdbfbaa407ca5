import { ensureBuilt } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { runTypeScript } from './run.mjs'
import { say } from './say.mjs'

// `npm run crash`, with its own options after `--`: what dist/ acknowledged is looked for after it was killed.
await ensureInstalled()
await ensureBuilt()
say('starting to kill servers …')
await runTypeScript('bench/crash/main.ts', process.argv.slice(2))
