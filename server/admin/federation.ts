import { z } from 'zod'
import { type Federation, getFederation, removeFederation, setFederation } from '../../accounts/federation.js'
import { TOKEN_PATH } from '../oauth/router.js'
import { route } from './route.js'
import { Id, Time, text, Version } from './schemas.js'

const PATH = '/accounts/{accountId}/connections/{connectionId}/federation'

const terms = {
  issuer: text(1_024).meta({
    description: '`iss` of its assertions.',
    example: 'https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0',
  }),
  jwksUrl: z
    .url({ protocol: /^https?$/ })
    .max(2_048)
    .meta({ description: 'Where it publishes its keys.' }),
  subject: text(1_024).meta({ description: '`sub`: the client, as its issuer calls it.' }),
  audience: text(1_024).meta({ description: '`aud`: this server, as the issuer calls it.' }),
}

const FederationSchema = z
  .object({
    ...terms,
    clientId: Id,
    tokenUrl: z.url(),
    keysFetchedAt: Time.nullable().meta({ description: 'Null before the first sign-in.' }),
    keysFailure: z.string().nullable().meta({ description: 'Why the keys could not be read the last time.' }),
    lastUsedAt: Time.nullable(),
    lastUsedIp: z.string().nullable(),
    version: Version,
    createdAt: Time,
    updatedAt: Time,
  })
  .meta({ id: 'Federation', description: 'An outside issuer whose assertions stand for a secret (RFC 7523).' })

function shown(federation: Federation, publicUrl: string, connectionId: string) {
  return { ...federation, clientId: connectionId, tokenUrl: `${publicUrl}${TOKEN_PATH}` }
}

/** Workload identity federation: who signs in with assertions in place of a secret. */
export const FEDERATION_ROUTES = [
  route({
    method: 'put',
    path: PATH,
    tag: 'OAuth clients',
    summary: 'Trust an outside issuer in place of a secret; access tokens that were given under other terms end',
    requires: 'connections.manage',
    body: z.strictObject(terms),
    answer: FederationSchema,
    run: async ({ deps, administrator, params: { accountId, connectionId }, body, publicUrl }) =>
      shown(await setFederation(deps, administrator, accountId, connectionId, body), publicUrl, connectionId),
  }),
  route({
    method: 'get',
    path: PATH,
    tag: 'OAuth clients',
    summary: 'Read which outside issuer is trusted',
    requires: 'connections.view',
    answer: FederationSchema,
    run: async ({ deps, params: { accountId, connectionId }, publicUrl }) =>
      shown(await getFederation(deps, accountId, connectionId), publicUrl, connectionId),
  }),
  route({
    method: 'delete',
    path: PATH,
    tag: 'OAuth clients',
    summary: 'Trust no outside issuer any more; access tokens that were given for its assertions end',
    requires: 'connections.manage',
    run: ({ deps, administrator, params: { accountId, connectionId } }) =>
      removeFederation(deps, administrator, accountId, connectionId),
  }),
]
