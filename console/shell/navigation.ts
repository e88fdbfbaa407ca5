import {
  Armchair,
  Boxes,
  Cable,
  Globe,
  House,
  ListOrdered,
  ListTree,
  LogIn,
  type LucideIcon,
  ScrollText,
  Tags,
  UserCog,
  UserRoundCheck,
  Users,
  Webhook,
} from 'lucide-react'
import type { ComponentType } from 'react'
import type { Permission } from '../api/schema.js'
import { OpenMatchRequests } from './open-count.js'

export interface Place {
  readonly to: string
  /** Key in texts/…/shell.json below `nav`. */
  readonly text: string
  readonly icon: LucideIcon
  /** Who may not is not shown it. */
  readonly needs?: Permission
  /** How much waits there. */
  readonly count?: ComponentType
}

/** The way through the console, in groups (PRODUCT 6.1). The key of a group is its text below `nav.group`. */
export const NAVIGATION: readonly (readonly [group: string, places: readonly Place[]])[] = [
  ['top', [{ to: '/', text: 'home', icon: House }]],
  ['people', [{ to: '/users', text: 'users', icon: Users, needs: 'users.view' }]],
  [
    'directory',
    [
      { to: '/connections', text: 'connections', icon: Cable, needs: 'connections.view' },
      { to: '/rules', text: 'rules', icon: ListOrdered, needs: 'connections.view' },
      { to: '/groups', text: 'groups', icon: Boxes, needs: 'connections.view' },
      {
        to: '/match-requests',
        text: 'matchRequests',
        icon: UserRoundCheck,
        needs: 'users.view',
        count: OpenMatchRequests,
      },
    ],
  ],
  ['signIn', [{ to: '/single-sign-on', text: 'singleSignOn', icon: LogIn, needs: 'connections.view' }]],
  [
    'activity',
    [
      { to: '/log', text: 'log', icon: ListTree, needs: 'logs.view' },
      { to: '/sign-ins', text: 'signIns', icon: LogIn, needs: 'logs.view' },
      { to: '/audit', text: 'audit', icon: ScrollText, needs: 'logs.view' },
    ],
  ],
  ['licenses', [{ to: '/products', text: 'products', icon: Armchair, needs: 'licenses.view' }]],
  [
    'settings',
    [
      { to: '/domains', text: 'domains', icon: Globe, needs: 'account.manage' },
      { to: '/roles', text: 'roles', icon: UserCog, needs: 'users.view' },
      { to: '/attributes', text: 'attributes', icon: Tags, needs: 'settings.manage' },
      { to: '/webhooks', text: 'webhooks', icon: Webhook, needs: 'settings.manage' },
    ],
  ],
]
