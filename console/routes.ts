import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { Lost } from './shell/lost.js'
import { Shell } from './shell/shell.js'

/** What the address holds behind `?`: texts by name, so that a view can be sent to a colleague as it is. */
export type Search = Readonly<Record<string, string | undefined>>

const root = createRootRoute({
  component: Shell,
  notFoundComponent: Lost,
  validateSearch: (search): Search => search as Search,
})

const page = <const Path extends string>(path: Path, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => root, path, component })

// One line for each page; each is a file that is loaded when it is first looked at.
const tree = root.addChildren([
  page(
    '/log/{-$eventId}',
    lazyRouteComponent(() => import('./pages/log/log-page.js'), 'LogPage'),
  ),
  page(
    '/sign-ins/{-$eventId}',
    lazyRouteComponent(() => import('./pages/log/sign-ins-page.js'), 'SignInsPage'),
  ),
  page(
    '/audit/{-$eventId}',
    lazyRouteComponent(() => import('./pages/log/audit-page.js'), 'AuditPage'),
  ),
  page(
    '/codes',
    lazyRouteComponent(() => import('./pages/codes/codes-page.js'), 'CodesPage'),
  ),
  page(
    '/connections',
    lazyRouteComponent(() => import('./pages/connections/connections-page.js'), 'ConnectionsPage'),
  ),
  page(
    '/connections/new',
    lazyRouteComponent(() => import('./pages/setup/new-connection-page.js'), 'NewConnectionPage'),
  ),
  page(
    '/connections/$connectionId',
    lazyRouteComponent(() => import('./pages/connections/connection-page.js'), 'ConnectionPage'),
  ),
  page(
    '/connections/$connectionId/setup',
    lazyRouteComponent(() => import('./pages/setup/setup-page.js'), 'SetupPage'),
  ),
  page(
    '/connections/$connectionId/sign-in',
    lazyRouteComponent(() => import('./pages/single-sign-on/sign-in-page.js'), 'SignInPage'),
  ),
  page(
    '/single-sign-on',
    lazyRouteComponent(() => import('./pages/single-sign-on/single-sign-on-page.js'), 'SingleSignOnPage'),
  ),
  page(
    '/domains',
    lazyRouteComponent(() => import('./pages/domains/domains-page.js'), 'DomainsPage'),
  ),
  page(
    '/webhooks',
    lazyRouteComponent(() => import('./pages/webhooks/webhooks-page.js'), 'WebhooksPage'),
  ),
  page(
    '/webhooks/$webhookId',
    lazyRouteComponent(() => import('./pages/webhooks/webhook-page.js'), 'WebhookPage'),
  ),
  page(
    '/attributes',
    lazyRouteComponent(() => import('./pages/attributes/attributes-page.js'), 'AttributesPage'),
  ),
  page(
    '/me',
    lazyRouteComponent(() => import('./pages/me/me-page.js'), 'MePage'),
  ),
  page(
    '/',
    lazyRouteComponent(() => import('./pages/overview/overview-page.js'), 'OverviewPage'),
  ),
  page(
    '/rules',
    lazyRouteComponent(() => import('./pages/rules/rules-page.js'), 'RulesPage'),
  ),
  page(
    '/rules/$connectionId/$ruleId',
    lazyRouteComponent(() => import('./pages/rules/rule-page.js'), 'RulePage'),
  ),
  page(
    '/users',
    lazyRouteComponent(() => import('./pages/users/users-page.js'), 'UsersPage'),
  ),
  page(
    '/users/$userId',
    lazyRouteComponent(() => import('./pages/user/user-page.js'), 'UserPage'),
  ),
  page(
    '/groups',
    lazyRouteComponent(() => import('./pages/groups/groups-page.js'), 'GroupsPage'),
  ),
  page(
    '/groups/$connectionId/$groupId',
    lazyRouteComponent(() => import('./pages/groups/group-page.js'), 'GroupPage'),
  ),
  page(
    '/match-requests',
    lazyRouteComponent(() => import('./pages/match-requests/match-requests-page.js'), 'MatchRequestsPage'),
  ),
  page(
    '/roles',
    lazyRouteComponent(() => import('./pages/roles/roles-page.js'), 'RolesPage'),
  ),
  page(
    '/products/$productId/waiting',
    lazyRouteComponent(() => import('./pages/products/waiting-page.js'), 'WaitingPage'),
  ),
  page(
    '/products',
    lazyRouteComponent(() => import('./pages/products/products-page.js'), 'ProductsPage'),
  ),
])

export const router = createRouter({
  routeTree: tree,
  defaultPreload: 'intent',
  scrollRestoration: true,
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const words = new URLSearchParams()
    for (const [name, value] of Object.entries(search as Search))
      if (value !== undefined && value !== '') words.set(name, value)
    return words.size === 0 ? '' : `?${words}`
  },
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
