import { ActionIcon, Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core'
import { X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

type Features = Readonly<Record<string, boolean>>

interface FeatureFieldsProps {
  readonly features: Features
  readonly onChange: (features: Features) => void
}

/** Switches that a license of the product has, with what they are unless somebody says otherwise (GA-12). */
export function FeatureFields({ features, onChange }: FeatureFieldsProps) {
  const { t } = useTranslation('products')
  const [name, setName] = useState('')
  const add = () => {
    const key = name.trim()
    if (key !== '' && !Object.hasOwn(features, key)) onChange({ ...features, [key]: false })
    setName('')
  }
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
      <Text component="legend" size="sm" fw={500}>
        {t('features.title')}
      </Text>
      <Text size="xs" c="var(--quiet)" mb={6}>
        {t('features.note')}
      </Text>
      <Stack gap={6}>
        {Object.entries(features).map(([feature, on]) => (
          <Group key={feature} gap="xs" wrap="nowrap">
            <Checkbox
              label={<bdi>{feature}</bdi>}
              checked={on}
              onChange={(event) => onChange({ ...features, [feature]: event.currentTarget.checked })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={24}
              aria-label={t('features.remove', { feature })}
              onClick={() => onChange(Object.fromEntries(Object.entries(features).filter(([key]) => key !== feature)))}
            >
              <X size={14} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <Group gap="xs" align="flex-end">
          <TextInput
            size="xs"
            label={t('features.name')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return
              event.preventDefault()
              add()
            }}
          />
          <Button size="xs" variant="default" onClick={add} disabled={name.trim() === ''}>
            {t('features.add')}
          </Button>
        </Group>
      </Stack>
    </fieldset>
  )
}
