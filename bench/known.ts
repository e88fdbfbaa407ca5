import { send } from './client.js'
import { entraUser } from './people.js'
import { say } from './say.js'
import { median, quantile } from './statistics.js'
import { tableOf, verdict } from './table.js'
import { type Connection, createConnection, type Usher } from './usher.js'

const PEOPLE = 200
const ROUNDS = 10

interface Read {
  readonly status: number
  readonly bytes: number
  readonly ms: number
}

/** Reads of people whose version the client knows (RFC 7644 §3.14), against plain ones, in turn. */
export async function benchKnown(usher: Usher): Promise<void> {
  const connection = await createConnection(usher)
  say('reading people, known and unknown …')
  const urls = await Promise.all(Array.from({ length: PEOPLE }, (_, number) => create(connection, number)))
  const [plain, known]: [Read[], Read[]] = [[], []]
  for (let round = 0; round <= ROUNDS; round++)
    for (const url of urls) {
      const reads = [await read(url, connection.token), await read(url, connection.token, 'W/"1"')] as const
      // The first round is there to warm up.
      if (round > 0)
        [plain, known].forEach((list, index) => {
          list.push(reads[index]!)
        })
    }
  const rows = [rowOf('GET /Users/{id}', plain, ''), rowOf('the same with If-None-Match', known, bodyVerdict(known))]
  const head = ['request', 'status', 'p50 ms', 'p99 ms', 'bytes of body', 'target']
  process.stdout.write(`\nOne request at a time, ${PEOPLE * ROUNDS} of each\n\n${tableOf([head, ...rows])}\n`)
}

async function create({ baseUrl, token }: Connection, number: number): Promise<string> {
  const { status, text } = await send('POST', `${baseUrl}/Users`, token, entraUser('known', number))
  if (status !== 201) throw new Error(`a create answered ${status}: ${text}`)
  return `${baseUrl}/Users/${JSON.parse(text).id}`
}

async function read(url: string, token: string, known?: string): Promise<Read> {
  const start = performance.now()
  const { status, text } = await send(
    'GET',
    url,
    token,
    undefined,
    known === undefined ? {} : { 'If-None-Match': known },
  )
  return { status, bytes: Buffer.byteLength(text), ms: performance.now() - start }
}

function bodyVerdict(reads: readonly Read[]): string {
  return verdict(Math.max(...reads.map(({ bytes }) => bytes)), 0, 'less')
}

function rowOf(name: string, reads: readonly Read[], target: string): string[] {
  const times = reads.map(({ ms }) => ms)
  const statuses = [...new Set(reads.map(({ status }) => status))].join(', ')
  const bytes = median(reads.map((one) => one.bytes)).toFixed(0)
  return [name, statuses, median(times).toFixed(2), quantile(times, 0.99).toFixed(2), bytes, target]
}
