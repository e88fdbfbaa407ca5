import { ensureBuilt } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { runTypeScript } from './run.mjs'
import { say } from './say.mjs'

// `npm run fuzz`, with its own options after `--`. It fires at dist/, which is what `npm start` serves.
await ensureInstalled()
await ensureBuilt()
say('starting to fuzz …')
await runTypeScript('bench/fuzz/main.ts', process.argv.slice(2))
