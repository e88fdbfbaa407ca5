import { ensureBuilt } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { runTypeScript } from './run.mjs'

// `npm run console:scene`: a server with an account in which much has happened, for who works on the console.
await ensureInstalled()
await ensureBuilt()
await runTypeScript('test/browser/scene-main.ts', process.argv.slice(2))
