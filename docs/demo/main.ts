import { type Acme, setUpAcme } from './acme.js'
import { type AdminApi, adminApi } from './admin-api.js'
import { printOwner, setUpOwner } from './owner.js'
import { type Paper, padded, paperOn } from './paper.js'
import { printNextSteps } from './print-next-steps.js'
import { printSignIn } from './print-sign-in.js'
import { note, printTour } from './print-tour.js'
import { playScenario } from './scenario.js'
import { type DemoServer, startDemoServer } from './server.js'
import { setUpSignIn, startDemoIdentityProvider } from './sign-in.js'
import { readTour } from './tour.js'

/** `npm run demo`: goes on until Ctrl-C; `npm run demo -- --once` ends after the tour. */
async function main(words: readonly string[]): Promise<void> {
  const unknown = words.find((word) => word !== '--once')
  if (unknown !== undefined) throw new Error(`the demo does not know ${unknown}; it knows --once`)
  const paper = paperOn(process.stdout, process.env)
  const server = await startDemoServer(process.env)
  const idp = await startDemoIdentityProvider()
  const stop = stopper([server, idp])
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  try {
    const admin = adminApi(server.url, server.operatorToken)
    const acme = await play(admin, server, paper)
    printTour(await readTour(admin, acme.accountId), paper)
    const signIn = await setUpSignIn(admin, idp, acme)
    if (words.includes('--once')) return stop()
    await printNextSteps(admin, server, acme, paper)
    printSignIn(signIn, idp.url, paper)
    printOwner(await setUpOwner(admin, server.url, acme.accountId), server.url, paper)
    invite(admin, acme, paper)
  } catch (error) {
    // What was under way when somebody stopped the demo has nobody to answer it.
    if (!stop.begun()) throw error
  }
}

async function play(admin: AdminApi, { url }: DemoServer, paper: Paper): Promise<Acme> {
  note(paper, `Usher serves on ${url}, with a database of its own that is removed at the end.`)
  const acme = await setUpAcme(admin)
  note(paper, 'The account Acme has products with few seats, two connections with rules, two people added by hand.')
  paper.line()
  await playScenario(acme, (step, done, of, requests) => {
    paper.draft(`  ${padded(step, 28)} ${done} of ${of} steps, ${requests} requests`, done === of)
  })
  return acme
}

/** The tour can be printed again after the reader changed something. */
function invite(admin: AdminApi, { accountId }: Acme, paper: Paper): void {
  const { stdin } = process
  const hint = stdin.isTTY ? 'Enter prints the tour again, as things stand then. ' : ''
  const ask = () => paper.line(`\n${paper.bold(`${hint}Ctrl-C stops the server and removes its database.`)}`)
  const again = async () => {
    printTour(await readTour(admin, accountId), paper)
    ask()
  }
  ask()
  if (stdin.isTTY) stdin.on('data', () => void again().catch(fail))
}

/** A terminal sends its signal to every process of the demo, and each passes it on: it may come more than once. */
function stopper(servers: readonly Pick<DemoServer, 'close'>[]): (() => void) & { begun(): boolean } {
  let begun = false
  const stop = () => {
    if (begun) return
    begun = true
    Promise.all(servers.map((server) => server.close())).then(() => process.exit(0), fail)
  }
  return Object.assign(stop, { begun: () => begun })
}

function fail(error: unknown): never {
  console.error(`usher: the demo stopped: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}

main(process.argv.slice(2)).catch(fail)
