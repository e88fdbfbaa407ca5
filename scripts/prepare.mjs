import { ensureBuilt } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { say } from './say.mjs'

// `npm run build`: everything the other commands do before their own work, and nothing else.
await ensureInstalled()
await ensureBuilt()
say('packages and dist/ are up to date')
