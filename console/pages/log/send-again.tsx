import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Event } from '../../api/schema.js'
import { Part } from './part.js'
import type { Names } from './use-names.js'

/** No button pretends to make a directory send again; this is where it can be told to (PRODUCT 3.2, Actions). */
export function SendAgain({ event, names }: { readonly event: Event; readonly names: Names }) {
  const { t } = useTranslation('log')
  const kind = names.connections.find(({ id }) => id === event.connectionId)?.idpKind
  const type = event.subject?.type
  if (event.source !== 'scim' || event.outcome !== 'failure' || kind === undefined) return null
  if (type !== 'user' && type !== 'group') return null
  return (
    <Part title={t('again.title')}>
      <Text size="sm">{t('again.lead')}</Text>
      <Text size="sm" fw={550} mt={4}>
        {t(`again.${kind}.${type}`)}
      </Text>
    </Part>
  )
}
