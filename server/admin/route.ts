import type { z } from 'zod'
import type { Administrator } from '../../accounts/administrator.js'
import type { Deps } from '../../accounts/deps.js'
import type { Permission } from '../../accounts/permissions.js'
import type { FetchText } from '../fetch-outside.js'
import type { ResolveTxt } from '../resolve-txt.js'
import type { Requirement } from './gate.js'

/** The names in braces of a path: `/accounts/{accountId}` has `accountId`. */
export type PathNames<Path> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | PathNames<Rest> : never

/** One call that is authenticated, admitted and valid. */
export interface AdminCall<Names extends string, Body, Query> {
  readonly deps: Deps
  readonly administrator: Administrator
  readonly params: Readonly<Record<Names, string>>
  readonly body: Body
  readonly query: Query
  /** Without a trailing slash. */
  readonly publicUrl: string
  readonly fetchText: FetchText
  readonly resolveTxt: ResolveTxt
}

/** What a route answers whose answer is a file. */
export interface FileAnswer {
  /** Of letters, digits, dots and hyphens. */
  readonly name: string
  /** Media type. */
  readonly type: string
  readonly parts: AsyncIterable<string>
}

/** One row of the admin API: the router, the OpenAPI document and the isolation test walk the same table. */
export interface AdminRoute {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** Below /api/v1, with names in braces as OpenAPI has them. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly requires: Requirement
  /** Status of success; 204 has no body. */
  readonly status: 200 | 201 | 202 | 204
  readonly body?: z.ZodType
  readonly query?: z.ZodType
  readonly answer?: z.ZodType
  /** The answer is a file (`FileAnswer`), not JSON. */
  readonly file?: true
  /** How many good requests one address may make in a minute; undefined for no limit. */
  readonly perMinute?: number
  /** Permissions that only some bodies need. */
  readonly alsoRequires: (body: unknown) => readonly Permission[]
  readonly run: (call: AdminCall<string, unknown, unknown>) => Promise<unknown>
}

interface RouteSpec<Path extends string, Body extends z.ZodType, Query extends z.ZodType> {
  readonly method: AdminRoute['method']
  readonly path: Path
  readonly tag: string
  readonly summary: string
  readonly requires: Requirement
  readonly status?: AdminRoute['status']
  readonly body?: Body
  readonly query?: Query
  readonly answer?: z.ZodType
  readonly file?: true
  readonly perMinute?: number
  readonly alsoRequires?: (body: z.output<Body>) => readonly Permission[]
  readonly run: (call: AdminCall<PathNames<Path>, z.output<Body>, z.output<Query>>) => Promise<unknown>
}

/** A row whose handler sees the types of its schemas; the router parses with the same schemas before it calls. */
export function route<const Path extends string, Body extends z.ZodType, Query extends z.ZodType>(
  spec: RouteSpec<Path, Body, Query>,
): AdminRoute {
  const { run, alsoRequires, status, ...rest } = spec
  return {
    ...rest,
    status: status ?? (spec.answer === undefined && spec.file === undefined ? 204 : 200),
    alsoRequires: (body) => alsoRequires?.(body as z.output<Body>) ?? [],
    run: (call) => run(call as AdminCall<PathNames<Path>, z.output<Body>, z.output<Query>>),
  }
}
