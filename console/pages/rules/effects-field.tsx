import { Checkbox, Select, Stack, Switch, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Effects, Product } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { useNames } from './use-words.js'

interface EffectsFieldProps {
  readonly effects: Effects
  readonly onChange: (effects: Effects) => void
}

type Given = NonNullable<Effects['products']>[number]

/** What a rule gives: a role, for who may let a directory give one, and products with their features. */
export function EffectsField({ effects, onChange }: EffectsFieldProps) {
  const { t } = useTranslation('rules')
  const may = useMay()
  const { roles, products } = useNames()
  const given = effects.products ?? []
  const setProducts = (next: readonly Given[]) => onChange({ ...effects, products: [...next] })
  return (
    <Stack>
      {may('rules.manage.admin') || effects.role !== undefined ? (
        <Select
          label={t('role')}
          description={t('roleNote')}
          maw="24rem"
          clearable
          clearButtonProps={{ 'aria-label': t('noRole') }}
          placeholder={t('noRole')}
          value={effects.role ?? null}
          data={roles.map(({ key, name }) => ({ value: key, label: name }))}
          onChange={(role) => {
            const { role: _, ...rest } = effects
            onChange(role === null ? rest : { ...rest, role })
          }}
        />
      ) : null}
      <Checkbox.Group
        label={t('products')}
        value={given.map(({ key }) => key)}
        onChange={(keys) => setProducts(keys.map((key) => given.find((one) => one.key === key) ?? { key }))}
      >
        <Stack gap="xs" mt={6}>
          {products.length === 0 ? (
            <Text size="sm" c="var(--quiet)">
              {t('noProducts')}
            </Text>
          ) : null}
          {products.map((product) => {
            const chosen = given.find(({ key }) => key === product.key)
            return (
              <div key={product.id}>
                <Checkbox
                  value={product.key}
                  label={product.name}
                  description={t('seatsOf', { used: product.assigned + product.reserved, seats: product.seats })}
                />
                {chosen === undefined ? null : (
                  <Features
                    product={product}
                    given={chosen}
                    onChange={(next) => setProducts(given.map((one) => (one.key === next.key ? next : one)))}
                  />
                )}
              </div>
            )
          })}
        </Stack>
      </Checkbox.Group>
    </Stack>
  )
}

interface FeaturesProps {
  readonly product: Product
  readonly given: Given
  readonly onChange: (given: Given) => void
}

/** Features of a product as this rule switches them; what it does not name stays as the product has it (GA-12). */
function Features({ product, given, onChange }: FeaturesProps) {
  const { t } = useTranslation('rules')
  const names = Object.keys(product.features)
  if (names.length === 0) return null
  return (
    <fieldset style={{ border: 0, padding: 0, margin: '6px 0 6px 30px' }}>
      <legend className="unseen">{t('featuresOf', { product: product.name })}</legend>
      <Stack gap={6}>
        {names.map((name) => (
          <Switch
            key={name}
            size="sm"
            label={name}
            checked={given.features?.[name] ?? product.features[name] ?? false}
            onChange={(event) => {
              const on = event.currentTarget.checked
              const { [name]: _, ...others } = given.features ?? {}
              const features = on === product.features[name] ? others : { ...others, [name]: on }
              onChange(Object.keys(features).length === 0 ? { key: given.key } : { key: given.key, features })
            }}
          />
        ))}
      </Stack>
    </fieldset>
  )
}
