import { useTranslation } from 'react-i18next'
import type { RulePreview } from '../../api/schema.js'
import { isolated, useNames } from './use-words.js'

/** "12 gain Meet, 3 lose Assist, 1 role changes", or that nobody is concerned. */
export function useCountWords(): (preview: RulePreview) => string {
  const { t, i18n } = useTranslation('rules')
  const { productName } = useNames()
  return ({ counts, people }) => {
    if (counts.length === 0) return t('count.nobody', { count: people })
    const words = counts.map(({ field, product, change, people: count }) =>
      field === 'role'
        ? t('count.role', { count })
        : t(`count.${change}`, { count, product: isolated(productName(product ?? '')) }),
    )
    const list = new Intl.ListFormat(i18n.language, { type: 'unit' }).format(words)
    return t('count.of', { list, count: people })
  }
}
