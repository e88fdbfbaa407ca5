import { ensureBuilt } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { runTypeScript } from './run.mjs'
import { say } from './say.mjs'

// `npm run bench`, with its own options after `--`. It measures dist/, which is what `npm start` serves.
await ensureInstalled()
await ensureBuilt()
say('starting the measurements …')
await runTypeScript('bench/main.ts', process.argv.slice(2))
