import assert from 'node:assert/strict'
import { ScimError, type ScimErrorCode, type ScimType } from '../../scim/errors.js'

/** Assert that `run` is refused with this code and keyword, and that the detail says what the pattern asks for. */
export function assertRefused(run: () => unknown, code: ScimErrorCode, scimType: ScimType, detail: RegExp = /./): void {
  assert.throws(run, (error) => {
    assert.ok(error instanceof ScimError, `not a ScimError: ${String(error)}`)
    assert.deepEqual(
      { code: error.code, status: error.status, scimType: error.scimType },
      { code, status: 400, scimType },
    )
    assert.match(error.message, detail)
    return true
  })
}
