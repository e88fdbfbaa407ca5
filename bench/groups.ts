import type { Database } from '../db/database.js'
import { cloneMembers, clonePeople, copyId, type Original } from '../test/harness/clone-people.js'
import { expectStatus, inParallel } from './client.js'
import { residentMib, untilIdle } from './cpu-time.js'
import { entraUser } from './people.js'
import { say } from './say.js'
import { median, quantile } from './statistics.js'
import { tableOf, verdict } from './table.js'
import { type Connection, createConnection, type Usher } from './usher.js'

const PEOPLE = 100_000
const GROUP_SIZES = [10, 1_000, 10_000, 100_000]
const SAMPLES = 250
const PAGE = 100
/** The garbage of a thousand pages comes and goes; to keep what they said would take three times as much. */
const MAX_GROWTH_MIB = 50
const GROUP_URN = 'urn:ietf:params:scim:schemas:core:2.0:Group'

interface Store extends Connection {
  readonly original: Original
  /** Ids of the groups, in the order of GROUP_SIZES. */
  readonly groups: readonly string[]
  /** Ids of people who are in no group. */
  readonly newcomers: readonly string[]
}

/** Does work grow with the size of a group or of the store? `db` is the database of `usher`, for seeding alone. */
export async function benchGroups(usher: Usher, db: Database): Promise<void> {
  const empty = residentMib(usher.pid)
  const store = await seed(usher, db)
  say(`adding one member, ${SAMPLES} times to each group …`)
  const adding = await timeAdding(store)
  await checkMembers(store)
  say('reading groups and pages …')
  const heads = await timeEach(store.groups.slice(), 50, (id) =>
    get(store, `/Groups/${id}?excludedAttributes=members`, store),
  )
  const starts = [1, PEOPLE / 2, PEOPLE - PAGE]
  const pages = await timeEach(starts, 50, (start) => get(store, `/Users?startIndex=${start}&count=${PAGE}`, store))
  say('adding a thousand members at once …')
  const thousand = await timeThousand(store)
  const resident = residentMib(usher.pid)
  say('walking through everyone by cursor …')
  const walk = await timeWalk(store, usher.pid)
  const rows = [
    ...adding.map((times, index) => addingRow(times, adding[0]!, index)),
    ...heads.map((times, index) => [`GET group of ${sizeOf(index)} without members`, ms(times), worst(times), '']),
    ...pages.map((times, index) => pageRow(times, pages[0]!, starts[index]!)),
    ...walkRows(walk),
    ['PATCH with 1,000 members', ms(thousand), worst(thousand), verdict(median(thousand), 150, 'less')],
  ]
  const memory = `Resident memory ${empty?.toFixed(0)} MiB at start, ${resident?.toFixed(0)} MiB now; target ${verdict(resident ?? Number.NaN, 300, 'less')}`
  process.stdout.write(
    `\n${PEOPLE} users, one request at a time\n\n${tableOf([['request', 'p50 ms', 'p99 ms', 'target'], ...rows])}\n\n${memory}\n`,
  )
}

const sizeOf = (index: number) => GROUP_SIZES[index]!.toLocaleString('en')
const ms = (times: readonly number[]) => median(times).toFixed(2)
const worst = (times: readonly number[]) => quantile(times, 0.99).toFixed(2)

function addingRow(times: readonly number[], first: readonly number[], index: number): string[] {
  const factor = median(times) / median(first)
  const target = index === 0 ? '' : `factor ${factor.toFixed(2)}, ${verdict(factor, 1.3, 'less')}`
  return [`add one member to ${sizeOf(index)}`, ms(times), worst(times), target]
}

function pageRow(times: readonly number[], first: readonly number[], start: number): string[] {
  const factor = median(times) / median(first)
  const target = start === 1 ? '' : `factor ${factor.toFixed(2)}, ${verdict(factor, 2, 'less')}`
  return [`page of ${PAGE} from ${start}`, ms(times), worst(times), target]
}

/** How long the pages of a walk took, in tenths of the way, and how much memory it cost. */
interface WalkTimes {
  readonly tenths: readonly (readonly number[])[]
  readonly growthMib: number
}

/** One page of a hundred after the other, from the first to the last of everyone; each person is met once. */
async function timeWalk(store: Store, pid: number): Promise<WalkTimes> {
  const pass = async () => {
    const times: number[] = []
    const met = new Set<string>()
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const start = performance.now()
      const text = await get(store, `/Users?count=${PAGE}&cursor=${cursor}`, store)
      times.push(performance.now() - start)
      const page: { nextCursor?: string; Resources: { id: string }[] } = JSON.parse(text)
      for (const { id } of page.Resources) met.add(id)
      cursor = page.nextCursor
    }
    if (met.size < PEOPLE) throw new Error(`the walk met ${met.size} people`)
    return times
  }
  // The first pass fills the cache of the database.
  await pass()
  const before = residentMib(pid) ?? Number.NaN
  const times = await pass()
  const growthMib = (residentMib(pid) ?? Number.NaN) - before
  const size = Math.ceil(times.length / 10)
  return { tenths: Array.from({ length: 10 }, (_, n) => times.slice(n * size, (n + 1) * size)), growthMib }
}

