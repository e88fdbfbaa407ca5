import { join } from 'node:path'
import { ensureBuilt } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { say } from './say.mjs'

// `npm start`. The server runs in this very process, so signals and exit codes need no messenger. For the same reason
// package.json says `exec`: else SIGTERM would end npm's shell and leave the server behind. cmd.exe has no `exec` and
// takes the second half of that line.
await ensureInstalled()
await ensureBuilt()
say('starting the server; its line "listening" names the address …')
say(`where to go next: README.md, "Connect your identity provider", with ${tokenPlace()}`)
await import('../dist/server/main.js')

function tokenPlace() {
  const { USHER_OPERATOR_TOKEN: token, DATA_DIR: folder } = process.env
  return token ? 'the token in USHER_OPERATOR_TOKEN' : `the token in ${join(folder || 'data', 'operator-token')}`
}
