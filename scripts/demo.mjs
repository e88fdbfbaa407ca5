import { ensureBuilt } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { runTypeScript } from './run.mjs'
import { say } from './say.mjs'

// `npm run demo`.
await ensureInstalled()
await ensureBuilt()
say('starting the demo …')
await runTypeScript('docs/demo/main.ts', process.argv.slice(2))
