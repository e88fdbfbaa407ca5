const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/** The userName of person `number` of a series; all names of a series have the same length. */
export function userNameOf(series: string, number: number): string {
  return `${series}.${String(number).padStart(8, '0')}@contoso.example`
}

/** A user as Microsoft Entra ID sends it (SCIM.md 1.2), each with a userName, externalId and address of her own. */
export function entraUser(series: string, number: number): object {
  const userName = userNameOf(series, number)
  const familyName = `Lovelace${String(number).padStart(8, '0')}`
  return {
    schemas: [USER, ENTERPRISE],
    externalId: `${series}-${String(number).padStart(8, '0')}`,
    userName,
    active: true,
    displayName: `Ada ${familyName}`,
    emails: [{ primary: true, type: 'work', value: userName }],
    meta: { resourceType: 'User' },
    name: { formatted: `Ada ${familyName}`, familyName, givenName: 'Ada' },
    title: 'Engineer',
    [ENTERPRISE]: { department: 'Research', employeeNumber: String(number).padStart(8, '0') },
  }
}

/** Entra's PATCH that switches a user off or on. */
export function activePatch(active: boolean): object {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'Replace', path: 'active', value: active ? 'True' : 'False' }],
  }
}
