import type { Scene } from './scene.js'
import type { Screen } from './screens.js'

/** The log in its three views, the panel of an event, and what its codes mean. */
export const LOG_SCREENS: readonly Screen[] = [
  { name: 'log', path: () => '/log', shown: 'tbody td a' },
  {
    name: 'log-filters',
    path: () => '/log?connectionId=x&code=user_exists_local&range=own&columns=id,status',
    shown: '#main search',
  },
  {
    name: 'log-event',
    path: (scene) => pathOfEvent(scene, '/log', 'code=user_exists_local'),
    shown: '[role=dialog] h4',
  },
  {
    name: 'log-change',
    path: (scene) => pathOfEvent(scene, '/log', 'action=user.deactivated'),
    shown: '[role=dialog] h4',
  },
  { name: 'log-forged', path: () => '/log/nothing-of-the-kind', shown: '[role=dialog] [role=alert]' },
  { name: 'sign-ins', path: () => '/sign-ins', shown: 'tbody td a' },
  {
    name: 'sign-in-refused',
    path: (scene) => pathOfEvent(scene, '/sign-ins', 'code=wrong_audience'),
    shown: '[role=dialog] h4',
  },
  { name: 'audit', path: () => '/audit', shown: 'tbody td a' },
  {
    name: 'audit-event',
    path: (scene) => pathOfEvent(scene, '/audit', 'action=rule.created'),
    shown: '[role=dialog] h4',
  },
  { name: 'codes', path: () => '/codes#no_seat', shown: 'dl.codes' },
]

/** The panel of the newest event that fits. */
async function pathOfEvent({ account }: Scene, page: string, query: string): Promise<string> {
  const [event] = await account.events(query)
  return `${page}/${event.id}`
}
