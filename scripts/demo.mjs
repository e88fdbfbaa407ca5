import { ensureBuilt } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { runTypeScript } from './run.mjs'
import { say } from './say.mjs'

// `npm run demo`. The server is started from the sources as they stand; what has to be built is the console.
await ensureInstalled()
await ensureBuilt()
say('starting the demo …')
await runTypeScript('docs/demo/main.ts', process.argv.slice(2))
