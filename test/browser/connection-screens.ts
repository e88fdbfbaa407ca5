import { createKeyPair } from '../../saml/key-pair.js'
import type { Scene } from './scene.js'
import type { Screen } from './screens.js'

/** A draft of a kind, made once for a scene. */
const DRAFTS = new WeakMap<Scene, Map<string, Promise<string>>>()

function draftOf(scene: Scene, idpKind: 'okta' | 'entra' | 'generic'): Promise<string> {
  const known = DRAFTS.get(scene) ?? new Map<string, Promise<string>>()
  DRAFTS.set(scene, known)
  const make = async () => {
    const { body } = await scene.account
      .admin('post', '/connections', { name: `Draft ${idpKind}`, idpKind })
      .expect(201)
    return String(body.id)
  }
  const draft = known.get(idpKind) ?? make()
  known.set(idpKind, draft)
  return draft
}

const SIGN_IN = new WeakMap<Scene, Promise<unknown>>()

/** Okta with sign-in set up by hand, by two certificates. */
async function signInOf(scene: Scene): Promise<string> {
  const set = async () => {
    const pairs = await Promise.all(
      [400, 40].map((days) => createKeyPair('Okta', new Date(Date.now() - days * 86_400_000))),
    )
    const idp = {
      entityId: 'http://www.okta.com/exk1fcia6d6EMsf331d8',
      ssoRedirectUrl: 'https://nordlys.okta.example/app/usher/exk1fcia6d6EMsf331d8/sso/saml',
      certificates: pairs.map(({ certificate }) => certificate),
    }
    await scene.account.admin('put', `/connections/${scene.connections.okta}/saml`, { idp }).expect(200)
  }
  const done = SIGN_IN.get(scene) ?? set()
  SIGN_IN.set(scene, done)
  await done
  return `/connections/${scene.connections.okta}/sign-in`
}

const tabOf = (tab: string, shown: string): Screen => ({
  name: `connection-${tab}`,
  path: ({ connections }) => `/connections/${connections.entra}?tab=${tab}`,
  shown: `[role=tabpanel] ${shown}`,
})

const stepOf = (idpKind: 'okta' | 'entra' | 'generic', step: string): Screen => ({
  name: `setup-${idpKind}-${step}`,
  path: async (scene) => `/connections/${await draftOf(scene, idpKind)}/setup?step=${step}`,
  shown: 'h2',
})

export const CONNECTION_SCREENS: readonly Screen[] = [
  { name: 'connections', path: () => '/connections', shown: 'tbody td' },
  tabOf('health', 'svg'),
  tabOf('values', 'code'),
  tabOf('tokens', 'tbody td button'),
  {
    ...tabOf('tokens', 'tbody td button'),
    name: 'connection-revoke',
    act: async (page) => {
      await page.locator('tbody td button').first().click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'connection-exchange',
    path: ({ connections }) => `/connections/${connections.entra}?tab=tokens&exchange=yes`,
    shown: '[role=tabpanel] li select',
  },
  tabOf('clients', 'code'),
  tabOf('settings', '#connection-seconds'),
  tabOf('test', 'ul li'),
  {
    ...tabOf('test', 'ul li'),
    name: 'connection-self-test',
    act: async (page) => {
      await page.locator('[role=tabpanel] section').first().getByRole('button').click()
      await page.locator('[role=tabpanel] ol li').nth(8).waitFor()
    },
  },
  tabOf('danger', 'button'),
  {
    ...tabOf('danger', 'button'),
    name: 'connection-disable',
    act: async (page) => {
      await page.locator('[role=tabpanel] button').first().click()
      await page.getByRole('dialog').waitFor()
    },
  },
  { name: 'connection-new', path: () => '/connections/new', shown: '#connection-name' },
  stepOf('okta', 'app'),
  stepOf('okta', 'saml'),
  stepOf('okta', 'metadata'),
  stepOf('okta', 'scim'),
  stepOf('okta', 'test'),
  stepOf('entra', 'mappings'),
  stepOf('generic', 'person'),
  {
    name: 'setup-live',
    path: ({ connections }) => `/connections/${connections.entra}/setup?step=scim`,
    shown: 'h2',
  },
  { name: 'single-sign-on', path: () => '/single-sign-on', shown: 'tbody td' },
  {
    name: 'sign-in-none',
    path: async (scene) => `/connections/${await draftOf(scene, 'generic')}/sign-in`,
    shown: '#idp-url',
  },
  { name: 'sign-in', path: signInOf, shown: '#saml-hours' },
  { name: 'domains', path: () => '/domains', shown: 'h2' },
]
