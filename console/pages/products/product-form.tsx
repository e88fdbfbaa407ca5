import { Button, Group, Modal, NumberInput, Radio, Stack, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../api/client.js'
import { problemOf, refresh, useWrite } from '../../api/queries.js'
import type { Product } from '../../api/schema.js'
import { useSession } from '../../api/session.js'
import { announce } from '../../parts/announce.js'
import { Conflict } from '../../parts/conflict.js'
import { ProblemNote } from '../../parts/problem-note.js'
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
  const { save, error, isPending, theirs, keepMine, takeTheirs } = useSaving(product, draft, setDraft, onClose)
  return (
    <Modal
      opened
      onClose={onClose}
      title={product === undefined ? t('add') : t('changeOf', { name: product.name })}
      closeButtonProps={{ 'aria-label': t('shell:close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <Stack>
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
          <NumberInput
            id="product-seats"
            label={t('seats')}
            required
            min={0}
            allowDecimal={false}
            value={draft.seats}
            onChange={(seats) => set({ seats: Number(seats) })}
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
          <IncludeFields
            self={product?.key ?? ''}
            includes={draft.includes}
            onChange={(includes) => set({ includes })}
          />
          {theirs === undefined ? null : (
            <Conflict differences={differences(theirs, draft)} onKeep={keepMine} onTake={takeTheirs} />
          )}
          {error === null || theirs !== undefined ? null : <ProblemNote error={error} fields={FIELDS} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('shell:cancel')}
            </Button>
            <Button type="submit" loading={isPending}>
              {t('shell:save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
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

/** Saving under the version that was read; where somebody was faster, what is stored now comes along (`theirs`). */
function useSaving(product: Product | undefined, draft: Draft, setDraft: (draft: Draft) => void, onDone: () => void) {
  const { t } = useTranslation()
  const { account } = useSession()
  const client = useQueryClient()
  const [theirs, setTheirs] = useState<Product>()
  const create = useWrite('POST /accounts/{accountId}/products')
  const change = useWrite('PATCH /accounts/{accountId}/products/{productId}')
  const done = () => {
    void refresh(client, [
      'GET /accounts/{accountId}/products',
      'GET /accounts/{accountId}/products/{productId}/waiting',
      'GET /accounts/{accountId}/users',
    ])
    announce(t('saved'))
    onDone()
  }
  const lookAgain = async ({ id }: Product) => {
    const params = { productId: id }
    setTheirs(await call(account.id, 'GET /accounts/{accountId}/products/{productId}', { params }))
  }
  const saveOver = (base: Product) => {
    const { name, seats, policy, features, includes } = draft
    change.mutate(
      { params: { productId: base.id }, body: { name, seats, policy, features, includes, version: base.version } },
      {
        onSuccess: done,
        onError: (error) => {
          if (problemOf(error).code === 'version_mismatch') void lookAgain(base)
        },
      },
    )
  }
  return {
    save: () =>
      product === undefined ? create.mutate({ body: draft }, { onSuccess: done }) : saveOver(theirs ?? product),
    error: create.error ?? change.error,
    isPending: create.isPending || change.isPending,
    theirs,
    keepMine: () => theirs !== undefined && saveOver(theirs),
    takeTheirs: () => {
      if (theirs !== undefined) setDraft(theirs)
      setTheirs(undefined)
      change.reset()
    },
  }
}
