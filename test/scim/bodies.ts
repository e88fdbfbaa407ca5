import { atOnce } from '../../db/pace.js'
import type { Document } from '../../filter/attribute.js'
import { USER_SCHEMA, USER_URN } from '../../filter/schemas/user.js'
import { applyPatch } from '../../scim/apply-patch.js'
import { parseUserResource } from '../../scim/canonical-user.js'
import { PATCH_OP_URN, parsePatchOp } from '../../scim/patch-op.js'

/** The id that the patched user of these tests has. */
export const OWN_ID = '01920000-0000-7000-8000-000000000001'

/** A User body that is valid as it stands; `attributes` say what the test is about. */
export function aUserBody(attributes: Record<string, unknown> = {}): Record<string, unknown> {
  return { schemas: [USER_URN], userName: 'ada@example.com', active: true, ...attributes }
}

export function aDocument(attributes: Record<string, unknown> = {}): Document {
  return parseUserResource(aUserBody(attributes), USER_SCHEMA).document
}

export function patchBody(...operations: unknown[]): Record<string, unknown> {
  return { schemas: [PATCH_OP_URN], Operations: operations }
}

/** The document after a PATCH with this body. */
export function patchedBy(document: Document, body: unknown): Document {
  return applyPatch(document, atOnce(parsePatchOp(body)), USER_SCHEMA, { id: OWN_ID })
}

export function patched(document: Document, ...operations: unknown[]): Document {
  return patchedBy(document, patchBody(...operations))
}
