/** Who calls: the operator, people by their session, and nobody. */
export const CALLERS = ['operator', 'super_admin', 'admin', 'manager', 'auditor', 'member', 'nobody'] as const
export type Caller = (typeof CALLERS)[number]

/** The custom roles of PRODUCT 2.6. There are no user groups yet, so a manager's are everybody. */
export const CUSTOM_ROLES = [
  {
    key: 'manager',
    name: 'Manager',
    permissions: ['users.view', 'users.edit', 'users.suspend', 'licenses.view', 'reports.view', 'logs.view'],
  },
  {
    key: 'auditor',
    name: 'Sync auditor',
    permissions: ['users.view', 'licenses.view', 'connections.view', 'logs.view', 'logs.export'],
  },
] as const

const OPERATOR = ['operator'] as const
const SUPER = [...OPERATOR, 'super_admin'] as const
const ADMIN = [...SUPER, 'admin'] as const
const VIEWERS = [...ADMIN, 'manager', 'auditor'] as const
const SIGNED_IN = ['super_admin', 'admin', 'manager', 'auditor', 'member'] as const

interface Area {
  /** A row of PRODUCT 2.6, or what stands beside it. */
  readonly name: string
  /** Of `METHOD /path`. */
  readonly routes: RegExp
  readonly callers: readonly Caller[]
}

const A = '/accounts/\\{accountId\\}'
const area = (name: string, callers: readonly Caller[], ...routes: string[]): Area => {
  return { name, callers, routes: new RegExp(`^(${routes.join('|')})$`) }
}

/** The table of PRODUCT 2.6, route by route; each belongs to one area. */
export const AREAS: readonly Area[] = [
  area('the server', OPERATOR, '(get|post) /accounts', '.* /signing-keys.*', `post ${A}/setup-link`),
  area('herself', SIGNED_IN, '.* /me(/.*)?'),
  area(
    'see users',
    VIEWERS,
    `get ${A}`,
    `get ${A}/(overview|attributes|roles|match-requests)`,
    `get ${A}/users(/\\{userId\\}(/sessions)?)?`,
    `get ${A}/connections/\\{connectionId\\}/groups/\\{groupId\\}/members`,
  ),
  area('create users', ADMIN, `post ${A}/users`, `post ${A}/users/\\{userId\\}/invitation`, `get ${A}/mails`),
  area(
    'edit and suspend users',
    [...ADMIN, 'manager'],
    `patch ${A}/users/\\{userId\\}`,
    `(post|delete) ${A}/users/\\{userId\\}/grants.*`,
    `delete ${A}/users/\\{userId\\}/sessions.*`,
    `post ${A}/match-requests/.*`,
  ),
  area('delete users', ADMIN, `delete ${A}/users/\\{userId\\}`),
  area('custom roles', SUPER, `(post|patch) ${A}/roles.*`),
  area('see licenses', VIEWERS, `get ${A}/products.*`),
  area('manage licenses', SUPER, `(post|patch) ${A}/products.*`),
  area(
    'mapping rules',
    ADMIN,
    `(post|patch|delete) ${A}/connections/\\{connectionId\\}/(rules|reapply).*`,
    `post ${A}/(users/\\{userId\\}/)?reapply`,
  ),
  area('see connections, tokens, SAML, rules', [...ADMIN, 'auditor'], `get ${A}/connections(?!.*/members).*`),
  area(
    'connections, tokens, SAML',
    SUPER,
    `(post|patch|put|delete) ${A}/connections(/\\{connectionId\\}(/(?!rules|reapply).*)?)?`,
  ),
  area('the log', VIEWERS, `get ${A}/(events|jobs).*`),
  area('export', [...ADMIN, 'auditor'], `get ${A}/feed`, `.* ${A}/exports.*`),
  area(
    'the account and its settings',
    SUPER,
    `patch ${A}`,
    `.* ${A}/(domains|webhooks).*`,
    `(post|patch|delete) ${A}/attributes.*`,
  ),
]
