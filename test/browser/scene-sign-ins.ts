import type { TestAccount } from '../harness/app.js'
import { TestConnection } from '../harness/app.js'
import { Browser } from '../harness/browser.js'
import { SingleSignOn } from '../harness/single-sign-on.js'
import { TestIdp } from '../saml/an-idp.js'

/** Sign-ins through a connection of the scene: one that goes well, and one of each of the usual mistakes. */
export async function playSignIns(account: TestAccount, connectionId: string, nameId: string): Promise<void> {
  const connection = new TestConnection(account, connectionId, '')
  const idp = await TestIdp.create('https://idp.acme.example/entity')
  const sso = await SingleSignOn.setUp(connection, idp)
  const answers = [
    { nameId },
    { nameId: 'nobody@acme.example' },
    { nameId, audience: 'https://other.example/entity' },
    { nameId, aheadMs: -3_600_000 },
  ]
  for (const claims of answers) await sso.signIn(new Browser(account.app), claims)
}
