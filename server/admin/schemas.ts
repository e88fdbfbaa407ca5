import { z } from 'zod'

/** Texts, instants and lists as every route of the admin API has them. */

/** A text whose length is counted in Unicode code points after trimming. */
export function text(max: number, min = 1) {
  return z
    .string()
    .trim()
    .refine((value) => [...value].length >= min, {
      error: min === 1 ? 'must not be empty' : `at least ${min} characters`,
    })
    .refine((value) => [...value].length <= max, { error: `at most ${max} characters` })
    .meta({ minLength: min, maxLength: max })
}

export const Key = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'letters, digits, dot, underscore and hyphen, at most 64')
  .meta({ description: 'Stable name by which rules, directories and callers refer to it.', example: 'meet' })

export const Id = z.string().min(1).max(128).meta({ description: 'Opaque identifier.' })

/** An instant in a request: ISO 8601 with an offset or Z; the handler gets a Date. */
export const Instant = z.iso
  .datetime({ offset: true, error: 'an instant as ISO 8601, such as 2027-01-31T12:00:00Z' })
  .transform((value) => new Date(value))

/** An instant in an answer. */
export const Time = z.iso.datetime().meta({ description: 'ISO 8601, UTC.' })

export const Version = z.int().min(1).meta({ description: 'Grows with every change.' })
export const ExpectedVersion = Version.optional().meta({
  description: 'Refuse with 412 version_mismatch if it is no longer at this version.',
})

export const Features = z
  .record(z.string().min(1).max(64), z.boolean())
  .meta({ description: 'Feature key to on or off.', example: { recording: true } })

export const MAX_LIMIT = 1_000

const Limit = z.coerce
  .number('a whole number')
  .int('a whole number')
  .min(1)
  .transform((value) => Math.min(value, MAX_LIMIT))
  .default(50)
  .meta({ description: `Items per page; more than ${MAX_LIMIT} count as ${MAX_LIMIT}.` })

export const PageQuery = z.strictObject({
  cursor: z.string().max(128).default('').meta({ description: '`nextCursor` of the page before.' }),
  limit: Limit,
})

/** The envelope of every list. */
export function listOf(item: z.ZodType) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().optional().meta({ description: 'Missing on the last page.' }),
  })
}

/** A query parameter that may be given several times, or once with commas. */
export function many<Output>(item: z.ZodType<Output, string>) {
  return z
    .union([z.string(), z.array(z.string())])
    .transform((value) => [value].flat().flatMap((one) => one.split(',')))
    .pipe(z.array(item).min(1).max(50))
    .optional()
}

export const ActorSchema = z
  .object({
    type: z.enum(['operator', 'user', 'token', 'system', 'unknown']),
    id: z.string().nullable(),
    label: z.string(),
  })
  .meta({ id: 'Actor', description: 'Who did it.' })

export const InvalidFieldSchema = z.object({ path: z.string(), message: z.string() })

export const ProblemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'Stable: act on this.' }),
    detail: z.string().meta({ description: 'What happened, and who can mend it.' }),
    requestId: z.string().meta({ description: 'Equal to X-Request-Id.' }),
    errors: z.array(InvalidFieldSchema).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457.' })
