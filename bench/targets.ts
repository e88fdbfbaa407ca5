import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { SampleAnswers } from './bare-express.js'
import { expectStatus, inParallel, send } from './client.js'
import { activePatch, entraUser, userNameOf } from './people.js'
import { say } from './say.js'
import type { Connection } from './usher.js'

/** A server under load. */
export interface Target {
  readonly pid: number
  readonly baseUrl: string
  readonly token: string
}

export interface BareExpress extends Target {
  stop(): void
}

/** Start the bare Express server, which answers with these resources. */
export async function startBareExpress(answers: SampleAnswers): Promise<BareExpress> {
  const child = fork(fileURLToPath(new URL('bare-express.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const [port] = await once(child, 'message')
  child.send(answers)
  return { pid: child.pid ?? 0, baseUrl: `http://127.0.0.1:${port}`, token: 'unread', stop: () => child.kill() }
}

/** Create people over SCIM; resolves to their ids, person `n` at index `n`. */
export async function seedPeople({ baseUrl, token }: Connection, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => '')
  await inParallel(ids, async (_, number) => {
    const text = await expectStatus(201, 'POST', `${baseUrl}/Users`, token, entraUser('seed', number))
    ids[number] = JSON.parse(text).id
    if ((number + 1) % 2_500 === 0) say(`${number + 1} of ${count} people created`)
  })
  return ids
}

/** Answers of a server, one of each kind: what Usher says is what the bare one is told to return. Leaves one `load` user. */
export async function sampleAnswers({ baseUrl, token }: Target, ids: readonly string[]): Promise<SampleAnswers> {
  const filter = encodeURIComponent(`userName eq "${userNameOf('seed', 1)}"`)
  const one = `${baseUrl}/Users/${ids[1]}`
  const created = await expectStatus(201, 'POST', `${baseUrl}/Users`, token, entraUser('load', 0))
  const read = await expectStatus(200, 'GET', one, token)
  const found = await expectStatus(200, 'GET', `${baseUrl}/Users?filter=${filter}`, token)
  const patched = await expectStatus(200, 'PATCH', one, token, activePatch(false))
  await expectStatus(200, 'PATCH', one, token, activePatch(true))
  const [createdJson, readJson, foundJson, patchedJson] = [created, read, found, patched].map((text) =>
    JSON.parse(text),
  )
  return { created: createdJson, read: readJson, found: foundJson, patched: patchedJson }
}

/** Both servers must return as many bytes; a difference of digits in a version is let pass. */
export async function compareBytes(usher: Target, bare: Target, ids: readonly string[]): Promise<void> {
  const [ours, theirs] = [await sampleAnswers(usher, ids), await sampleAnswers(bare, ids)]
  for (const kind of ['created', 'read', 'found', 'patched'] as const) {
    const [a, b] = [JSON.stringify(ours[kind]).length, JSON.stringify(theirs[kind]).length]
    if (Math.abs(a - b) > 8) throw new Error(`the bare server returns ${b} bytes for ${kind}, Usher ${a}`)
  }
}

/** Delete everyone whom a POST measurement created, so that the store keeps its size. */
export async function removeSeries({ baseUrl, token }: Target, series: string): Promise<number> {
  const filter = encodeURIComponent(`userName sw "${series}."`)
  for (let removed = 0; ; ) {
    const page = await expectStatus(200, 'GET', `${baseUrl}/Users?filter=${filter}&attributes=id&count=1000`, token)
    const people: { id: string }[] = JSON.parse(page).Resources ?? []
    if (people.length === 0) return removed
    await inParallel(people, async ({ id }) => {
      const { status } = await send('DELETE', `${baseUrl}/Users/${id}`, token)
      if (status !== 204) throw new Error(`DELETE of a user answered ${status}`)
    })
    removed += people.length
  }
}

/** How many people the connection has. */
export async function countPeople({ baseUrl, token }: Target): Promise<number> {
  return JSON.parse(await expectStatus(200, 'GET', `${baseUrl}/Users?count=0`, token)).totalResults
}
