import { z } from 'zod'
import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi'
import type { AdminRoute } from './route.js'
import { ProblemSchema } from './schemas.js'

/**
 * The OpenAPI 3.1 document of these routes, from the schemas that validate their requests. `beside` are endpoints of other
 * rooms, with servers of their own.
 */
export function openApiDocument(
  routes: readonly AdminRoute[],
  publicUrl: string,
  beside: ZodOpenApiPathsObject = {},
): ReturnType<typeof createDocument> {
  const paths: ZodOpenApiPathsObject = { ...beside }
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Usher admin API',
      version: '1',
      description: 'Accounts, connections, rules, users and the log. Errors are RFC 9457 with a stable `code`.',
    },
    servers: [{ url: `${publicUrl}/api/v1` }],
    security: [{ bearer: [] }],
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' }, basic: { type: 'http', scheme: 'basic' } },
    },
    paths,
  })
}

const DESCRIBED: Readonly<Record<string, string>> = {
  operator: 'Operator only.',
  session: 'For whoever is signed in.',
}

function operationOf({ method, path, tag, summary, requires, body, query, answer, file, status }: AdminRoute) {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')
  const problem = { description: 'Refused.', content: { 'application/problem+json': { schema: ProblemSchema } } }
  const headers = { 'X-Request-Id': { schema: { type: 'string' as const } } }
  return {
    operationId: `${method}_${path.replaceAll(/[^A-Za-z]+/g, '_').replaceAll(/^_|_$/g, '')}`,
    tags: [tag],
    summary,
    description: DESCRIBED[requires] ?? `Needs ${requires}.`,
    requestParams: {
      ...(names.length === 0 ? {} : { path: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))) }),
      ...(query instanceof z.ZodObject ? { query } : {}),
    },
    ...(body === undefined ? {} : { requestBody: { content: { 'application/json': { schema: body } } } }),
    responses: {
      [String(status)]: {
        description: 'Done.',
        headers,
        ...(answer === undefined ? {} : { content: { 'application/json': { schema: answer } } }),
        ...(file === undefined ? {} : { content: { '*/*': { schema: z.string() } } }),
      },
      default: problem,
    },
  }
}