function walkRows({ tenths, growthMib }: WalkTimes): string[][] {
  const first = tenths[0]!
  const slowest = tenths.toSorted((a, b) => median(b) - median(a))[0]!
  const factor = median(slowest) / median(first)
  return [
    [`page of ${PAGE} by cursor, first tenth`, ms(first), worst(first), ''],
    [
      '… slowest tenth of the way',
      ms(slowest),
      worst(slowest),
      `factor ${factor.toFixed(2)}, ${verdict(factor, 1.5, 'less')}`,
    ],
    ['… memory that the walk adds, MiB', growthMib.toFixed(1), '', verdict(growthMib, MAX_GROWTH_MIB, 'less')],
  ]
}

async function seed(usher: Usher, db: Database): Promise<Store> {
  const connection = await createConnection(usher)
  const create = async (path: string, body: object): Promise<string> =>
    JSON.parse(await expectStatus(201, 'POST', `${connection.baseUrl}${path}`, connection.token, body)).id
  const scimId = await create('/Users', entraUser('crowd', 0))
  const original = { accountId: connection.accountId, connectionId: connection.id, scimId }
  say(`copying one person ${PEOPLE.toLocaleString('en')} times …`)
  await clonePeople(db, original, PEOPLE)
  const groups: string[] = []
  for (const size of GROUP_SIZES) {
    const id = await create('/Groups', { schemas: [GROUP_URN], displayName: `Group of ${size}` })
    await cloneMembers(db, original, id, [1, size])
    groups.push(id)
  }
  say('creating a thousand people who are in no group …')
  const newcomers = Array.from({ length: 1_000 }, () => '')
  await inParallel(newcomers, async (_, number) => {
    newcomers[number] = await create('/Users', entraUser('newcomer', number + 1))
  })
  await untilIdle(usher.pid)
  return { ...connection, original, groups, newcomers }
}

function members(op: 'add' | 'remove', ids: readonly string[]): object {
  const value = ids.map((id) => ({ value: id }))
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op, path: 'members', value }],
  }
}

function patch({ baseUrl, token }: Connection, group: string, body: object): Promise<string> {
  return expectStatus(204, 'PATCH', `${baseUrl}/Groups/${group}`, token, body)
}

function get({ baseUrl }: Connection, path: string, { token }: Connection): Promise<string> {
  return expectStatus(200, 'GET', `${baseUrl}${path}`, token)
}

/** Milliseconds per call, for each of the things in turn, so that what disturbs one disturbs all. */
async function timeEach<T>(things: readonly T[], samples: number, work: (thing: T) => Promise<unknown>) {
  const times = things.map((): number[] => [])
  for (let sample = 0; sample < samples; sample++) {
    for (const [index, thing] of things.entries()) {
      const start = performance.now()
      await work(thing)
      times[index]!.push(performance.now() - start)
    }
  }
  return times
}

async function timeAdding(store: Store): Promise<number[][]> {
  const next = store.groups.map(() => 0)
  return timeEach(
    store.groups.map((id, index) => ({ id, index })),
    SAMPLES,
    ({ id, index }) => patch(store, id, members('add', [store.newcomers[next[index]!++]!])),
  )
}

/** Every group holds whom it held and everyone who was added. */
async function checkMembers(store: Store): Promise<void> {
  for (const [index, id] of store.groups.entries()) {
    const group: { members: { value: string }[] } = JSON.parse(await get(store, `/Groups/${id}`, store))
    const held = new Set(group.members.map(({ value }) => value))
    const size = GROUP_SIZES[index]!
    const missing = store.newcomers.slice(0, SAMPLES).filter((newcomer) => !held.has(newcomer))
    const isWhole = held.size === size + SAMPLES && held.has(copyId(store.original.scimId, size))
    if (missing.length > 0 || !isWhole) throw new Error(`the group of ${size} has ${held.size} members`)
  }
}

/** A thousand people added to the group of ten with one request; they are removed again between the samples. */
async function timeThousand(store: Store): Promise<number[]> {
  const times: number[] = []
  const group = store.groups[0]!
  for (let sample = 0; sample < 10; sample++) {
    await patch(store, group, members('remove', store.newcomers))
    const [time] = await timeEach([group], 1, (id) => patch(store, id, members('add', store.newcomers)))
    times.push(...time!)
  }
  return times
}
