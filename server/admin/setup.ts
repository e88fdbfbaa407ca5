import { z } from 'zod'
import { readSetup } from '../../accounts/setup.js'
import { SETUP_CHECKS, SETUP_PROBLEMS } from '../../accounts/setup-checks.js'
import { SETUP_HINTS } from '../../accounts/setup-hints.js'
import { holds } from './gate.js'
import { route } from './route.js'
import { Id, Time } from './schemas.js'

const Params = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]))

const SetupSchema = z
  .object({
    checks: z.array(
      z.object({
        check: z.enum(SETUP_CHECKS),
        state: z.enum(['done', 'waiting', 'problem']),
        at: Time.optional().meta({ description: 'When it was last seen.' }),
        code: z.enum(SETUP_PROBLEMS).optional(),
        params: Params.optional(),
      }),
    ),
    requests: z
      .array(
        z.object({
          id: Id,
          time: Time,
          method: z.string(),
          path: z.string(),
          status: z.int(),
          code: z.string().optional(),
          userAgent: z.string().optional(),
        }),
      )
      .meta({ description: 'The latest 20, reads too, the newest first.' }),
    hints: z.array(z.object({ code: z.enum(SETUP_HINTS), params: Params })),
  })
  .meta({ id: 'ConnectionSetup', description: 'What the server has seen of a connection that is being set up.' })

export const SETUP_ROUTES = [
  route({
    method: 'get',
    path: '/accounts/{accountId}/connections/{connectionId}/setup',
    tag: 'Connections',
    summary: 'What the server has seen of a connection that is being set up, and what seems to be wrong',
    requires: 'connections.view',
    answer: SetupSchema,
    run: ({ deps, administrator, params }) =>
      readSetup(deps, params.accountId, params.connectionId, holds(administrator, 'users.view')),
  }),
]
