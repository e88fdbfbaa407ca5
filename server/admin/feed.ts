import { z } from 'zod'
import { AccountError } from '../../accounts/errors.js'
import { readFeed } from '../../accounts/feed.js'
import { holds } from './gate.js'
import { route } from './route.js'
import { Id, listOf, PageQuery } from './schemas.js'

/** A place in the feed. */
export const Cursor = z
  .string()
  .regex(/^[\w-]{1,128}$/, 'a cursor from an answer')
  .meta({ minLength: 1, maxLength: 128 })

export const Mode = z
  .enum(['notice', 'full'])
  .default('notice')
  .meta({ description: '`notice` names the attributes that changed, `full` holds their values.' })

const SecurityEventSchema = z
  .object({
    iss: z.string(),
    iat: z.int().meta({ description: 'Seconds since 1970.' }),
    jti: Id.meta({ description: 'Equal where an event is sent again, and the id of the event in the log.' }),
    sub_id: z.looseObject({ format: z.enum(['scim', 'uri']), uri: z.string() }),
    txn: Id.meta({ description: 'Correlation id of the request that caused it.' }),
    events: z.record(z.string(), z.record(z.string(), z.unknown())),
    usher: z.looseObject({ accountId: Id, action: z.string() }),
  })
  .meta({ id: 'SecurityEvent', description: 'Claims of a Security Event Token (RFC 8417, RFC 9967).' })

const FeedSchema = listOf(SecurityEventSchema).extend({
  cursor: z.string().meta({ description: 'Where to go on next time, also when there is nothing more now.' }),
})

export const FEED_ROUTES = [
  route({
    method: 'get',
    path: '/accounts/{accountId}/feed',
    tag: 'Feed',
    summary: 'Read what changed, oldest first, from where the answer before ended; `full` also needs logs.payload',
    requires: 'logs.export',
    query: PageQuery.extend({ cursor: Cursor.optional(), mode: Mode }),
    answer: FeedSchema,
    run: ({ deps, administrator, params, query }) => {
      if (query.mode === 'full' && !holds(administrator, 'logs.payload'))
        throw new AccountError('forbidden', 'Values of attributes need the permission logs.payload.')
      return readFeed(deps, params.accountId, query)
    },
  }),
]
