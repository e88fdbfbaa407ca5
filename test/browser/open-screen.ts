import type { TestApp } from '../harness/app.js'
import type { Chromium, Tab } from './chromium.js'
import type { Scene } from './scene.js'
import type { Screen } from './screens.js'

export interface Looks {
  readonly scheme?: 'light' | 'dark'
  readonly language?: string
  readonly viewport?: { readonly width: number; readonly height: number }
  /** Whose session; the super admin's unless told otherwise. */
  readonly as?: keyof Scene['cookies']
  /** Whose, where it is somebody outside the scene: `name=value`, more of them after a semicolon. */
  readonly cookie?: string
}

/** A page with somebody's session, language and colours, before anything is opened in it. */
export function tabOf(chromium: Chromium, app: TestApp, scene: Scene, looks: Looks = {}): Promise<Tab> {
  return signedInTab(chromium, app, looks.cookie ?? scene.cookies[looks.as ?? 'super_admin'], looks)
}

/** The same for whoever these cookies belong to. */
export async function signedInTab(chromium: Chromium, app: TestApp, cookie: string, looks: Looks = {}): Promise<Tab> {
  const { scheme = 'light', language = 'en', viewport = { width: 1360, height: 900 } } = looks
  const tab = await chromium.page({ colorScheme: scheme, locale: language, viewport, reducedMotion: 'reduce' })
  const cookies = cookie.split('; ').map((one) => {
    const [name = '', ...value] = one.split('=')
    return { name, value: value.join('='), url: app.publicUrl }
  })
  await tab.context.addCookies(cookies)
  return tab
}

/** Open a screen of the console, and wait until its content is there. */
export async function show(tab: Tab, app: TestApp, scene: Scene, screen: Screen): Promise<void> {
  await tab.open(`${app.publicUrl}${await screen.path(scene)}`)
  await tab.page
    .locator(screen.shown ?? 'h1')
    .first()
    .waitFor()
  await screen.act?.(tab.page)
  await tab.page.waitForLoadState('networkidle')
}
