import { recordBulk } from '../accounts/record-bulk.js'
import { planBulk, type Step, widthOf } from './bulk-plan.js'
import { resolveData, resolvePath, withoutReferences } from './bulk-references.js'
import { type BulkOperation, type BulkRequest, parseBulkRequest } from './bulk-request.js'
import { ScimError } from './errors.js'
import type { ScimReply, ScimRequest } from './exchange.js'
import { errorReply, faultReply, logRefusal } from './log-refusal.js'
import { redactedBody } from './redact.js'
import { refusalFromError } from './refusals.js'
import type { findRoute, ScimRoute } from './routes.js'

export const BULK_RESPONSE_URN = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse'

/** How one operation ended. */
interface Outcome {
  readonly reply: ScimReply
  /** Its path, with ids in place of references. */
  readonly path: string
  /** A fault of ours or of the database: nothing more is tried. */
  readonly fault?: unknown
}

/**
 * POST /Bulk (RFC 7644 §3.7). Each operation is a transaction and an event of its own; people who are created one after
 * another share their COMMITs. Replies 200 with what became of each operation that was run, in the order sent.
 * Refuses as a whole: 400 invalidSyntax | invalidValue, 413 over a limit.
 */
export async function runBulk(request: ScimRequest, find: typeof findRoute): Promise<ScimReply> {
  const bulk = parseBulkRequest(request.body)
  const run = new Run(request, bulk, find)
  await run.all()
  await recordBulk(request.deps, request.logged, { operations: bulk.operations.length, ...run.counts() })
  const body = { schemas: [BULK_RESPONSE_URN], Operations: run.answers() }
  return { status: 200, text: JSON.stringify(body), ...(run.fault === undefined ? {} : { fault: run.fault }) }
}

class Run {
  readonly #request: ScimRequest
  readonly #bulk: BulkRequest
  readonly #find: typeof findRoute
  readonly #outcomes = new Map<number, Outcome>()
  /** Ids of what was made, by bulkId. */
  readonly #ids = new Map<string, string>()
  fault: unknown

  constructor(request: ScimRequest, bulk: BulkRequest, find: typeof findRoute) {
    this.#request = request
    this.#bulk = bulk
    this.#find = find
  }

