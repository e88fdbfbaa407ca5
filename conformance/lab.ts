import { randomBytes } from 'node:crypto'
import { Fault, NotOffered } from './check.js'
import { type Answer, type Body, type Client, type Sending, shown } from './client.js'

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
export const LIST_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
export const SEARCH_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'
export const BULK_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'
export const BULK_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse'
export const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error'

const SCIM_TYPES = new Set([
  'invalidFilter',
  'tooMany',
  'uniqueness',
  'mutability',
  'invalidSyntax',
  'invalidPath',
  'noTarget',
  'invalidValue',
  'invalidVers',
  'sensitive',
  'invalidCursor',
  'expiredCursor',
  'invalidCount',
])

/** Where one check works: people and groups of its own, which are gone after it. */
export class Lab {
  readonly client: Client
  /** A word that stands in every name of this check and in no other. */
  readonly word: string
  readonly #made: string[] = []
  #count = 0

  constructor(client: Client) {
    this.client = client
    this.word = `c${randomBytes(5).toString('hex')}`
  }

  /** A User as a client sends it, with a userName of its own. */
  userBody(overrides: object = {}): Body {
    const userName = `${this.word}.${++this.#count}@example.com`
    return {
      schemas: [USER],
      userName,
      name: { givenName: 'Ada', familyName: 'Lovelace' },
      displayName: `Ada ${this.word}`,
      emails: [{ value: userName, type: 'work', primary: true }],
      active: true,
      ...overrides,
    }
  }

  groupBody(overrides: object = {}): Body {
    return { schemas: [GROUP], displayName: `Group ${this.word} ${++this.#count}`, ...overrides }
  }

  async user(overrides: object = {}): Promise<Body> {
    return (await this.create('/Users', this.userBody(overrides))).body
  }

  async group(members: readonly { readonly id: string }[] = [], overrides: object = {}): Promise<Body> {
    const body = this.groupBody({ members: members.map(({ id }) => ({ value: id })), ...overrides })
    return (await this.create('/Groups', body)).body
  }

  /** POST, and take away afterwards what it made. */
  async create(path: string, body: object | string, headers: Sending['headers'] = {}): Promise<Answer> {
    const answer = await this.client.expect(201, 'POST', path, { body, headers })
    if (typeof answer.body?.id !== 'string') throw new Fault(`${shown(answer)}, which has no id`)
    this.adopt(`${path.split('?')[0]}/${answer.body.id}`)
    return answer
  }

  /** Take this away when the check is over. */
  adopt(path: string): void {
    this.#made.push(path)
  }

  /** What cannot be removed is left: the verdict is about what was tried, not about the tidying. */
  async cleanUp(): Promise<void> {
    for (const path of this.#made.reverse()) await this.client.send('DELETE', path).catch(() => undefined)
  }

  async get(path: string): Promise<Body> {
    return (await this.client.expect(200, 'GET', path)).body
  }

  /** The resources that a filter finds. */
  async find(endpoint: string, filter: string, rest: Readonly<Record<string, string>> = {}): Promise<Body[]> {
    const list = await this.list(endpoint, { filter, count: '200', ...rest })
    return list.Resources ?? []
  }

  async list(endpoint: string, query: Readonly<Record<string, string>> = {}): Promise<Body> {
    return this.get(`${endpoint}?${new URLSearchParams(query)}`)
  }

  patch(path: string, ...Operations: object[]): Promise<Answer> {
    return this.client.expect([200, 204], 'PATCH', path, { body: patchBody(Operations) })
  }

  /** Change a user, and read her as she is then. */
  async patched(user: Body, ...operations: object[]): Promise<Body> {
    await this.patch(`/Users/${user.id}`, ...operations)
    return this.get(`/Users/${user.id}`)
  }

  /** A request that has to be refused: the status, the Error message of RFC 7644 §3.12, and the scimType if one is named. */
  async refused(status: number, scimTypes: readonly string[], method: string, path: string, sending: Sending = {}) {
    const answer = await this.client.expect(status, method, path, sending)
    checkError(answer)
    const { scimType } = answer.body
    if (scimTypes.length > 0 && !scimTypes.includes(scimType))
      throw new Fault(`${shown(answer)}: scimType is ${scimType}, expected ${scimTypes.join(' or ')}`)
    return answer
  }

  /** What the server says of a feature. */
  async config(): Promise<Body> {
    return this.get('/ServiceProviderConfig')
  }

  /** Throws NotOffered where the ServiceProviderConfig says so. */
  async needs(feature: 'patch' | 'bulk' | 'sort' | 'etag'): Promise<Body> {
    const config = await this.config()
    if (config[feature]?.supported !== true)
      throw new NotOffered(`${feature} is not supported, says ServiceProviderConfig`)
    return config[feature]
  }
}

export function patchBody(Operations: readonly object[]): object {
  return { schemas: [PATCH_OP], Operations }
}

/** Throws Fault unless the body is a complete Error message. */
export function checkError(answer: Answer): void {
  const { body, status } = answer
  const wrong: string[] = []
  if (!(Array.isArray(body?.schemas) && body.schemas.includes(ERROR))) wrong.push(`schemas lacks ${ERROR}`)
  if (body?.status !== String(status)) wrong.push(`status is ${JSON.stringify(body?.status)}, not "${status}"`)
  if (body?.detail !== undefined && typeof body.detail !== 'string') wrong.push('detail is no text')
  if (body?.scimType !== undefined && !SCIM_TYPES.has(body.scimType))
    wrong.push(`scimType ${body.scimType} is not registered`)
  if (wrong.length > 0) throw new Fault(`${shown(answer)}: ${wrong.join(', ')}`)
}

/** Throws Fault with both values. */
export function same(actual: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (a !== b) throw new Fault(`${what} is ${String(a).slice(0, 200)}, expected ${String(b).slice(0, 200)}`)
}

export function holds(condition: boolean, fault: string): void {
  if (!condition) throw new Fault(fault)
}

/** Values in any order. */
export function sameSet(actual: readonly unknown[], expected: readonly unknown[], what: string): void {
  same([...actual].map(String).sort(), [...expected].map(String).sort(), what)
}

export function idsOf(resources: readonly Body[]): string[] {
  return resources.map(({ id }) => id)
}

/** Whether two instants are the same, however they are written. */
export function sameInstant(a: unknown, b: unknown): boolean {
  return typeof a === 'string' && typeof b === 'string' && Date.parse(a) === Date.parse(b)
}
