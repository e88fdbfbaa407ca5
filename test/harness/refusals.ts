import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import { ERROR_URN } from '../../scim/errors.js'
import type { Body, TestAccount } from './app.js'
import type { RawAnswer } from './raw-call.js'

export interface ExpectedError {
  readonly what: string
  readonly status: number
  readonly scimType?: string
  readonly says: RegExp
}

/** What is wrong with a refusal, which has to be an Error message as RFC 7644 §3.12 has it, with the id of its event. */
export function faultsOf(answer: RawAnswer, { what, status, scimType, says }: ExpectedError): string[] {
  const type = scimType === undefined ? {} : { scimType }
  const { detail = '', ...error } = JSON.parse(answer.text === '' ? '{}' : answer.text)
  const faults = [
    answer.status === status ? '' : 'the status',
    answer.headers['content-type'] === 'application/scim+json; charset=utf-8' ? '' : 'the type',
    isDeepStrictEqual(error, { schemas: [ERROR_URN], status: String(status), ...type }) ? '' : 'the Error',
    says.test(detail) ? '' : `the detail, which is not ${says}`,
    detail.length < 1_000 ? '' : 'the length of the detail',
    detail.endsWith(` Request ${answer.headers['x-request-id']}.`) ? '' : 'the id at the end of the detail',
  ].filter((fault) => fault !== '')
  if (faults.length === 0) return []
  return [`${what.slice(0, 100)}: ${faults.join(', ')}: ${answer.status} ${answer.text.slice(0, 300)}`]
}

/** Each refusal is one event under the id of its request, with the status and scimType that were answered. */
export async function assertInLog(
  account: TestAccount,
  refusals: readonly { readonly id: string; readonly expected: ExpectedError }[],
  action = 'request.refused',
): Promise<void> {
  const events = new Map<string, Body>()
  for (let cursor = ''; ; ) {
    const { body } = await account
      .admin('get', `/events?action=${action}&limit=1000${cursor === '' ? '' : `&cursor=${cursor}`}`)
      .expect(200)
    for (const event of body.items) events.set(event.id, event)
    if (body.nextCursor === undefined || refusals.every(({ id }) => events.has(id))) break
    cursor = body.nextCursor
  }
  for (const { id, expected } of refusals) {
    const event = events.get(id)
    assert.ok(event, `${expected.what.slice(0, 200)} is in the log`)
    const { outcome, http } = event
    assert.deepEqual([outcome, http.status, http.scimType], ['failure', expected.status, expected.scimType])
  }
}

/** No key of a request has become a property of everything. */
export function assertUnpolluted(): void {
  const plain = {} as Record<string, unknown>
  assert.equal(plain.polluted, undefined)
  assert.deepEqual(Object.keys(Object.prototype), [])
  assert.equal(([] as unknown as Record<string, unknown>).polluted, undefined)
}
