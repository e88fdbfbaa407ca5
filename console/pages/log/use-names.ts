import { useQueries } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { call } from '../../api/client.js'
import { useRead } from '../../api/queries.js'
import type { Connection, Event, Product, Rule } from '../../api/schema.js'
import { useMay, useSession } from '../../api/session.js'

const MINUTE_MS = 60_000
const RULES = 'GET /accounts/{accountId}/connections/{connectionId}/rules'
const SYSTEM_ROLES = new Set(['super_admin', 'admin', 'member'])

/** Names for the ids and keys in events, as far as whoever looks may read them. */
export interface Names {
  readonly connections: readonly Connection[]
  readonly connection: (id: string | undefined) => string | undefined
  readonly product: (key: string) => string
  readonly role: (key: string) => string
  /** What a rule is called: its note, or its condition. */
  readonly rule: (id: string) => NamedRule | undefined
}

export interface NamedRule {
  readonly id: string
  readonly connectionId: string
  readonly name: string
}

/** Names for the connections and products of an account, and for the rules of these connections. */
export function useNames(ofRules: readonly string[] = []): Names {
  const { t, i18n } = useTranslation('events')
  const may = useMay()
  const lasting = { staleTime: MINUTE_MS }
  const { data: connections } = useRead(
    'GET /accounts/{accountId}/connections',
    {},
    { ...lasting, enabled: may('connections.view') },
  )
  const { data: products } = useRead(
    'GET /accounts/{accountId}/products',
    {},
    { ...lasting, enabled: may('licenses.view') },
  )
  const rules = useRulesOf(ofRules)
  const found = (id: string | undefined): Connection | undefined => connections?.items.find((one) => one.id === id)
  return {
    connections: connections?.items ?? [],
    connection: (id) => found(id)?.name,
    product: (key) => products?.items.find((one: Product) => one.key === key)?.name ?? key,
    role: (key) => (SYSTEM_ROLES.has(key) && i18n.exists(`events:role.${key}`) ? t(`role.${key}`) : key),
    rule: (id) => rules.get(id),
  }
}

function useRulesOf(connectionIds: readonly string[]): ReadonlyMap<string, NamedRule> {
  const { account } = useSession()
  const may = useMay()
  const lists = useQueries({
    queries: (may('connections.view') ? connectionIds : []).map((connectionId) => ({
      queryKey: [RULES, { connectionId }, {}],
      queryFn: ({ signal }: { signal: AbortSignal }) => call(account.id, RULES, { params: { connectionId }, signal }),
      staleTime: MINUTE_MS,
    })),
  })
  return new Map(
    lists.flatMap(({ data }, place) =>
      (data?.items ?? []).map((rule) => [rule.id, namedRule(rule, connectionIds[place] ?? '')] as const),
    ),
  )
}

export function namedRule(
  { id, note, condition, priority }: Pick<Rule, 'id' | 'note' | 'condition' | 'priority'>,
  connectionId: string,
): NamedRule {
  return { id, connectionId, name: note || condition || String(priority) }
}

/** Connections whose rules decided something in these events. */
export function connectionsWithRules(events: readonly Event[]): string[] {
  const decided = events.filter(({ effects }) => effects.some(({ ruleId }) => typeof ruleId === 'string'))
  return [...new Set(decided.flatMap(({ connectionId }) => (connectionId === undefined ? [] : [connectionId])))].sort()
}

/** Ids of the rules that decided something in an event, each once. */
export function rulesIn({ effects }: Pick<Event, 'effects'>): string[] {
  return [...new Set(effects.flatMap(({ ruleId }) => (typeof ruleId === 'string' ? [ruleId] : [])))]
}
