import type { AdminApi } from './admin-api.js'
import type { Connection, Effects, License, LogEvent, MatchRequest, Product, Rule, User } from './answers.js'

/** What there is to see in an account. Every word of it comes from the admin API. */
export interface Tour {
  readonly directories: readonly DirectoryTour[]
  /** People whom no directory manages. */
  readonly local: readonly PersonTour[]
  readonly pools: readonly PoolTour[]
  /** Oldest first. */
  readonly failures: readonly FailureTour[]
  readonly matchRequests: readonly { readonly id: string; readonly userName: string; readonly cause: string }[]
  readonly timeline: TimelineTour | undefined
}

export interface DirectoryTour {
  readonly id: string
  readonly name: string
  readonly rules: readonly Rule[]
  readonly defaults: Effects
  readonly people: readonly PersonTour[]
}

export interface PersonTour {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly statusReason: string | undefined
  readonly role: { readonly key: string; readonly why: string }
  readonly licenses: readonly LicenseTour[]
}

export interface LicenseTour {
  readonly product: string
  readonly state: License['state']
  /** `#3` for the third rule of her directory, `default`, `by hand`. */
  readonly why: string
  /** Names of the products that come with it and share its seat. */
  readonly includes: readonly string[]
  /** Place in the waiting list, 1 is next; undefined where it does not wait. */
  readonly place: number | undefined
}

export interface PoolTour extends Product {
  /** Who waits, in the order in which seats will be given. */
  readonly queue: readonly { readonly userId: string; readonly name: string; readonly since: string }[]
}

export interface FailureTour {
  readonly id: string
  readonly code: string
  readonly status: number
  /** Who sent it, to what, as the log names them. */
  readonly directory: string
  readonly subject: string
  readonly message: string
}

export interface TimelineTour {
  readonly userId: string
  readonly name: string
  /** Oldest first. */
  readonly moments: readonly Moment[]
}

export interface Moment {
  readonly event: LogEvent
  /** The event of the request that it followed from, where that was about somebody or something else. */
  readonly cause: LogEvent | undefined
}

/** Everything that was read once and is looked up often. */
interface Read {
  readonly rules: ReadonlyMap<string, Rule>
  readonly products: ReadonlyMap<string, Product>
  readonly pools: ReadonlyMap<string, PoolTour>
}

export async function readTour(admin: AdminApi, accountId: string): Promise<Tour> {
  const account = `/accounts/${accountId}`
  const users = await admin.all<User>(`${account}/users`)
  const products = await admin.all<Product>(`${account}/products`)
  const connections = await admin.all<Connection>(`${account}/connections`)
  const rules = new Map<string, readonly Rule[]>()
  for (const { id } of connections) rules.set(id, await admin.all<Rule>(`${account}/connections/${id}/rules`))
  const pools = products.map((product) => ({ ...product, queue: queueOf(product.key, users) }))
  const read = {
    rules: new Map([...rules.values()].flat().map((rule) => [rule.id, rule])),
    products: byKey(products),
    pools: byKey(pools),
  }
  const peopleOf = (id: string | null) =>
    users.filter(({ connectionId }) => connectionId === id).map((user) => personTour(user, read))
  return {
    directories: connections.map(({ id, name, defaults }) => {
      return { id, name, defaults, rules: rules.get(id) ?? [], people: peopleOf(id) }
    }),
    local: peopleOf(null),
    pools,
    failures: await readFailures(admin, account, connections),
    matchRequests: (await admin.all<MatchRequest>(`${account}/match-requests?state=open`)).map((request) => {
      return { id: request.id, userName: request.incoming.userName, cause: request.cause }
    }),
    timeline: await readTimeline(admin, account, users),
  }
}

function byKey<Item extends { readonly key: string }>(items: readonly Item[]): Map<string, Item> {
  return new Map(items.map((item) => [item.key, item]))
}

/** Seats are given to whoever waits longest; ids, which follow time, decide where that is equal. */
function queueOf(product: string, users: readonly User[]): PoolTour['queue'] {
  const waiting = users.flatMap(({ id, displayName, licenses }) => {
    const since = licenses.find((license) => license.product === product)?.waitingSince
    return since === undefined ? [] : [{ userId: id, name: displayName, since }]
  })
  const order = ({ since, userId }: { readonly since: string; readonly userId: string }) => `${since} ${userId}`
  return waiting.sort((a, b) => (order(a) < order(b) ? -1 : 1))
}

function personTour(user: User, read: Read): PersonTour {
  const own = user.licenses.filter(({ via }) => via === undefined)
  return {
    id: user.id,
    name: user.displayName,
    status: user.status,
    statusReason: user.statusReason,
    role: { key: user.role.key, why: whyOf(user.role, read) },
    licenses: own.map((license) => licenseTour(license, user, read)),
  }
}

function licenseTour(license: License, user: User, read: Read): LicenseTour {
  const nameOf = (key: string) => read.products.get(key)?.name ?? key
  const index = read.pools.get(license.product)?.queue.findIndex(({ userId }) => userId === user.id) ?? -1
  return {
    product: nameOf(license.product),
    state: license.state,
    why: whyOf(license, read),
    includes: user.licenses.filter(({ via }) => via === license.product).map(({ product }) => nameOf(product)),
    place: license.state === 'waiting' && index >= 0 ? index + 1 : undefined,
  }
}

function whyOf({ source, ruleId }: { readonly source: string; readonly ruleId?: string }, { rules }: Read): string {
  if (ruleId !== undefined) return `#${rules.get(ruleId)?.priority ?? ruleId}`
  return source === 'manual' ? 'by hand' : source
}

async function readFailures(
  admin: AdminApi,
  account: string,
  connections: readonly Connection[],
): Promise<FailureTour[]> {
  const events = await admin.all<LogEvent>(`${account}/events?outcome=failure`)
  return events.toReversed().map(({ id, code = '', http, connectionId, subject, message = '' }) => ({
    id,
    code,
    status: http?.status ?? 0,
    directory: connections.find((connection) => connection.id === connectionId)?.name ?? '',
    subject:
      subject?.type === 'connection'
        ? requestOf(http)
        : (subject?.userName ?? subject?.displayName ?? subject?.type ?? ''),
    message,
  }))
}

/** Where nobody was let in there is no subject but the request: `GET /Users`. */
function requestOf(http: LogEvent['http']): string {
  return http === undefined ? '' : `${http.method} /${http.path.split('/').slice(4).join('/')}`
}

/** The one person to follow: who received the last seat that somebody else gave back, else the first of all. */
async function readTimeline(
  admin: AdminApi,
  account: string,
  users: readonly User[],
): Promise<TimelineTour | undefined> {
  const changed = await admin.all<LogEvent>(`${account}/events?action=user.access_changed&outcome=success`)
  const receiver = changed.find(({ effects }) => effects.some(isHandedOver))?.userId
  const person = users.find(({ id }) => id === receiver) ?? users[0]
  if (person === undefined) return undefined
  const moments: Moment[] = []
  for (const event of await admin.all<LogEvent>(`${account}/events?userId=${person.id}`)) {
    const { id, correlationId } = event
    const cause = correlationId === id ? undefined : await admin.get<LogEvent>(`${account}/events/${correlationId}`)
    moments.unshift({ event, cause })
  }
  return { userId: person.id, name: person.displayName, moments }
}

function isHandedOver({ kind, before, after }: LogEvent['effects'][number]): boolean {
  return kind === 'license' && before === 'waiting' && (after === 'reserved' || after === 'assigned')
}
