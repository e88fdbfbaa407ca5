import { Anchor, Checkbox, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { grantableRoles, useCatalogue } from '../../api/catalogue.js'
import { problemOf, useWrite } from '../../api/queries.js'
import type { Product } from '../../api/schema.js'
import { useSession } from '../../api/session.js'
import { announce } from '../../parts/announce.js'
import { FormDialog } from '../../parts/form-dialog.js'
import { ProblemNote } from '../../parts/problem-note.js'

interface Draft {
  readonly email: string
  readonly givenName: string
  readonly familyName: string
  readonly role: string
  readonly products: readonly string[]
}

const NOBODY: Draft = { email: '', givenName: '', familyName: '', role: 'member', products: [] }
const FIELDS = { email: 'user-email', givenName: 'user-given', familyName: 'user-family', role: 'user-role' }

interface AddUserProps {
  readonly onClose: () => void
  readonly onAdded: (userId: string) => void
}

/** Add a person by hand (GA-15, GA-16, GA-25); what was typed stays on any refusal. */
export function AddUser({ onClose, onAdded }: AddUserProps) {
  const { t } = useTranslation(['people', 'shell'])
  const [draft, setDraft] = useState(NOBODY)
  const set = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }))
  const add = useWrite('POST /accounts/{accountId}/users', [
    'GET /accounts/{accountId}/users',
    'GET /accounts/{accountId}/products',
  ])
  const submit = () => {
    const { products, ...person } = draft
    add.mutate(
      { body: { ...person, products: products.map((key) => ({ key })) } },
      {
        onSuccess: ({ id, displayName }) => {
          announce(t('add.done', { name: displayName }))
          onAdded(id)
        },
      },
    )
  }
  return (
    <FormDialog
      title={t('add.title')}
      onClose={onClose}
      onSubmit={submit}
      action={t('add.submit')}
      isPending={add.isPending}
    >
      <TextInput
        id="user-email"
        type="email"
        label={t('field.email')}
        description={t('add.emailNote')}
        required
        data-autofocus
        autoComplete="off"
        value={draft.email}
        onChange={(event) => set({ email: event.currentTarget.value })}
      />
      <Group grow align="flex-start">
        <TextInput
          id="user-given"
          label={t('field.givenName')}
          required
          value={draft.givenName}
          onChange={(event) => set({ givenName: event.currentTarget.value })}
        />
        <TextInput
          id="user-family"
          label={t('field.familyName')}
          required
          value={draft.familyName}
          onChange={(event) => set({ familyName: event.currentTarget.value })}
        />
      </Group>
      <RoleSelect value={draft.role} onChange={(role) => set({ role })} />
      <ProductChoice chosen={draft.products} onChange={(products) => set({ products })} />
      {add.error === null ? null : <Refusal error={add.error} />}
    </FormDialog>
  )
}

/** What went wrong, and the way to whoever has the address already. */
function Refusal({ error }: { readonly error: Error }) {
  const { t } = useTranslation('people')
  const { userId } = problemOf(error)
  return (
    <>
      <ProblemNote error={error} fields={FIELDS} />
      {userId === undefined ? null : (
        <Anchor component={Link} to={`/users/${userId}`} size="sm">
          {t('add.openExisting')}
        </Anchor>
      )}
    </>
  )
}

function RoleSelect({ value, onChange }: { readonly value: string; readonly onChange: (key: string) => void }) {
  const { t } = useTranslation('people')
  const { user } = useSession()
  const { roles = [], roleName } = useCatalogue()
  const offered = grantableRoles(user.role, roles)
  if (offered.length === 0) return null
  return (
    <NativeSelect
      id="user-role"
      label={t('column.role')}
      value={value}
      data={offered.map(({ key }) => ({ value: key, label: roleName(key) }))}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

interface ProductChoiceProps {
  readonly chosen: readonly string[]
  readonly onChange: (keys: string[]) => void
}

/** Products with how many of their seats are free: without one, nobody can be added (GA-14). */
function ProductChoice({ chosen, onChange }: ProductChoiceProps) {
  const { t } = useTranslation('people')
  const { products = [] } = useCatalogue()
  if (products.length === 0) return null
  return (
    <Checkbox.Group label={t('add.products')} value={[...chosen]} onChange={onChange}>
      <Stack gap={6} mt="xs">
        {products.map((product) => {
          const free = freeSeats(product)
          return (
            <Checkbox
              key={product.key}
              value={product.key}
              disabled={free === 0}
              label={<bdi>{product.name}</bdi>}
              description={t('add.free', { free, seats: product.seats })}
            />
          )
        })}
      </Stack>
      {products.some((product) => freeSeats(product) === 0) ? (
        <Text size="sm" mt="xs">
          <Anchor component={Link} to="/products">
            {t('add.manageSeats')}
          </Anchor>
        </Text>
      ) : null}
    </Checkbox.Group>
  )
}

function freeSeats({ seats, assigned, reserved }: Product): number {
  return Math.max(0, seats - assigned - reserved)
}
