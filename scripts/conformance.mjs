import { ensureInstalled } from './install.mjs'
import { runTypeScript } from './run.mjs'

// `npm run conformance -- BASE_URL TOKEN`: against our server or anybody's.
await ensureInstalled()
await runTypeScript('conformance/main.ts', process.argv.slice(2))
