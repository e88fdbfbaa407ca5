import { useQueries } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { call } from './client.js'
import { useRead } from './queries.js'
import type { Connection, Product, Rule } from './schema.js'
import { useMay, useSession } from './session.js'

const MINUTE_MS = 60_000
const SYSTEM_ROLES = new Set(['super_admin', 'admin', 'member'])

/** Names for the keys and ids that people carry: products, roles, connections. What may not be read keeps its key. */
export function useCatalogue() {
  const may = useMay()
  const roleName = useRoleName()
  const { data: products } = useRead(
    'GET /accounts/{accountId}/products',
    {},
    { enabled: may('licenses.view'), staleTime: MINUTE_MS },
  )
  const { data: roles } = useRead(
    'GET /accounts/{accountId}/roles',
    {},
    { enabled: may('users.view'), staleTime: MINUTE_MS },
  )
  const { data: connections } = useRead(
    'GET /accounts/{accountId}/connections',
    {},
    { enabled: may('connections.view'), staleTime: MINUTE_MS },
  )
  const productOf = (key: string): Product | undefined => products?.items.find((product) => product.key === key)
  const connectionOf = (id: string | null): Connection | undefined => connections?.items.find((one) => one.id === id)
  return {
    products: products?.items,
    roles: roles?.items,
    connections: connections?.items,
    productOf,
    connectionOf,
    productName: (key: string): string => productOf(key)?.name ?? key,
    roleName: (key: string): string => roleName(roles?.items.find((role) => role.key === key) ?? { key, name: key }),
  }
}

/** System roles in the language of the reader, custom ones as they were named. */
export function useRoleName(): (role: { readonly key: string; readonly name: string }) => string {
  const { t } = useTranslation()
  return ({ key, name }) => (SYSTEM_ROLES.has(key) ? t(`role.${key}`) : name)
}

/** A rule, with the connection that it belongs to. */
export type KnownRule = Rule & { readonly connectionId: string }
export type Rules = ReadonlyMap<string, KnownRule>

const RULES = 'GET /accounts/{accountId}/connections/{connectionId}/rules'

/** The rules of these connections by id, for whoever may see them. */
export function useRules(connectionIds: readonly string[]): Rules {
  const may = useMay()
  const { account } = useSession()
  return useQueries({
    queries: connectionIds.map((connectionId) => ({
      queryKey: [RULES, { connectionId }, {}],
      queryFn: ({ signal }: { signal: AbortSignal }) => call(account.id, RULES, { params: { connectionId }, signal }),
      enabled: may('connections.view'),
      staleTime: MINUTE_MS,
    })),
    combine: (answers) =>
      new Map(
        answers.flatMap(({ data }, index) =>
          (data?.items ?? []).map((rule) => [rule.id, { ...rule, connectionId: connectionIds[index] ?? '' }]),
        ),
      ),
  })
}

/** Whom whoever looks may change: a super admin everyone, others plain members only (PRODUCT 2.6). */
export function mayAdminister(actingRole: string, user: { readonly role: { readonly key: string } }): boolean {
  return actingRole === 'super_admin' || user.role.key === 'member'
}

/** Roles that whoever looks may give by hand (GA-27). */
export function grantableRoles<Role extends { readonly key: string }>(
  actingRole: string,
  roles: readonly Role[],
): Role[] {
  if (actingRole === 'super_admin') return [...roles]
  return actingRole === 'admin' ? roles.filter(({ key }) => key === 'member') : []
}
