import { Checkbox, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Answer } from '../../api/client.js'
import { useWrite } from '../../api/queries.js'
import type { Permission } from '../../api/schema.js'
import { announce } from '../../parts/announce.js'
import { FormDialog } from '../../parts/form-dialog.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { IMPLIED, PERMISSION_GROUPS } from './permissions.js'

export type ListedRole = Answer<'GET /accounts/{accountId}/roles'>['items'][number]

interface RoleFormProps {
  /** The custom role to change; undefined for a new one. */
  readonly role: ListedRole | undefined
  readonly onClose: () => void
}

interface Draft {
  readonly name: string
  readonly key: string
  readonly permissions: readonly Permission[]
}

const NEW: Draft = { name: '', key: '', permissions: ['users.view'] }

/** Make a custom role, or change its name and what it allows. */
export function RoleForm({ role, onClose }: RoleFormProps) {
  const { t } = useTranslation(['roles', 'shell'])
  const [draft, setDraft] = useState<Draft>(role ?? NEW)
  const set = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }))
  const { save, error, isPending } = useSaving(role, draft, onClose)
  return (
    <FormDialog
      size="lg"
      onClose={onClose}
      title={role === undefined ? t('add') : t('changeOf', { name: role.name })}
      onSubmit={save}
      isPending={isPending}
    >
      <TextInput
        id="role-name"
        label={t('name')}
        required
        data-autofocus
        maxLength={100}
        value={draft.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      {role === undefined ? (
        <TextInput
          id="role-key"
          label={t('key')}
          description={t('keyNote')}
          required
          value={draft.key}
          onChange={(event) => set({ key: event.currentTarget.value })}
        />
      ) : (
        <Text size="sm">{t('concerns', { count: role.members })}</Text>
      )}
      <PermissionChoice chosen={draft.permissions} onChange={(permissions) => set({ permissions })} />
      <ProblemNote error={error} fields={IDS} />
    </FormDialog>
  )
}

const IDS = { 'body.name': 'role-name', 'body.key': 'role-key' }

function useSaving(role: ListedRole | undefined, { name, key, permissions }: Draft, onClose: () => void) {
  const { t } = useTranslation()
  const stale = ['GET /accounts/{accountId}/roles'] as const
  const create = useWrite('POST /accounts/{accountId}/roles', stale)
  const change = useWrite('PATCH /accounts/{accountId}/roles/{roleId}', stale)
  const onSuccess = () => {
    announce(t('saved'))
    onClose()
  }
  const chosen = [...permissions]
  return {
    save: () =>
      role === undefined
        ? create.mutate({ body: { name, key, permissions: chosen } }, { onSuccess })
        : change.mutate({ params: { roleId: role.id }, body: { name, permissions: chosen } }, { onSuccess }),
    error: create.error ?? change.error,
    isPending: create.isPending || change.isPending,
  }
}

interface PermissionChoiceProps {
  readonly chosen: readonly Permission[]
  readonly onChange: (permissions: Permission[]) => void
}

/** What the role allows; what comes along by itself is ticked and cannot be taken away. */
function PermissionChoice({ chosen, onChange }: PermissionChoiceProps) {
  const { t } = useTranslation('roles')
  const implied = new Set(chosen.map((permission) => IMPLIED[permission]))
  const toggle = (permission: Permission, on: boolean) =>
    onChange(on ? [...chosen, permission] : chosen.filter((one) => one !== permission))
  return (
    <div
      style={{ display: 'grid', gap: '1rem', gridTemplateColumns: 'repeat(auto-fill, minmax(min(17rem, 100%), 1fr))' }}
    >
      {PERMISSION_GROUPS.map(([group, permissions]) => (
        <fieldset key={group} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
          <Text component="legend" size="sm" fw={600} mb={4}>
            {t(`group.${group}`)}
          </Text>
          <Stack gap={6}>
            {permissions.map((permission) => (
              <Checkbox
                key={permission}
                label={t(`may.${permission}`)}
                checked={chosen.includes(permission) || implied.has(permission)}
                disabled={implied.has(permission)}
                onChange={(event) => toggle(permission, event.currentTarget.checked)}
              />
            ))}
          </Stack>
        </fieldset>
      ))}
    </div>
  )
}
