import { setUpAcme } from '../../docs/demo/acme.js'
import { adminApi } from '../../docs/demo/admin-api.js'
import { ACME_DOMAIN, NORDLYS_DOMAIN } from '../../docs/demo/people.js'
import { playScenario } from '../../docs/demo/scenario.js'
import { OPERATOR_TOKEN, TestAccount, type TestApp } from '../harness/app.js'
import { signIn } from '../harness/people.js'
import { playSignIns } from './scene-sign-ins.js'

/** An account in which much has happened, and cookies of people who may look at it. */
export interface Scene {
  readonly account: TestAccount
  readonly connections: { readonly entra: string; readonly okta: string }
  /** `name=value` of a live session, by role. */
  readonly cookies: Readonly<Record<'super_admin' | 'admin' | 'member', string>>
}

/** Acme, as `npm run demo` plays it: two directories, rules, few seats, and requests that went wrong. */
export async function aScene(app: TestApp): Promise<Scene> {
  const acme = await setUpAcme(adminApi(app.url, OPERATOR_TOKEN))
  await playScenario(acme, () => undefined)
  await app.settle()
  const account = new TestAccount(app, acme.accountId)
  await playSignIns(account, acme.okta.id, `anais.dubois@${NORDLYS_DOMAIN}`)
  const enter = async (role: string, givenName: string, familyName: string) => {
    const email = `${givenName.toLowerCase()}@${ACME_DOMAIN}`
    const { id } = await account.aLocalUser({ email, givenName, familyName, role, status: 'active' })
    return (await signIn(account, id, 86_400_000)).cookie
  }
  return {
    account,
    connections: { entra: acme.entra.id, okta: acme.okta.id },
    cookies: {
      super_admin: await enter('super_admin', 'Olivia', 'Okafor'),
      admin: await enter('admin', 'Adam', 'Ahlberg'),
      member: await enter('member', 'Mia', 'Moreau'),
    },
  }
}
