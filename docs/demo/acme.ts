import type { AdminApi } from './admin-api.js'
import type { Connection, User } from './answers.js'
import { ENTERPRISE_URN } from './directory-client.js'
import { ACME_DOMAIN, personNamed } from './people.js'

/** What the demo made, by the ids that its directories need and that the reader may paste. */
export interface Acme {
  readonly accountId: string
  readonly entra: DemoConnection
  readonly okta: DemoConnection
}

export interface DemoConnection {
  readonly id: string
  readonly scimBaseUrl: string
  /** The SCIM token, which the API shows this once. */
  readonly token: string
}

const PRODUCTS = [
  { key: 'meet', name: 'Meet', seats: 30, features: { recording: false } },
  { key: 'assist', name: 'Assist', seats: 6, features: { unattended: false } },
  { key: 'phone', name: 'Phone', seats: 12 },
  { key: 'webinar', name: 'Webinar', seats: 5, policy: 'assign_on_accept' },
  // A bundle: one of its seats brings both of the products in it.
  { key: 'sales-suite', name: 'Sales Suite', seats: 9, includes: ['phone', 'webinar'] },
]

const ENTRA = {
  connection: { name: 'Entra ID', idpKind: 'entra', mode: 'live' },
  rules: [
    {
      condition: 'groups.display eq "Team Leads"',
      effects: { role: 'team-lead' },
      note: 'Team leads see their people and reports',
    },
    {
      condition: 'groups.display eq "Sales"',
      effects: { products: [{ key: 'sales-suite' }] },
      note: 'Whoever sells phones and presents',
    },
    {
      condition: 'groups.display eq "Support"',
      effects: { products: [{ key: 'assist' }] },
      note: 'Remote help for customers',
    },
    {
      condition: `title co "Event" and ${ENTERPRISE_URN}:department eq "Marketing"`,
      effects: { products: [{ key: 'webinar' }] },
      note: 'Events need a stage',
    },
    { condition: null, effects: { products: [{ key: 'meet' }] }, note: 'Everyone meets' },
  ],
}

const OKTA = {
  // What whoever gets from no rule gets: Meet, until Nordlys has rules for everybody.
  connection: { name: 'Okta Nordlys', idpKind: 'okta', mode: 'live', defaults: { products: [{ key: 'meet' }] } },
  rules: [
    {
      condition: 'groups.display eq "IT Operations"',
      effects: { role: 'admin', products: [{ key: 'assist', features: { unattended: true } }] },
      note: 'They look after this account',
    },
    {
      condition: 'groups.display eq "Field Sales"',
      effects: { products: [{ key: 'sales-suite' }] },
      note: 'As in Acme itself',
    },
    {
      condition: 'groups.display sw "Customer Care"',
      effects: { products: [{ key: 'assist' }] },
      note: 'For the care teams to come',
    },
  ],
}

/**
 * Set up the account as an administrator would: domain, products with few seats, a role, two connections with their
 * rules, and two people by hand, whom the directory will send as well.
 */
export async function setUpAcme(admin: AdminApi): Promise<Acme> {
  const { id: accountId } = await admin.post<{ id: string }>('/accounts', { name: 'Acme' })
  const account = `/accounts/${accountId}`
  await admin.post(`${account}/domains`, { name: ACME_DOMAIN, verified: true })
  for (const product of PRODUCTS) await admin.post(`${account}/products`, product)
  const permissions = ['users.view', 'reports.view', 'logs.view']
  await admin.post(`${account}/roles`, { key: 'team-lead', name: 'Team lead', permissions })
  const acme = {
    accountId,
    entra: await connect(admin, account, ENTRA),
    okta: await connect(admin, account, OKTA),
  }
  await addByHand(admin, account, 'tomas.herrera', { products: [{ key: 'phone' }], status: 'active' })
  await addByHand(admin, account, 'ingrid.sorensen', { role: 'admin', status: 'active' })
  return acme
}

async function connect(
  admin: AdminApi,
  account: string,
  { connection, rules }: { readonly connection: object; readonly rules: readonly object[] },
): Promise<DemoConnection> {
  const { id, scimBaseUrl } = await admin.post<Connection>(`${account}/connections`, connection)
  const { token } = await admin.post<{ token: string }>(`${account}/connections/${id}/tokens`, {})
  for (const rule of rules) await admin.post(`${account}/connections/${id}/rules`, rule)
  return { id, scimBaseUrl, token }
}

async function addByHand(admin: AdminApi, account: string, login: string, access: object): Promise<User> {
  const { givenName, familyName, address } = personNamed(login)
  return admin.post(`${account}/users`, { email: address, givenName, familyName, ...access })
}
