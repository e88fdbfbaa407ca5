import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { OAUTH_ERRORS } from './refusals.js'
import { TOKEN_PATH } from './router.js'
import { JWT_BEARER, SCOPE } from './token-request.js'

export const TokenRequestSchema = z
  .object({
    grant_type: z.literal('client_credentials'),
    client_id: z
      .string()
      .optional()
      .meta({ description: '`clientId` of the connection; not needed beside HTTP Basic.' }),
    client_secret: z.string().optional(),
    client_assertion_type: z.literal(JWT_BEARER).optional(),
    client_assertion: z.string().optional().meta({ description: 'A JWT of the issuer that the connection trusts.' }),
    scope: z.literal(SCOPE).optional(),
  })
  .meta({ id: 'TokenRequest', description: 'RFC 6749 §4.4.2, RFC 7523 §2.2. A client proves itself in one way.' })

export const AccessTokenSchema = z
  .object({
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int().meta({ description: 'Seconds.' }),
    scope: z.literal(SCOPE),
  })
  .meta({ id: 'AccessToken', description: 'RFC 6749 §5.1.' })

export const OAuthErrorSchema = z
  .object({
    error: z.enum(OAUTH_ERRORS),
    error_description: z.string(),
  })
  .meta({ id: 'OAuthError', description: 'RFC 6749 §5.2. The log of the account has the reason.' })

const json = (schema: z.ZodType) => ({ 'application/json': { schema } })
const refused = (description: string) => ({ description, content: json(OAuthErrorSchema) })

/** The token endpoint in the words of OpenAPI. It stands beside the admin API, at the root of the server. */
export function tokenEndpoint(publicUrl: string): ZodOpenApiPathsObject {
  return {
    [TOKEN_PATH]: {
      post: {
        operationId: 'post_oauth_token',
        tags: ['OAuth clients'],
        summary: 'Give the client of a connection an access token for SCIM',
        description: 'The secret stands in the form or in HTTP Basic; or an assertion takes its place.',
        servers: [{ url: publicUrl }],
        security: [{ basic: [] }, {}],
        requestBody: {
          required: true,
          content: { 'application/x-www-form-urlencoded': { schema: TokenRequestSchema } },
        },
        responses: {
          '200': { description: 'Done.', content: json(AccessTokenSchema) },
          '400': refused('Not understood.'),
          '401': refused('Not believed.'),
          '429': refused('Too many refusals of this address in a minute.'),
          '503': refused('The keys of the issuer, or the database, cannot be read at the moment.'),
        },
      },
    },
  }
}
