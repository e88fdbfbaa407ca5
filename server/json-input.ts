import { isUtf8 } from 'node:buffer'
import express, { type RequestHandler } from 'express'
import type { z } from 'zod'
import { checkPlain } from './plain-json.js'
import { RequestError } from './problem.js'

const MAX_BODY_BYTES = 1024 * 1024

/** Reads a JSON body of at most 1 MB into `request.body`, which stays undefined where there is none. */
export function jsonBody(): RequestHandler[] {
  return [
    checkContentType,
    express.json({ limit: MAX_BODY_BYTES, type: () => true, strict: false, verify: verifyUtf8 }),
  ]
}

/** A body has to say that it is JSON; a request without one is an empty object. */
const checkContentType: RequestHandler = (request, _, next) => {
  const empty =
    request.headers['transfer-encoding'] === undefined && Number(request.headers['content-length'] ?? 0) === 0
  if (!empty && request.is(['application/json', 'application/*+json']) === false)
    throw new RequestError('unsupported_media_type', 'The body has to be application/json.')
  next()
}

/** Bytes that are not UTF-8 would be stored as something else than was sent. What is thrown here, `fromExpress` sees. */
function verifyUtf8(_request: unknown, _response: unknown, bytes: Buffer): void {
  if (!isUtf8(bytes)) throw new TypeError('not UTF-8')
}

/** The longest `detail`; `errors` has every problem whole. */
const MAX_DETAIL = 900

/** Throws RequestError invalid_request, which lists every problem with its place. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown, where: string): z.output<Schema> {
  checkPlain(value, where)
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const fields = parsed.error.issues.map(({ path, message }) => ({ path: [where, ...path].join('.'), message }))
  const all = fields.map(({ path, message }) => `${path}: ${message}`).join('; ')
  const detail = all.length > MAX_DETAIL ? `${all.slice(0, MAX_DETAIL)}…` : all
  throw new RequestError('invalid_request', detail, fields)
}
