import { useTranslation } from 'react-i18next'
import { useRead } from '../../api/queries.js'
import type { Effects } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { builtFromFilter, type Clause } from './condition.js'
import { useAttributes } from './use-attributes.js'

/** A foreign name inside of a sentence, which must not turn the rest of it around (U+2068 to U+2069). */
export const isolated = (text: string): string => `\u2068${text}\u2069`

/** A condition as a sentence, or undefined where only the filter itself says it. */
export function useConditionWords(): (condition: string | null) => string | undefined {
  const { t, i18n } = useTranslation('rules')
  const { find } = useAttributes()
  const clauseWords = ({ path, operator, value }: Clause) => {
    const attribute = find(path)
    const isOwn = attribute === undefined || attribute.group === 'own'
    const of = isOwn ? isolated(attribute?.name ?? path) : t(`of.${attribute.name}`)
    if (path === 'active' && typeof value === 'boolean') return t(value ? 'isActive' : 'isInactive')
    if (typeof value === 'boolean') return t(value ? 'isTrue' : 'isFalse', { attribute: of })
    const area = attribute?.type === 'group' ? 'groupClause' : 'clause'
    return t(`${area}.${operator}`, { attribute: of, value: isolated(value) })
  }
  return (condition) => {
    const built = builtFromFilter(condition, find)
    if (built === undefined) return undefined
    if (built.clauses.length === 0) return t('everyone')
    const type = built.join === 'and' ? 'conjunction' : 'disjunction'
    const clauses = new Intl.ListFormat(i18n.language, { type }).format(built.clauses.map(clauseWords))
    return t('when', { clauses })
  }
}

/** What a rule gives, in words: "the role Team lead and Assist (unattended: on)". */
export function useEffectWords(): (effects: Effects) => string {
  const { t, i18n } = useTranslation('rules')
  const { roleName, productName } = useNames()
  const features = (switched: Readonly<Record<string, boolean>> = {}) =>
    Object.entries(switched).map(([name, on]) => t(on ? 'featureOn' : 'featureOff', { name }))
  const productWords = ({ key, features: switched }: NonNullable<Effects['products']>[number]) => {
    const product = isolated(productName(key))
    const list = features(switched)
    return list.length === 0 ? product : t('productWith', { product, features: list.join(', ') })
  }
  return ({ role, products = [] }) => {
    const words = [
      ...(role === undefined ? [] : [t('theRole', { role: isolated(roleName(role)) })]),
      ...products.map(productWords),
    ]
    return words.length === 0 ? t('nothing') : new Intl.ListFormat(i18n.language).format(words)
  }
}

/** Names of roles and products by their keys; the key itself where the reader may not see the list. */
export function useNames() {
  const may = useMay()
  const roles = useRead('GET /accounts/{accountId}/roles', {}, { enabled: may('users.view'), staleTime: 60_000 })
  const products = useRead(
    'GET /accounts/{accountId}/products',
    {},
    { enabled: may('licenses.view'), staleTime: 60_000 },
  )
  return {
    roles: roles.data?.items ?? [],
    products: products.data?.items ?? [],
    roleName: (key: string) => roles.data?.items.find((role) => role.key === key)?.name ?? key,
    productName: (key: string) => products.data?.items.find((product) => product.key === key)?.name ?? key,
  }
}
