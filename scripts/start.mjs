import { ensureBuilt } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { say } from './say.mjs'

// `npm start`. The server runs in this very process, so signals and exit codes need no messenger.
await ensureInstalled()
await ensureBuilt()
say('starting the server …')
await import('../dist/server/main.js')
