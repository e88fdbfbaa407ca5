import type { Acme, DemoConnection } from './acme.js'
import type { AdminApi } from './admin-api.js'
import type { ApplicationSettings } from './identity-provider/application.js'
import { type DemoIdentityProvider, startIdentityProvider } from './identity-provider/start.js'
import { ACME_PEOPLE, NORDLYS_PEOPLE } from './people.js'

/** Where the people of each directory begin to sign in. */
export interface SignIn {
  readonly entraUrl: string
  readonly oktaUrl: string
}

const CLAIMS = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims'

/** Attributes have the names that each product gives them. The second takes requests as posted forms alone, as some do. */
const APPLICATIONS: readonly ApplicationSettings[] = [
  {
    key: 'entra',
    name: 'Entra ID of Acme',
    bindings: ['redirect', 'post'],
    attributeNames: {
      email: `${CLAIMS}/emailaddress`,
      givenName: `${CLAIMS}/givenname`,
      familyName: `${CLAIMS}/surname`,
    },
    people: ACME_PEOPLE,
  },
  {
    key: 'okta',
    name: 'Okta of Nordlys',
    bindings: ['post'],
    attributeNames: { email: 'email', givenName: 'firstName', familyName: 'lastName' },
    people: NORDLYS_PEOPLE,
  },
]

export function startDemoIdentityProvider(): Promise<DemoIdentityProvider> {
  return startIdentityProvider(APPLICATIONS)
}

/** Introduce the identity provider and both connections to each other, by metadata alone. */
export async function setUpSignIn(admin: AdminApi, idp: DemoIdentityProvider, acme: Acme): Promise<SignIn> {
  const entraUrl = await introduce(admin, idp, acme, 'entra', acme.entra)
  const oktaUrl = await introduce(admin, idp, acme, 'okta', acme.okta)
  return { entraUrl, oktaUrl }
}

async function introduce(
  admin: AdminApi,
  idp: DemoIdentityProvider,
  { accountId }: Acme,
  key: string,
  { id }: DemoConnection,
): Promise<string> {
  const { metadataUrl, loginUrl } = await admin.put<{ metadataUrl: string; loginUrl: string }>(
    `/accounts/${accountId}/connections/${id}/saml`,
    { idpMetadataUrl: idp.metadataUrl(key) },
  )
  idp.trust(key, await (await fetch(metadataUrl)).text())
  return loginUrl
}
