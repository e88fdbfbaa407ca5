import { z } from 'zod'
import { createSetUpLink } from '../../accounts/set-up.js'
import { route } from './route.js'
import { Time } from './schemas.js'

const setUp = [
  route({
    method: 'post',
    path: '/accounts/{accountId}/setup-link',
    tag: 'Accounts',
    summary:
      'Make a link by which an account gets an owner with a password; it works once, and those before it no more',
    requires: 'operator',
    status: 201,
    body: z.strictObject({}),
    answer: z.object({ url: z.string().meta({ description: 'Shown this once.' }), expiresAt: Time }),
    run: ({ deps, administrator, params }) => createSetUpLink(deps, administrator, params.accountId),
  }),
]

export const WAY_IN_ROUTES = [...setUp]
