import { z } from 'zod'
import { createToken, listTokens, retireToken } from '../../accounts/tokens.js'
import { route } from './route.js'
import { Id, Instant, listOf, Time } from './schemas.js'

const TokenSchema = z
  .object({
    id: Id,
    last4: z.string(),
    state: z.enum(['active', 'expired', 'revoked']),
    createdAt: Time,
    expiresAt: Time,
    revokedAt: Time.nullable(),
    lastUsedAt: Time.nullable(),
    lastUsedIp: z.string().nullable(),
  })
  .meta({ id: 'ScimToken', description: 'A bearer token of a connection, without its secret.' })

const SecretSchema = TokenSchema.meta({
  id: 'ClientSecret',
  description: 'A secret of the OAuth client of a connection, without what is secret of it.',
})

const NewToken = z.strictObject({
  expiresAt: Instant.optional().meta({ description: 'A year from now if not given.' }),
})
const TOKENS = '/accounts/{accountId}/connections/{connectionId}/tokens'
const SECRETS = '/accounts/{accountId}/connections/{connectionId}/secrets'

/** What directories sign in with: tokens for SCIM itself, and secrets for the token endpoint. */
export const TOKEN_ROUTES = [
  route({
    method: 'post',
    path: TOKENS,
    tag: 'Tokens',
    summary: 'Make a SCIM token; it is shown this once',
    requires: 'connections.manage',
    status: 201,
    body: NewToken,
    answer: TokenSchema.extend({ token: z.string() }).meta({ id: 'NewScimToken' }),
    run: ({ deps, administrator, params, body }) =>
      createToken(deps, 'token', administrator, params.accountId, params.connectionId, body),
  }),
  route({
    method: 'get',
    path: TOKENS,
    tag: 'Tokens',
    summary: 'List tokens, oldest first',
    requires: 'connections.view',
    answer: listOf(TokenSchema),
    run: async ({ deps, params: { accountId, connectionId } }) => ({
      items: await listTokens(deps, 'token', accountId, connectionId),
    }),
  }),
  route({
    method: 'delete',
    path: `${TOKENS}/{tokenId}`,
    tag: 'Tokens',
    summary: 'Revoke a token; the next request with it is refused',
    requires: 'connections.manage',
    run: ({ deps, administrator, params: { accountId, connectionId, tokenId } }) =>
      retireToken(deps, 'token', administrator, accountId, connectionId, tokenId),
  }),
  route({
    method: 'post',
    path: SECRETS,
    tag: 'OAuth clients',
    summary: 'Make a secret for the token endpoint; it is shown this once',
    requires: 'connections.manage',
    status: 201,
    body: NewToken,
    answer: SecretSchema.extend({ clientId: Id, clientSecret: z.string() }).meta({ id: 'NewClientSecret' }),
    run: async ({ deps, administrator, params: { accountId, connectionId }, body }) => {
      const { token, ...secret } = await createToken(deps, 'secret', administrator, accountId, connectionId, body)
      return { ...secret, clientId: connectionId, clientSecret: token }
    },
  }),
  route({
    method: 'get',
    path: SECRETS,
    tag: 'OAuth clients',
    summary: 'List secrets, oldest first',
    requires: 'connections.view',
    answer: listOf(SecretSchema),
    run: async ({ deps, params: { accountId, connectionId } }) => ({
      items: await listTokens(deps, 'secret', accountId, connectionId),
    }),
  }),
  route({
    method: 'delete',
    path: `${SECRETS}/{secretId}`,
    tag: 'OAuth clients',
    summary: 'Revoke a secret and end the access tokens that were given for it',
    requires: 'connections.manage',
    run: ({ deps, administrator, params: { accountId, connectionId, secretId } }) =>
      retireToken(deps, 'secret', administrator, accountId, connectionId, secretId),
  }),
]
