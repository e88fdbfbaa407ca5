import { isUtf8 } from 'node:buffer'
import express, { type RequestHandler } from 'express'
import type { z } from 'zod'
import { atOnce } from '../db/pace.js'
import { checkPlain } from './plain-json.js'
import { RequestError } from './problem.js'
import { type JsonLimits, scanJson } from './scan-json.js'

const MAX_BODY_BYTES = 1024 * 1024
/** Many times what any route takes; to say of each of a hundred thousand what is wrong with it would keep everybody waiting. */
const LIMITS = { depth: Number.POSITIVE_INFINITY, members: 1_000, values: 10_000 } as const satisfies JsonLimits
/** Problems that an answer tells one by one. */
const MAX_PROBLEMS = 100

/** Reads a JSON body of at most 1 MB into `request.body`, which stays undefined where there is none. */
export function jsonBody(): RequestHandler[] {
  return [checkContentType, express.json({ limit: MAX_BODY_BYTES, type: () => true, strict: false, verify })]
}

/** A body has to say that it is JSON; a request without one is an empty object. */
const checkContentType: RequestHandler = (request, _, next) => {
  const empty =
    request.headers['transfer-encoding'] === undefined && Number(request.headers['content-length'] ?? 0) === 0
  if (!empty && request.is(['application/json', 'application/*+json']) === false)
    throw new RequestError('unsupported_media_type', 'The body has to be application/json.')
  next()
}

/** What is thrown here, `fromExpress` sees. */
function verify(_request: unknown, _response: unknown, bytes: Buffer): void {
  // Bytes that are not UTF-8 would be stored as something else than was sent.
  if (!isUtf8(bytes)) throw new TypeError('not UTF-8')
  const { exceeded } = atOnce(scanJson(bytes.toString('latin1'), LIMITS))
  if (exceeded === undefined) return
  const message =
    exceeded === 'members' ? 'holds an object of more than 1,000 members' : 'holds more than 10,000 values'
  throw new RequestError('invalid_request', `The body ${message}.`, [{ path: 'body', message }])
}

/** Throws RequestError invalid_request, which lists every problem with its place, up to `MAX_PROBLEMS`. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown, where: string): z.output<Schema> {
  checkPlain(value, where)
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const fields = parsed.error.issues
    .slice(0, MAX_PROBLEMS)
    .map(({ path, message }) => ({ path: [where, ...path].join('.'), message }))
  const all = fields.map(({ path, message }) => `${path}: ${message}`).join('; ')
  throw new RequestError('invalid_request', all, fields)
}
