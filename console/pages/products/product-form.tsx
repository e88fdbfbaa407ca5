import { Radio, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../api/client.js'
import { useSaveOver } from '../../api/save-over.js'
import type { Product } from '../../api/schema.js'
import { useSession } from '../../api/session.js'
import { announce } from '../../parts/announce.js'
import { Conflict } from '../../parts/conflict.js'
import { FormDialog } from '../../parts/form-dialog.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { WholeNumber } from '../../parts/whole-number.js'
import { FeatureFields } from './feature-fields.js'
import { IncludeFields } from './include-fields.js'
import { SeatsNote } from './seats-note.js'

const POLICIES = ['reserve_on_invite', 'assign_on_accept'] as const

interface Draft {
  readonly key: string
  readonly name: string
  readonly seats: number
  readonly policy: Product['policy']
  readonly features: Product['features']
  readonly includes: Product['includes']
}

const NEW: Draft = { key: '', name: '', seats: 10, policy: 'reserve_on_invite', features: {}, includes: [] }

interface ProductFormProps {
  /** The one to change; undefined for a new one. */
  readonly product: Product | undefined
  readonly onClose: () => void
}

/** Add a product, or change its name, seats and policy. */
export function ProductForm({ product, onClose }: ProductFormProps) {
  const { t } = useTranslation(['products', 'shell'])
  const [draft, setDraft] = useState<Draft>(product ?? NEW)
  const set = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }))
  const differences = useDifferences()
  const { save, error, isPending, theirs, take } = useSaving(product, setDraft, onClose)
  return (
    <FormDialog
      onClose={onClose}
      title={product === undefined ? t('add') : t('changeOf', { name: product.name })}
      onSubmit={() => save(draft)}
      isPending={isPending}
    >
      <TextInput
        id="product-name"
        label={t('name')}
        required
        maxLength={100}
        value={draft.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      {product === undefined ? (
        <TextInput
          id="product-key"
          label={t('key')}
          description={t('keyNote')}
          required
          value={draft.key}
          onChange={(event) => set({ key: event.currentTarget.value })}
        />
      ) : null}
      <WholeNumber
        id="product-seats"
        label={t('seats')}
        required
        min={0}
        value={draft.seats}
        onChange={(seats) => set({ seats })}
      />
      {product === undefined ? null : <SeatsNote product={product} seats={draft.seats} />}
      <Radio.Group
        label={t('policy')}
        value={draft.policy}
        onChange={(policy) => set({ policy: policy as Draft['policy'] })}
      >
        <Stack gap="xs" mt="xs">
          {POLICIES.map((policy) => (
            <Radio key={policy} value={policy} label={t(`policies.${policy}`)} description={t(`about.${policy}`)} />
          ))}
        </Stack>
      </Radio.Group>
      <FeatureFields features={draft.features} onChange={(features) => set({ features })} />
      <IncludeFields self={product?.key ?? ''} includes={draft.includes} onChange={(includes) => set({ includes })} />
      {theirs === undefined ? null : (
        <Conflict differences={differences(theirs, draft)} onKeep={() => save(draft)} onTake={take} />
      )}
      <ProblemNote error={error} fields={FIELDS} />
    </FormDialog>
  )
}

/** What is stored against what was typed, field by field. */
function useDifferences() {
  const { t } = useTranslation('products')
  const rows = (one: Draft) => [
    { field: t('name'), value: one.name },
    { field: t('seats'), value: String(one.seats) },
    { field: t('policy'), value: t(`policies.${one.policy}`) },
    {
      field: t('features.title'),
      value: Object.entries(one.features)
        .map(([name, on]) => `${name}: ${t(on ? 'features.on' : 'features.off')}`)
        .sort()
        .join(', '),
    },
    { field: t('includes.title'), value: [...one.includes].sort().join(', ') },
  ]
  return (theirs: Draft, yours: Draft) => {
    const typed = rows(yours)
    return rows(theirs)
      .map(({ field, value }, index) => ({ field, theirs: value, yours: typed[index]?.value ?? '' }))
      .filter(({ theirs, yours }) => theirs !== yours)
  }
}

const FIELDS = { name: 'product-name', key: 'product-key', seats: 'product-seats' }

const ONE = '/accounts/{accountId}/products/{productId}'

function useSaving(product: Product | undefined, setDraft: (draft: Draft) => void, onDone: () => void) {
  const { t } = useTranslation()
  const { account } = useSession()
  return useSaveOver({
    read: product,
    write: (draft: Draft, over) => {
      if (over === undefined) return call(account.id, 'POST /accounts/{accountId}/products', { body: draft })
      const { name, seats, policy, features, includes } = draft
      const body = { name, seats, policy, features, includes, version: over.version }
      return call(account.id, `PATCH ${ONE}`, { params: { productId: over.id }, body })
    },
    makesStale: ['GET /accounts/{accountId}/products', `GET ${ONE}/waiting`, 'GET /accounts/{accountId}/users'],
    lookAgain: ({ id }) => call(account.id, `GET ${ONE}`, { params: { productId: id } }),
    onSaved: () => {
      announce(t('saved'))
      onDone()
    },
    onTake: setDraft,
  })
}