  async all(): Promise<void> {
    const { operations, failOnErrors } = this.#bulk
    let rest = planBulk(operations)
    while (rest.length > 0 && this.fault === undefined) {
      const allowed = failOnErrors - this.counts().failed
      if (allowed <= 0) return
      const width = widthOf(rest, operations, allowed)
      await Promise.all(rest.slice(0, width).map((step) => this.#take(step)))
      rest = rest.slice(width)
    }
  }

  counts(): { readonly run: number; readonly failed: number } {
    const failed = [...this.#outcomes.values()].filter(({ reply }) => reply.status >= 400).length
    return { run: this.#outcomes.size, failed }
  }

  answers(): object[] {
    const inOrder = [...this.#outcomes].sort(([a], [b]) => a - b)
    return inOrder.map(([index, outcome]) => this.#answer(this.#bulk.operations[index]!, outcome))
  }

  #answer({ method, bulkId }: BulkOperation, { reply, path }: Outcome): object {
    const failed = reply.status >= 400
    const isCreation = method.toUpperCase() === 'POST'
    const location = reply.location ?? (isCreation ? undefined : `${this.#request.baseUrl}${path}`)
    return {
      ...(location !== undefined && { location }),
      method,
      ...(bulkId !== undefined && { bulkId }),
      ...(reply.etag !== undefined && { version: reply.etag }),
      status: String(reply.status),
      ...(failed && reply.text !== undefined && { response: JSON.parse(reply.text) }),
    }
  }

  async #take(step: Step): Promise<void> {
    const operation = this.#bulk.operations[step.index]!
    const outcome = step.kind === 'run' ? await this.#run(operation, step) : await this.#link(operation, step.index)
    if (outcome === undefined) return
    this.#outcomes.set(step.index, outcome)
    if (outcome.fault !== undefined) this.fault = outcome.fault
    const id = outcome.reply.status < 400 ? outcome.reply.location?.split('/').at(-1) : undefined
    if (id !== undefined && operation.bulkId !== undefined) this.#ids.set(operation.bulkId, id)
  }

  #run(operation: BulkOperation, { references, open }: Extract<Step, { kind: 'run' }>): Promise<Outcome> {
    const missing = [...references].find((reference) => !open.has(reference) && !this.#ids.has(reference))
    const isCreation = operation.method.toUpperCase() === 'POST'
    const stuck = missing ?? (isCreation ? undefined : [...open][0])
    const refused = operation.refused ?? (stuck === undefined ? undefined : unresolved(stuck))
    const data = open.size === 0 ? operation.data : withoutReferences(operation.data, open)
    return this.#perform(operation.method, operation.path, data, operation.version, refused)
  }

  /**
   * What closes a circle is put in by replacing the resource that was made without it. Where that fails, the operation has
   * failed, and what it made is taken away again. Nothing to do where it had failed already.
   */
  async #link(operation: BulkOperation, index: number): Promise<Outcome | undefined> {
    const made = this.#outcomes.get(index)
    const { location } = made?.reply ?? {}
    if (made === undefined || made.reply.status >= 400 || location === undefined) return undefined
    const path = location.slice(this.#request.baseUrl.length)
    const linked = await this.#perform('PUT', path, operation.data, undefined, this.#unresolvedIn(operation))
    if (linked.reply.status < 400) return { ...linked, reply: { ...linked.reply, status: made.reply.status, location } }
    await this.#perform('DELETE', path, undefined, undefined, undefined)
    const { location: _, ...failed } = linked.reply
    return { ...linked, reply: failed }
  }

  #unresolvedIn({ data }: BulkOperation): ScimError | undefined {
    let missing: string | undefined
    resolveData(data, (bulkId) => {
      if (!this.#ids.has(bulkId)) missing ??= bulkId
      return undefined
    })
    return missing === undefined ? undefined : unresolved(missing)
  }

  /** One request of its own, as if it had come alone. */
  async #perform(
    method: string,
    sentPath: string,
    sentData: unknown,
    version: string | undefined,
    refused: ScimError | undefined,
  ): Promise<Outcome> {
    const { deps, logged, baseUrl } = this.#request
    const idOf = (bulkId: string) => this.#ids.get(bulkId)
    const path = resolvePath(sentPath, idOf)
    const body = sentData === undefined ? undefined : resolveData(sentData, idOf)
    const [, endpoint = '', id = '', ...more] = path.split('?')[0]!.split('/')
    const entry = {
      ...logged,
      id: deps.newId(),
      bulkId: logged.id,
      http: { ...logged.http, method: method.toUpperCase(), path: `${logged.http.path}${path}`.slice(0, 1_000) },
      startedAt: performance.now(),
      body: body === undefined ? undefined : redactedBody(JSON.stringify(body), body),
    }
    try {
      if (refused !== undefined) throw refused
      const route = this.#routeOf(method, endpoint, id !== '', more.length > 0)
      const query = new URLSearchParams(path.split('?')[1] ?? '')
      const own = { deps, connection: logged.connection, baseUrl, ifMatch: version, ifNoneMatch: undefined }
      return { reply: await route.handler({ ...own, logged: entry, id, query, body }), path }
    } catch (error) {
      const refusal = refusalFromError(error)
      if (refusal === undefined) return { reply: faultReply(error, entry.id), path, fault: error }
      const reply = errorReply(refusal, entry.id)
      await logRefusal(deps, entry, { endpoint, id, body }, refusal, reply, error)
      return { reply, path }
    }
  }

  #routeOf(method: string, endpoint: string, withId: boolean, tooLong: boolean): ScimRoute {
    const found = tooLong ? undefined : this.#find(method.toUpperCase(), endpoint, withId)
    if (Array.isArray(found)) {
      const text = `${method} is not possible on /${endpoint}, only ${found.join(', ')}.`
      throw new ScimError('method_not_allowed', text)
    }
    const route = found as ScimRoute | undefined
    if (route?.kind !== 'write' || endpoint === 'Bulk')
      throw new ScimError('endpoint_unknown', `There is no endpoint /${endpoint.slice(0, 100)} for a bulk operation.`)
    return route
  }
}

function unresolved(bulkId: string): ScimError {
  const text = `bulkId:${bulkId.slice(0, 100)} cannot be resolved: no operation of this request made it.`
  return new ScimError('bulk_reference', text)
}
