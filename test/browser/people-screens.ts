import type { Scene } from './scene.js'
import type { Screen } from './screens.js'

/** People: who they are, what they have and why, where they come from. */
export const PEOPLE_SCREENS: readonly Screen[] = [
  { name: 'users', path: () => '/users', shown: 'tbody td a' },
  { name: 'users-nobody', path: () => '/users?q=nobody-is-called-so', shown: 'main h1 ~ *, main button' },
  {
    name: 'users-add',
    path: () => '/users?status=suspended',
    shown: 'tbody td a',
    act: async (page) => {
      await page.locator('main h1').locator('xpath=../..').locator('button').last().click()
      await page.locator('#user-email').waitFor()
    },
  },
  { name: 'user', path: (scene) => userPath(scene, 'zoe.mueller'), shown: 'tbody td' },
  {
    name: 'user-access',
    path: async (scene) => `${await userPath(scene, 'freja.norgaard')}?tab=access`,
    shown: 'tbody td',
  },
  {
    name: 'user-give',
    path: async (scene) => `${await userPath(scene, 'freja.norgaard')}?tab=access`,
    shown: 'tbody td button',
    act: async (page) => {
      await page.locator('tbody td button').first().click()
      await page.locator('#grant-reason').waitFor()
    },
  },
  {
    name: 'user-sessions',
    path: async (scene) => `${await userPath(scene, 'olivia')}?tab=sessions`,
    shown: 'tbody td',
  },
  {
    name: 'user-activity',
    path: async (scene) => `${await userPath(scene, 'zoe.mueller')}?tab=activity`,
    shown: 'tbody td a',
  },
  { name: 'groups', path: () => '/groups', shown: 'tbody td a' },
  { name: 'groups-none', path: () => '/groups?q=no-such-group' },
  { name: 'group', path: groupPath, shown: 'tbody td a' },
  { name: 'match-requests', path: () => '/match-requests', shown: 'tbody td a' },
  { name: 'match-requests-none', path: () => '/match-requests?state=refused' },
  {
    name: 'waiting',
    path: async (scene) => `/products/${(await scene.account.products()).get('assist').id}/waiting`,
    shown: 'tbody td a',
  },
  { name: 'roles', path: () => '/roles', shown: 'tbody td' },
  {
    name: 'roles-add',
    path: () => '/roles',
    shown: 'tbody td',
    act: async (page) => {
      await page.locator('main h1').locator('xpath=../..').locator('button').last().click()
      await page.locator('#role-key').waitFor()
    },
  },
]

/** The page of somebody, by the beginning of her address. */
async function userPath({ account }: Scene, login: string): Promise<string> {
  const { body } = await account.admin('get', `/users?q=${login}`).expect(200)
  return `/users/${body.items[0].id}`
}

/** The page of the group Support. */
async function groupPath({ account, connections }: Scene): Promise<string> {
  const { body } = await account.admin('get', `/connections/${connections.entra}/groups?q=support`).expect(200)
  return `/groups/${connections.entra}/${body.items[0].id}`
}
