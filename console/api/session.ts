import { useQuery } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import { request } from './client.js'
import type { Permission } from './schema.js'

/** Who this browser is: `GET /api/v1/session`. */
export interface Session {
  readonly user: {
    readonly id: string
    readonly email: string | null
    readonly displayName: string
    /** Key of the role. */
    readonly role: string
    readonly owner?: boolean
    readonly language?: string | null
  }
  readonly account: { readonly id: string; readonly name: string }
  readonly permissions: readonly Permission[]
  readonly signedInWith?: 'password' | 'saml'
  readonly secondFactor?: boolean
}

export const SESSION_KEY = ['session'] as const

export function useSessionQuery() {
  return useQuery({
    queryKey: SESSION_KEY,
    queryFn: async ({ signal }) => (await request('GET', '/api/v1/session', undefined, signal)) as Session,
    staleTime: 60_000,
  })
}

export const SessionContext = createContext<Session | undefined>(undefined)

/** The session of whoever looks; every page stands inside one. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === undefined) throw new Error('A page outside of the session.')
  return session
}

/** Whether the role of whoever looks holds a permission (PRODUCT 2.6). What is not allowed is not offered. */
export function useMay(): (permission: Permission) => boolean {
  const { permissions } = useSession()
  return (permission) => permissions.includes(permission)
}
