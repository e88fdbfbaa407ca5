import { expectStatus, inParallel } from './client.js'
import { entraUser } from './people.js'
import { say } from './say.js'
import { median } from './statistics.js'
import { tableOf, verdict } from './table.js'
import { type Connection, createConnection, type Usher } from './usher.js'

const OPERATIONS = 1_000
const ROUNDS = 5
const BULK_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'

/** A thousand people in one request, against a thousand requests, in turn (RFC 7644 §3.7). */
export async function benchBulk(usher: Usher): Promise<void> {
  const connection = await createConnection(usher)
  const rates = { bulk: [] as number[], alone: [] as number[], sixteen: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    say(`bulk, round ${round + 1}/${ROUNDS} …`)
    const people = (series: string) =>
      Array.from({ length: OPERATIONS }, (_, number) => entraUser(`${series}${round}`, number))
    rates.bulk.push(await rateOf(() => inBulk(connection, people('bulk'))))
    rates.alone.push(await rateOf(() => oneByOne(connection, people('alone'), 1)))
    rates.sixteen.push(await rateOf(() => oneByOne(connection, people('sixteen'), 16)))
  }
  const factor = (other: readonly number[]) => median(other.map((rate, round) => rates.bulk[round]! / rate))
  const row = (name: string, own: readonly number[], target: string) => [name, median(own).toFixed(0), target]
  const rows = [
    ['creates', 'people/s', 'bulk is faster by'],
    row(`${OPERATIONS} in one request`, rates.bulk, ''),
    row(
      'one request after another',
      rates.alone,
      `${factor(rates.alone).toFixed(2)}, ${verdict(factor(rates.alone), 3, 'more')}`,
    ),
    row('16 requests at a time', rates.sixteen, factor(rates.sixteen).toFixed(2)),
  ]
  process.stdout.write(`\nMedian of ${ROUNDS} rounds\n\n${tableOf(rows)}\n`)
}

/** People created per second. */
async function rateOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return (OPERATIONS * 1_000) / (performance.now() - start)
}

async function inBulk({ baseUrl, token }: Connection, people: readonly object[]): Promise<void> {
  const Operations = people.map((data, index) => ({ method: 'POST', path: '/Users', bulkId: String(index), data }))
  const text = await expectStatus(200, 'POST', `${baseUrl}/Bulk`, token, { schemas: [BULK_REQUEST], Operations })
  const { Operations: outcomes } = JSON.parse(text) as { Operations: { status: string }[] }
  const made = outcomes.filter(({ status }) => status === '201').length
  if (made !== people.length) throw new Error(`the bulk request created ${made} of ${people.length} people`)
}

async function oneByOne({ baseUrl, token }: Connection, people: readonly object[], width: number): Promise<void> {
  await inParallel(
    people,
    async (body) => void (await expectStatus(201, 'POST', `${baseUrl}/Users`, token, body)),
    width,
  )
}
