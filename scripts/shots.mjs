import { ensureBuilt } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { runTypeScript } from './run.mjs'

// `npm run console:shots`: a picture of every screen of the console, into screenshots/.
await ensureInstalled()
await ensureBuilt()
await runTypeScript('test/browser/shots-main.ts', process.argv.slice(2))
