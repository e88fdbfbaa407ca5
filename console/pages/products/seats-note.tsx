import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Product } from '../../api/schema.js'

/** What another number of seats means for those who wait, before it is saved (PRODUCT 2.5). */
export function SeatsNote({ product, seats }: { readonly product: Product; readonly seats: number }) {
  const { t } = useTranslation('products')
  const taken = product.assigned + product.reserved
  const added = seats - product.seats
  const served = Math.max(0, Math.min(product.waiting, seats - taken))
  const text =
    seats < taken
      ? t('seatsNote.tooFew', { count: taken })
      : added > 0 && product.waiting > 0
        ? t('seatsNote.serves', { count: added, served, waiting: product.waiting })
        : undefined
  return (
    <div aria-live="polite">
      {text === undefined ? null : (
        <Text size="sm" c={seats < taken ? 'var(--warn)' : 'var(--good)'}>
          {text}
        </Text>
      )}
    </div>
  )
}
