import { accountSettings } from '../db/policies.js'
import type { Connection } from './connection.js'
import { listRoles, type Role } from './custom-roles.js'
import type { Deps } from './deps.js'
import { grantableByDirectory } from './evaluate-attributes.js'
import { listProducts, type Product } from './products.js'

/** The roles that a directory may give, in the order of their ids: what it cannot give is not offered (PRODUCT 2.6). */
export async function grantableRoles({ db }: Deps, { accountId }: Connection): Promise<Role[]> {
  const settings = JSON.parse(await accountSettings(db, accountId)) as { directoryMayGrantSuperAdmin?: boolean }
  const isGrantable = grantableByDirectory(settings.directoryMayGrantSuperAdmin ?? false)
  return (await listRoles(db, accountId)).filter(isGrantable)
}

/** The products of the account, with their seats as they stand. */
export function grantableProducts({ db }: Deps, { accountId }: Connection): Promise<Product[]> {
  return listProducts(db, accountId)
}
