import { Checkbox, Group, NativeSelect, Radio, Stack, Text, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../api/queries.js'
import type { Connection } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { Conflict } from '../../parts/conflict.js'
import { Section } from '../../parts/page.js'
import { SettingsForm } from '../../parts/settings-form.js'
import { WholeNumber } from '../../parts/whole-number.js'
import { type Draft, differencesOf, draftOf, productsOf, useSaving } from './settings-draft.js'

const FIELDS = {
  'body.name': 'connection-name',
  'body.accessTokenSeconds': 'connection-seconds',
  'body.defaults.role': 'connection-role',
}

/** Name, defaults, and what the directory may decide (PRODUCT 2.2, 2.5, 2.10). */
export function SettingsSection({ connection }: { readonly connection: Connection }) {
  const { t } = useTranslation(['connections', 'shell'])
  const mayManage = useMay()('connections.manage')
  const [draft, setDraft] = useState<Draft>(() => draftOf(connection))
  const { save, error, isPending, theirs, take } = useSaving(connection, setDraft)
  const names = useDefaultNames()
  const set = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }))
  return (
    <SettingsForm
      gap="lg"
      mayManage={mayManage}
      onSubmit={() => save(draft)}
      isPending={isPending}
      error={error}
      fields={FIELDS}
    >
      <Section title={t('settings.title')} lead={t('settings.lead')}>
        <TextInput
          id="connection-name"
          label={t('name')}
          required
          maxLength={128}
          value={draft.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
      </Section>
      <Section title={t('settings.defaults')}>
        <DefaultFields draft={draft} set={set} names={names} />
      </Section>
      <Section title={t('settings.directory')}>
        <DirectoryFields draft={draft} set={set} />
      </Section>
      {theirs === undefined ? null : (
        <Conflict differences={differencesOf(theirs, draft, t)} onKeep={() => save(draft)} onTake={take} />
      )}
    </SettingsForm>
  )
}

interface FieldsProps {
  readonly draft: Draft
  readonly set: (changes: Partial<Draft>) => void
}

type Named = { readonly key: string; readonly name: string }

function useDefaultNames(): { readonly roles: readonly Named[]; readonly products: readonly Named[] } {
  const may = useMay()
  const roles = useList('GET /accounts/{accountId}/roles', {}, { enabled: may('users.view') })
  const products = useList('GET /accounts/{accountId}/products', {}, { enabled: may('licenses.view') })
  return { roles: roles.rows ?? [], products: products.rows ?? [] }
}

function DefaultFields({
  draft,
  set,
  names: { roles, products },
}: FieldsProps & { readonly names: ReturnType<typeof useDefaultNames> }) {
  const { t } = useTranslation('connections')
  const chosen = productsOf(draft)
  const others = roles.filter(({ key }) => key !== 'member')
  // A role that whoever looks may not list is still there.
  const unknown = draft.role !== '' && !roles.some(({ key }) => key === draft.role) ? [draft.role] : []
  return (
    <Stack gap="md">
      <NativeSelect
        id="connection-role"
        label={t('settings.role')}
        value={draft.role}
        onChange={(event) => set({ role: event.currentTarget.value })}
        data={[
          { value: '', label: t('settings.noRole') },
          ...others.map(({ key, name }) => ({ value: key, label: name })),
          ...unknown.map((key) => ({ value: key, label: key })),
        ]}
      />
      <Checkbox.Group
        label={t('settings.products')}
        value={chosen}
        onChange={(keys) =>
          set({
            products: keys.map((key) => draft.products.find((one) => one.key === key) ?? { key }),
          })
        }
      >
        <Group gap="md" mt="xs">
          {products.map(({ key, name }) => (
            <Checkbox key={key} value={key} label={name} />
          ))}
          {products.length === 0 ? (
            <Text size="sm" c="var(--quiet)">
              {t('settings.noProducts')}
            </Text>
          ) : null}
        </Group>
      </Checkbox.Group>
    </Stack>
  )
}

function DirectoryFields({ draft, set }: FieldsProps) {
  const { t } = useTranslation('connections')
  return (
    <Stack gap="md">
      {(['acceptDirectRoles', 'acceptDirectEntitlements'] as const).map((name) => (
        <Checkbox
          key={name}
          label={t(`settings.${name}`)}
          description={t(`settings.${name}Note`)}
          checked={draft[name]}
          onChange={(event) => set({ [name]: event.currentTarget.checked })}
        />
      ))}
      <Choice
        label={t('settings.onNoSeat')}
        value={draft.onNoSeat}
        onChange={(onNoSeat) => set({ onNoSeat: onNoSeat as Draft['onNoSeat'] })}
      >
        {(['accept', 'reject'] as const).map((value) => (
          <Radio key={value} value={value} label={t(`settings.onNoSeatOf.${value}`)} />
        ))}
      </Choice>
      <Choice
        label={t('settings.linkPolicy')}
        value={draft.linkPolicy}
        onChange={(linkPolicy) => set({ linkPolicy: linkPolicy as Draft['linkPolicy'] })}
      >
        {(['auto', 'review', 'never'] as const).map((value) => (
          <Radio key={value} value={value} label={t(`settings.linkPolicyOf.${value}`)} />
        ))}
      </Choice>
      <WholeNumber
        id="connection-seconds"
        label={t('settings.accessTokenSeconds')}
        description={t('settings.accessTokenSecondsNote')}
        required
        min={300}
        max={21_600}
        clampBehavior="none"
        value={draft.accessTokenSeconds}
        onChange={(accessTokenSeconds) => set({ accessTokenSeconds })}
      />
    </Stack>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly children: ReactNode
}

function Choice({ label, value, onChange, children }: ChoiceProps) {
  return (
    <Radio.Group label={label} value={value} onChange={onChange}>
      <Stack gap="xs" mt="xs">
        {children}
      </Stack>
    </Radio.Group>
  )
}
