import { Select, TagsInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../api/client.js'
import { useSaveOver } from '../../api/save-over.js'
import type { Attribute } from '../../api/schema.js'
import { useSession } from '../../api/session.js'
import { announce } from '../../parts/announce.js'
import { Conflict } from '../../parts/conflict.js'
import { FormDialog } from '../../parts/form-dialog.js'
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
  const { save, error, isPending, theirs, take } = useSaving(attribute, setDraft, onClose)
  return (
    <FormDialog
      onClose={onClose}
      title={attribute === undefined ? t('add') : t('changeOf', { name: attribute.name })}
      onSubmit={() => save(draft)}
      isPending={isPending}
    >
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
          onKeep={() => save(draft)}
          onTake={take}
        />
      )}
      <ProblemNote error={error} fields={FIELDS} />
    </FormDialog>
  )
}

const FIELDS = { 'body.name': 'attribute-name', 'body.choices': 'attribute-choices' }

function useSaving(attribute: Attribute | undefined, setDraft: (draft: Draft) => void, onDone: () => void) {
  const { t } = useTranslation()
  const { account } = useSession()
  return useSaveOver({
    read: attribute,
    write: (draft: Draft, over) => {
      const { name, type, description } = draft
      const choices = type === 'choice' ? { choices: [...draft.choices] } : {}
      if (over === undefined)
        return call(account.id, 'POST /accounts/{accountId}/attributes', {
          body: { name, type, description, ...choices },
        })
      return call(account.id, 'PATCH /accounts/{accountId}/attributes/{attributeId}', {
        params: { attributeId: over.id },
        body: { description, ...choices, version: over.version },
      })
    },
    makesStale: [LIST],
    lookAgain: async ({ id }) => (await call(account.id, LIST)).items.find((one) => one.id === id),
    onSaved: () => {
      announce(t('saved'))
      onDone()
    },
    onTake: (theirs) => setDraft(draftOf(theirs)),
  })
}
