import { ACCOUNT_ROUTES } from './accounts.js'
import { ATTRIBUTE_ROUTES } from './attributes.js'
import { CONNECTION_ROUTES } from './connections.js'
import { EVENT_ROUTES } from './events.js'
import { EXPORT_ROUTES } from './exports.js'
import { FEDERATION_ROUTES } from './federation.js'
import { FEED_ROUTES } from './feed.js'
import { GROUP_ROUTES } from './groups.js'
import { ME_ROUTES } from './me.js'
import { OVERVIEW_ROUTES } from './overview.js'
import type { AdminRoute } from './route.js'
import { RULE_WORK_ROUTES } from './rule-work.js'
import { SAML_ROUTES } from './saml.js'
import { SELF_TEST_ROUTES } from './self-test.js'
import { SESSION_ROUTES } from './sessions.js'
import { SETUP_ROUTES } from './setup.js'
import { SIGN_IN_TEST_ROUTES } from './sign-in-test.js'
import { TOKEN_ROUTES } from './tokens.js'
import { USER_ROUTES } from './users.js'
import { WAY_IN_ROUTES } from './way-in.js'
import { WEBHOOK_ROUTES } from './webhooks.js'

/** Every route of the admin API, below /api/v1. */
export const ADMIN_ROUTES: readonly AdminRoute[] = [
  ...ACCOUNT_ROUTES,
  ...OVERVIEW_ROUTES,
  ...ATTRIBUTE_ROUTES,
  ...ME_ROUTES,
  ...WAY_IN_ROUTES,
  ...CONNECTION_ROUTES,
  ...SETUP_ROUTES,
  ...SELF_TEST_ROUTES,
  ...TOKEN_ROUTES,
  ...FEDERATION_ROUTES,
  ...RULE_WORK_ROUTES,
  ...GROUP_ROUTES,
  ...SAML_ROUTES,
  ...SIGN_IN_TEST_ROUTES,
  ...USER_ROUTES,
  ...SESSION_ROUTES,
  ...EVENT_ROUTES,
  ...EXPORT_ROUTES,
  ...FEED_ROUTES,
  ...WEBHOOK_ROUTES,
]
