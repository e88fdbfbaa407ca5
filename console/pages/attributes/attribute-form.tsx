import { Button, Group, Modal, Select, Stack, TagsInput, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../api/client.js'
import { problemOf, refresh, useWrite } from '../../api/queries.js'
import type { Attribute } from '../../api/schema.js'
import { useSession } from '../../api/session.js'
import { announce } from '../../parts/announce.js'
import { Conflict } from '../../parts/conflict.js'
import { ProblemNote } from '../../parts/problem-note.js'

const LIST = 'GET /accounts/{accountId}/attributes'
const TYPES = ['text', 'number', 'boolean', 'date', 'choice'] as const

interface Draft {
  readonly name: string
  readonly type: Attribute['type']
  readonly description: string
  readonly choices: readonly string[]
}

const NEW: Draft = { name: '', type: 'text', description: '', choices: [] }
const draftOf = ({ name, type, description, choices }: Attribute): Draft => ({
  name,
  type,
  description,
  choices: choices ?? [],
})

interface AttributeFormProps {
  /** The one to change; undefined for a new one. */
  readonly attribute: Attribute | undefined
  readonly onClose: () => void
}

/** Add an attribute, or change what it says and offers; name and type stay. */
export function AttributeForm({ attribute, onClose }: AttributeFormProps) {
  const { t } = useTranslation(['attributes', 'shell'])
  const [draft, setDraft] = useState<Draft>(attribute === undefined ? NEW : draftOf(attribute))
  const set = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }))
  const { save, error, isPending, theirs, keepMine, takeTheirs } = useSaving(attribute, draft, setDraft, onClose)
  return (
    <Modal
      opened
      onClose={onClose}
      title={attribute === undefined ? t('add') : t('changeOf', { name: attribute.name })}
      closeButtonProps={{ 'aria-label': t('shell:close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <Stack>
          {attribute !== undefined ? null : (
            <>
              <TextInput
                id="attribute-name"
                label={t('name')}
                description={t('nameNote')}
                required
                data-autofocus
                value={draft.name}
                onChange={(event) => set({ name: event.currentTarget.value })}
              />
              <Select
                label={t('type')}
                description={t('typeNote')}
                allowDeselect={false}
                value={draft.type}
                data={TYPES.map((type) => ({ value: type, label: t(`types.${type}`) }))}
                onChange={(type) => set({ type: (type ?? 'text') as Draft['type'] })}
              />
            </>
          )}
          <TextInput
            label={t('description')}
            value={draft.description}
            onChange={(event) => set({ description: event.currentTarget.value })}
          />
          {draft.type === 'choice' ? (
            <TagsInput
              id="attribute-choices"
              label={t('choices')}
              description={t('choicesNote')}
              maxTags={50}
              value={[...draft.choices]}
              onChange={(choices) => set({ choices })}
            />
          ) : null}
          {theirs === undefined ? null : (
            <Conflict
              differences={[
                { field: t('description'), theirs: theirs.description, yours: draft.description },
                { field: t('choices'), theirs: (theirs.choices ?? []).join(', '), yours: draft.choices.join(', ') },
              ].filter((one) => one.theirs !== one.yours)}
              onKeep={keepMine}
              onTake={takeTheirs}
            />
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

const FIELDS = { 'body.name': 'attribute-name', 'body.choices': 'attribute-choices' }

/** Saving under the version that was read; where somebody was faster, what is stored now comes along (`theirs`). */
function useSaving(
  attribute: Attribute | undefined,
  draft: Draft,
  setDraft: (draft: Draft) => void,
  onDone: () => void,
) {
  const { t } = useTranslation()
  const { account } = useSession()
  const client = useQueryClient()
  const [theirs, setTheirs] = useState<Attribute>()
  const create = useWrite('POST /accounts/{accountId}/attributes')
  const change = useWrite('PATCH /accounts/{accountId}/attributes/{attributeId}')
  const done = () => {
    void refresh(client, [LIST])
    announce(t('saved'))
    onDone()
  }
  const { name, type, description } = draft
  const choices = type === 'choice' ? { choices: [...draft.choices] } : {}
  const lookAgain = async (id: string) => {
    const { items } = await call(account.id, LIST)
    setTheirs(items.find((one) => one.id === id))
  }
  const saveOver = ({ id, version }: Attribute) =>
    change.mutate(
      { params: { attributeId: id }, body: { description, ...choices, version } },
      {
        onSuccess: done,
        onError: (error) => {
          if (problemOf(error).code === 'version_mismatch') void lookAgain(id)
        },
      },
    )
  return {
    save: () =>
      attribute === undefined
        ? create.mutate({ body: { name, type, description, ...choices } }, { onSuccess: done })
        : saveOver(theirs ?? attribute),
    error: create.error ?? change.error,
    isPending: create.isPending || change.isPending,
    theirs,
    keepMine: () => theirs !== undefined && saveOver(theirs),
    takeTheirs: () => {
      if (theirs !== undefined) setDraft(draftOf(theirs))
      setTheirs(undefined)
      change.reset()
    },
  }
}
