import { TestApp } from '../harness/app.js'
import { SQLITE } from '../harness/sqlite.js'
import { aScene } from './scene.js'

// `npm run console:scene`: a server with an account in which much has happened, for who works on the console. It prints
// how to enter, and stays until Ctrl-C.
const app = new TestApp(SQLITE, { PORT: process.env.PORT ?? '0' })
await app.start()
const { cookies } = await aScene(app)
console.log(`The console: ${app.publicUrl}/`)
for (const [role, cookie] of Object.entries(cookies)) console.log(`Cookie of the ${role}: ${cookie}`)
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => void app.stop().then(() => process.exit(0)))
