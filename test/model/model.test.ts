import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type TestConnection, useApp } from '../harness/app.js'
import { forEachDatabase } from '../harness/database.js'
import { THOROUGH } from '../harness/effort.js'
import { assertInvariants } from '../harness/invariants.js'
import { Model } from './model.js'
import { type Operation, operation, write } from './operations.js'
import { assertAnswer, assertSame, type Got, send } from './real.js'

const LENGTH = 60
/** In the long tests more than 10,000 requests on each database. */
const SEQUENCES = THOROUGH ? 450 : 5

forEachDatabase((database) => {
  describe('any sequence of requests, against a model of RFC 7644', () => {
    const app = useApp(database)
    it('one after another: each answer, and in the end everything, is what the model says', async function () {
      this.timeout(600_000)
      let steps = 0
      const run = async (operations: readonly Operation[]) => {
        const okta = await app.aConnection()
        const model = new Model()
        const versions = new Map<string, Versions>()
        for (const one of operations) if (await step(okta, model, one, versions)) steps += 1
        await assertSame(okta, model)
        await app.settle()
        await assertInvariants(app.server.deps.db, new Date(), okta.account.id)
      }
      await fc.assert(fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: LENGTH, size: 'max' }), run), {
        numRuns: SEQUENCES,
      })
      assert.ok(steps > SEQUENCES, `only ${steps} requests`)
    })

    it('at the same moment: the answers, and what is left, are those of some order', async function () {
      this.timeout(600_000)
      const run = async (before: readonly Operation[], together: readonly Operation[]) => {
        const okta = await app.aConnection()
        const model = new Model()
        for (const one of before) await step(okta, model, one, new Map())
        model.pin()
        const sent = together.flatMap((one) => {
          const answering = send(okta, model, one)
          return answering === undefined ? [] : [{ one, answering }]
        })
        const answered = await Promise.all(sent.map(async ({ one, answering }) => ({ one, answer: await answering })))
        const faults: string[] = []
        for (const order of permutations(answered)) {
          const fault = await explains(okta, model.copy(), order)
          if (fault === undefined) return
          faults.push(fault)
        }
        assert.fail(`no order explains what happened:\n${faults.join('\n')}`)
      }
      const pre = fc.array(write, { minLength: 4, maxLength: 12, size: 'max' })
      const together = fc.array(write, { minLength: 2, maxLength: 3, size: 'max' })
      await fc.assert(fc.asyncProperty(pre, together, run), { numRuns: THOROUGH ? 300 : 8 })
    })
  })
})

/** What goes wrong when these answers are taken to have come in this order; undefined where nothing does. */
async function explains(
  okta: TestConnection,
  model: Model,
  order: readonly { readonly one: Operation; readonly answer: Got }[],
): Promise<string | undefined> {
  for (const { one, answer } of order) {
    const { status } = model.apply(one)
    if (status !== answer.status) return `${one.kind} answered ${answer.status}, not ${status}`
    if (status === 201) model.made(answer.body.id, one)
  }
  return assertSame(okta, model).then(
    () => undefined,
    (error: unknown) => String(error),
  )
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]))
}

/** Versions of a user that a client has seen: the first, and the newest with what it stood for. */
interface Versions {
  readonly first: string
  readonly current: string
}

/** False where there was nobody to send it to. */
async function step(
  okta: TestConnection,
  model: Model,
  one: Operation,
  versions: Map<string, Versions>,
): Promise<boolean> {
  const id = 'who' in one ? model.who(one.who) : undefined
  const seen = id === undefined ? undefined : versions.get(id)
  const wanted = one.kind === 'patch' && one.ifMatch !== undefined ? seen?.[one.ifMatch] : undefined
  const current = wanted === undefined ? undefined : (await okta.read(id!)).meta.version
  const answering = send(okta, model, one, wanted)
  if (answering === undefined) return false
  const answer = await answering
  const isStale = wanted !== undefined && wanted !== current
  const expected = isStale ? { status: 412 } : model.apply(one)
  if (answer.status === 201) model.made(answer.body.id, one)
  assertAnswer(model, expected, answer)
  const version: unknown = answer.body?.meta?.version
  const about = id ?? (one.kind === 'create' ? answer.body?.id : undefined)
  if (about !== undefined && typeof version === 'string')
    versions.set(about, { first: versions.get(about)?.first ?? version, current: version })
  return true
}
