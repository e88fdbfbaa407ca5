import { Checkbox, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '../../api/catalogue.js'

interface IncludeFieldsProps {
  /** Key of the product itself. */
  readonly self: string
  readonly includes: readonly string[]
  readonly onChange: (keys: string[]) => void
}

/** What comes with one seat of a bundle (PBX-04). */
export function IncludeFields({ self, includes, onChange }: IncludeFieldsProps) {
  const { t } = useTranslation('products')
  const { products = [] } = useCatalogue()
  const others = products.filter(({ key }) => key !== self)
  if (others.length === 0) return null
  return (
    <Checkbox.Group
      label={t('includes.title')}
      description={t('includes.note')}
      value={[...includes]}
      onChange={onChange}
    >
      <Stack gap={6} mt="xs">
        {others.map(({ key, name }) => (
          <Checkbox key={key} value={key} label={<bdi>{name}</bdi>} />
        ))}
      </Stack>
    </Checkbox.Group>
  )
}
