import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { Lost } from './shell/lost.js'
import { Shell } from './shell/shell.js'
import { I18N } from './texts/i18n.js'

/** What the address holds behind `?`: texts by name, so that a view can be sent to a colleague as it is. */
export type Search = Readonly<Record<string, string | undefined>>

const root = createRootRoute({
  component: Shell,
  notFoundComponent: Lost,
  validateSearch: (search): Search => search as Search,
})

/**
 * A page is a file that is loaded when it is first looked at, and with it the areas of its texts: those that are asked for
 * only when it is drawn make React show nothing for 300 ms. test/console/texts.test.ts knows which they are.
 */
function page<const Path extends string, Module extends Record<string, unknown>>(
  path: Path,
  areas: string,
  load: () => Promise<Module>,
  name: keyof Module & string,
) {
  const loadAll = async () => (await Promise.all([load(), I18N.loadNamespaces(areas.split(' '))]))[0]
  return createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(loadAll, name) })
}

// One line for each page.
const tree = root.addChildren([
  page('/log/{-$eventId}', 'actions events exports log', () => import('./pages/log/log-page.js'), 'LogPage'),
  page(
    '/sign-ins/{-$eventId}',
    'actions events exports log',
    () => import('./pages/log/sign-ins-page.js'),
    'SignInsPage',
  ),
  page('/audit/{-$eventId}', 'actions events exports log', () => import('./pages/log/audit-page.js'), 'AuditPage'),
  page('/codes', 'events log', () => import('./pages/codes/codes-page.js'), 'CodesPage'),
  page(
    '/connections',
    'connections health',
    () => import('./pages/connections/connections-page.js'),
    'ConnectionsPage',
  ),
  page(
    '/connections/new',
    'connections setup',
    () => import('./pages/setup/new-connection-page.js'),
    'NewConnectionPage',
  ),
  page(
    '/connections/$connectionId',
    'connections health setup',
    () => import('./pages/connections/connection-page.js'),
    'ConnectionPage',
  ),
  page(
    '/connections/$connectionId/setup',
    'connections setup sso',
    () => import('./pages/setup/setup-page.js'),
    'SetupPage',
  ),
  page(
    '/connections/$connectionId/sign-in',
    'connections sso',
    () => import('./pages/single-sign-on/sign-in-page.js'),
    'SignInPage',
  ),
  page('/single-sign-on', 'sso', () => import('./pages/single-sign-on/single-sign-on-page.js'), 'SingleSignOnPage'),
  page('/domains', 'domains', () => import('./pages/domains/domains-page.js'), 'DomainsPage'),
  page('/webhooks', 'webhooks', () => import('./pages/webhooks/webhooks-page.js'), 'WebhooksPage'),
  page('/webhooks/$webhookId', 'webhooks', () => import('./pages/webhooks/webhook-page.js'), 'WebhookPage'),
  page('/attributes', 'attributes', () => import('./pages/attributes/attributes-page.js'), 'AttributesPage'),
  page('/me', 'me', () => import('./pages/me/me-page.js'), 'MePage'),
  page('/', 'health overview', () => import('./pages/overview/overview-page.js'), 'OverviewPage'),
  page('/rules', 'rules', () => import('./pages/rules/rules-page.js'), 'RulesPage'),
  page('/rules/$connectionId/$ruleId', 'rules', () => import('./pages/rules/rule-page.js'), 'RulePage'),
  page('/users', 'exports people', () => import('./pages/users/users-page.js'), 'UsersPage'),
  page('/users/$userId', 'actions events people', () => import('./pages/user/user-page.js'), 'UserPage'),
  page('/groups', 'groups people', () => import('./pages/groups/groups-page.js'), 'GroupsPage'),
  page('/groups/$connectionId/$groupId', 'groups people', () => import('./pages/groups/group-page.js'), 'GroupPage'),
  page(
    '/match-requests',
    'matches people',
    () => import('./pages/match-requests/match-requests-page.js'),
    'MatchRequestsPage',
  ),
  page('/roles', 'roles', () => import('./pages/roles/roles-page.js'), 'RolesPage'),
  page(
    '/products/$productId/waiting',
    'people products',
    () => import('./pages/products/waiting-page.js'),
    'WaitingPage',
  ),
  page('/products', 'products', () => import('./pages/products/products-page.js'), 'ProductsPage'),
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
