import { z } from 'zod'
import { getConnection } from '../../accounts/connections.js'
import { AccountError } from '../../accounts/errors.js'
import { readSaml } from '../../accounts/saml-settings.js'
import { createSignInTest, getSignInTest, type SignInTest } from '../../accounts/sign-in-test.js'
import { EventSchema, withRemedy } from './events.js'
import { route } from './route.js'
import { Id, Time } from './schemas.js'

const PATH = '/accounts/{accountId}/connections/{connectionId}/saml/test'

const SignInTestSchema = z
  .object({
    id: Id,
    loginUrl: z.url().meta({ description: 'Where to begin, in a browser.' }),
    state: z.enum(['open', 'passed', 'failed', 'expired']),
    createdAt: Time,
    expiresAt: Time,
    event: EventSchema.optional().meta({ description: 'How it ended.' }),
  })
  .meta({ id: 'SignInTest', description: 'A sign-in that is tried out: nobody is let in, and nothing changes.' })

function shownTest({ connectionId, event, ...test }: SignInTest, publicUrl: string) {
  const loginUrl = `${publicUrl}/saml/${connectionId}/login?test=${test.id}`
  return { ...test, loginUrl, ...(event !== undefined && { event: withRemedy(event) }) }
}

export const SIGN_IN_TEST_ROUTES = [
  route({
    method: 'post',
    path: PATH,
    tag: 'Sign-in',
    summary: 'Try a sign-in out: gives an address to begin at, for ten minutes',
    requires: 'connections.manage',
    status: 201,
    answer: SignInTestSchema,
    run: async ({ deps, administrator, params: { accountId, connectionId }, publicUrl }) => {
      await getConnection(deps.db, accountId, connectionId)
      if ((await readSaml(deps, deps.db, accountId, connectionId)) === undefined)
        throw new AccountError('saml_not_set_up', 'Sign-in is not set up for this connection.')
      return shownTest(await createSignInTest(deps, administrator, accountId, connectionId), publicUrl)
    },
  }),
  route({
    method: 'get',
    path: `${PATH}/{testId}`,
    tag: 'Sign-in',
    summary: 'Read how a test sign-in ended',
    requires: 'connections.view',
    answer: SignInTestSchema,
    run: async ({ deps, params: { accountId, connectionId, testId }, publicUrl }) =>
      shownTest(await getSignInTest(deps, accountId, connectionId, testId), publicUrl),
  }),
]
