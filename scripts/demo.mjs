import { ensureInstalled } from './install.mjs'
import { runTypeScript } from './run.mjs'
import { say } from './say.mjs'

// `npm run demo`. The server is started from the sources as they stand, so nothing has to be built first.
await ensureInstalled()
say('starting the demo …')
await runTypeScript('docs/demo/main.ts', process.argv.slice(2))
