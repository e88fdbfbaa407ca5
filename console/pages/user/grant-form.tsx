import { Checkbox, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { grantableRoles, useCatalogue } from '../../api/catalogue.js'
import { useWrite } from '../../api/queries.js'
import type { UserDetail } from '../../api/schema.js'
import { useSession } from '../../api/session.js'
import { announce } from '../../parts/announce.js'
import { FormDialog } from '../../parts/form-dialog.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { STALE } from './stale.js'

/** What an administrator wants to decide by hand. */
export type GrantWish =
  | { readonly kind: 'role'; readonly effect: 'allow' }
  | { readonly kind: 'product'; readonly value: string; readonly effect: 'allow' | 'deny' }

interface GrantFormProps {
  readonly user: UserDetail
  readonly wish: GrantWish
  readonly onClose: () => void
}

/** Give or withhold by hand, with a reason where a directory manages her, and with an end where one is wanted. */
export function GrantForm({ user, wish, onClose }: GrantFormProps) {
  const { t } = useTranslation(['people', 'shell'])
  const { productName } = useCatalogue()
  const managed = user.connectionId !== null
  const [role, setRole] = useState(user.role.key)
  const [features, setFeatures] = useState<Readonly<Record<string, boolean>>>({})
  const [reason, setReason] = useState('')
  const [until, setUntil] = useState('')
  const write = useWrite('POST /accounts/{accountId}/users/{userId}/grants', STALE)
  const title =
    wish.kind === 'role'
      ? t('access.changeRole')
      : t(`access.product.${wish.effect}`, { name: productName(wish.value) })
  const save = () =>
    write.mutate(
      {
        params: { userId: user.id },
        body: {
          kind: wish.kind,
          value: wish.kind === 'role' ? role : wish.value,
          effect: wish.effect,
          ...(Object.keys(features).length === 0 ? {} : { features }),
          ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
          ...(until === '' ? {} : { expiresAt: new Date(until).toISOString() }),
        },
      },
      {
        onSuccess: () => {
          announce(t('shell:saved'))
          onClose()
        },
      },
    )
  return (
    <FormDialog title={title} onClose={onClose} onSubmit={save} isPending={write.isPending}>
      {managed ? <Text size="sm">{t('grant.override')}</Text> : null}
      {wish.kind === 'role' ? <RoleChoice value={role} onChange={setRole} /> : null}
      {wish.kind === 'product' && wish.effect === 'allow' ? (
        <FeatureChoice product={wish.value} chosen={features} onChange={setFeatures} />
      ) : null}
      <Textarea
        id="grant-reason"
        label={t('grant.reason')}
        description={t(managed ? 'grant.reasonNeeded' : 'grant.reasonNote')}
        required={managed}
        maxLength={500}
        autosize
        minRows={2}
        maxRows={6}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <TextInput
        id="grant-until"
        type="datetime-local"
        label={t('grant.until')}
        description={t('grant.untilNote')}
        value={until}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
      <ProblemNote error={write.error} fields={IDS} />
    </FormDialog>
  )
}

const IDS = { 'body.reason': 'grant-reason', 'body.expiresAt': 'grant-until', 'body.value': 'grant-role' }

function RoleChoice({ value, onChange }: { readonly value: string; readonly onChange: (key: string) => void }) {
  const { t } = useTranslation('people')
  const { user: me } = useSession()
  const { roles = [], roleName } = useCatalogue()
  return (
    <NativeSelect
      id="grant-role"
      label={t('column.role')}
      value={value}
      data={grantableRoles(me.role, roles).map(({ key }) => ({ value: key, label: roleName(key) }))}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

interface FeatureChoiceProps {
  readonly product: string
  readonly chosen: Readonly<Record<string, boolean>>
  readonly onChange: (features: Record<string, boolean>) => void
}

/** Switches of the product, at its defaults until they are touched (GA-12). */
function FeatureChoice({ product, chosen, onChange }: FeatureChoiceProps) {
  const { t } = useTranslation('people')
  const { productOf } = useCatalogue()
  const defaults = Object.entries(productOf(product)?.features ?? {})
  if (defaults.length === 0) return null
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
      <Text component="legend" size="sm" fw={500} mb={4}>
        {t('grant.features')}
      </Text>
      <Stack gap={6}>
        {defaults.map(([feature, on]) => (
          <Checkbox
            key={feature}
            label={<bdi>{feature}</bdi>}
            checked={chosen[feature] ?? on}
            onChange={(event) => onChange({ ...chosen, [feature]: event.currentTarget.checked })}
          />
        ))}
      </Stack>
    </fieldset>
  )
}
