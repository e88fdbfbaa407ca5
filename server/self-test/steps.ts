import { USER_URN } from '../../filter/schemas/user.js'
import { PATCH_OP_URN } from '../../scim/patch-op.js'
import type { SelfAnswer } from './call-self.js'

/** What a self-test does, in this order (PRODUCT 4.6). */
export const SELF_TEST_STEPS = [
  'address',
  'token',
  'discovery',
  'create',
  'lookup',
  'patch',
  'deactivate',
  'delete',
  'clean_up',
] as const
export type SelfTestStepName = (typeof SELF_TEST_STEPS)[number]

/** What a test knows on its way. */
export interface Trial {
  /** Of the user. */
  readonly userName: string
  /** SCIM id of the user; empty before she is there. */
  readonly id: string
}

/** One request and what has to come back. */
export interface Step {
  readonly step: SelfTestStepName
  /** Without these it means nothing. */
  readonly needs: readonly SelfTestStepName[]
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Behind the base URI. */
  readonly path: (trial: Trial) => string
  readonly withToken: boolean
  readonly body?: (trial: Trial) => object
  readonly status: number
  /** What has to stand in the body, by the names of attributes. */
  readonly has: Readonly<Record<string, unknown>>
}

const BEFORE: readonly SelfTestStepName[] = ['address', 'token']
const CREATED: readonly SelfTestStepName[] = [...BEFORE, 'create']
const userPath = ({ id }: Trial): string => `/Users/${encodeURIComponent(id)}`
const changed = 'Changed by the self-test'

const changing = (...operations: readonly (readonly [path: string, value: unknown])[]) => ({
  schemas: [PATCH_OP_URN],
  Operations: operations.map(([path, value]) => ({ op: 'Replace', path, value })),
})

/**
 * Discovery needs no token, so the token is tried on a list. Somebody is there before a lookup that must find nobody: a filter that is lost on the way would find her. Booleans go
 * as texts, as Entra sends them.
 */
export const STEPS: readonly Step[] = [
  {
    ...{ step: 'address', needs: [], method: 'GET', withToken: false },
    path: () => '/ServiceProviderConfig',
    ...{ status: 200, has: { 'patch.supported': true } },
  },
  {
    ...{ step: 'token', needs: ['address'], method: 'GET', withToken: true },
    path: () => '/Users?count=1',
    ...{ status: 200, has: { totalResults: 0 } },
  },
  {
    ...{ step: 'discovery', needs: BEFORE, method: 'GET', withToken: true },
    path: () => `/Schemas/${USER_URN}`,
    ...{ status: 200, has: { id: USER_URN } },
  },
  {
    ...{ step: 'create', needs: BEFORE, method: 'POST', withToken: true },
    path: () => '/Users',
    body: ({ userName }) => ({
      schemas: [USER_URN],
      userName,
      name: { givenName: 'Self', familyName: 'Test' },
      emails: [{ value: userName, type: 'work', primary: true }],
      active: true,
    }),
    ...{ status: 201, has: { active: true } },
  },
  {
    ...{ step: 'lookup', needs: BEFORE, method: 'GET', withToken: true },
    path: ({ userName }) => `/Users?filter=${encodeURIComponent(`userName eq "nobody-${userName}"`)}`,
    ...{ status: 200, has: { totalResults: 0 } },
  },
  {
    ...{ step: 'patch', needs: CREATED, method: 'PATCH', withToken: true },
    path: userPath,
    body: () => changing(['displayName', changed], ['active', 'True']),
    ...{ status: 200, has: { displayName: changed, active: true } },
  },
  {
    ...{ step: 'deactivate', needs: CREATED, method: 'PATCH', withToken: true },
    path: userPath,
    body: () => changing(['active', 'False']),
    ...{ status: 200, has: { active: false } },
  },
  {
    ...{ step: 'delete', needs: CREATED, method: 'DELETE', withToken: true },
    path: userPath,
    ...{ status: 204, has: {} },
  },
]

/** What stands in a body under a name such as `patch.supported`. */
export function valueAt(body: unknown, name: string): unknown {
  return name
    .split('.')
    .reduce<unknown>(
      (at, key) => (typeof at === 'object' && at !== null ? (at as Readonly<Record<string, unknown>>)[key] : undefined),
      body,
    )
}

/** The expectation in the words of the protocol: `200, active: true`. */
export function expectationOf({ status, has }: Step): string {
  return [status, ...Object.entries(has).map(([name, value]) => `${name}: ${String(value)}`)].join(', ')
}

/** What came, as far as it was looked at. */
export function receptionOf({ has }: Step, { status, contentType, location, body }: SelfAnswer): string {
  if (location !== undefined && status >= 300 && status < 400) return `${status} → ${location.slice(0, MAX_SHOWN)}`
  if (body === undefined) return [status, contentType].filter(Boolean).join(' ')
  const detail = status < 400 ? undefined : valueAt(body, 'detail')
  const seen = Object.keys(has).map((name) => `${name}: ${textOf(valueAt(body, name))}`)
  return [status, ...(detail === undefined ? seen : [textOf(detail)])].join(', ')
}

const MAX_SHOWN = 300

function textOf(value: unknown): string {
  return value === undefined ? '–' : (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, MAX_SHOWN)
}
