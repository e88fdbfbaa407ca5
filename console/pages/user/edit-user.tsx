import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../api/client.js'
import { useSaveOver } from '../../api/save-over.js'
import type { UserDetail } from '../../api/schema.js'
import { useSession } from '../../api/session.js'
import { announce } from '../../parts/announce.js'
import { Conflict } from '../../parts/conflict.js'
import { FormDialog } from '../../parts/form-dialog.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { STALE } from './stale.js'

const FIELDS = ['givenName', 'familyName', 'displayName'] as const
type Draft = Readonly<Record<(typeof FIELDS)[number], string>>

const draftOf = ({ givenName, familyName, displayName }: UserDetail): Draft => ({
  givenName: givenName ?? '',
  familyName: familyName ?? '',
  displayName,
})

interface EditUserProps {
  readonly user: UserDetail
  readonly onClose: () => void
}

/** Change the name of a local user, under the version that was read. */
export function EditUser({ user, onClose }: EditUserProps) {
  const { t } = useTranslation(['people', 'shell'])
  const [draft, setDraft] = useState(() => draftOf(user))
  const { save, base, error, isPending, theirs, take } = useSaving(user, setDraft, onClose)
  const submit = () => save(changed(base, draft))
  const stored = theirs === undefined ? undefined : draftOf(theirs)
  return (
    <FormDialog title={t('edit.title')} onClose={onClose} onSubmit={submit} isPending={isPending}>
      {FIELDS.map((field) => (
        <TextInput
          key={field}
          id={`edit-${field}`}
          label={t(`field.${field}`)}
          required
          value={draft[field]}
          onChange={(event) => {
            const { value } = event.currentTarget
            setDraft((before) => ({ ...before, [field]: value }))
          }}
        />
      ))}
      {stored === undefined ? null : (
        <Conflict
          differences={FIELDS.filter((field) => stored[field] !== draft[field]).map((field) => ({
            field: t(`field.${field}`),
            theirs: stored[field],
            yours: draft[field],
          }))}
          onKeep={submit}
          onTake={take}
        />
      )}
      <ProblemNote error={error} fields={IDS} />
    </FormDialog>
  )
}

const ONE = '/accounts/{accountId}/users/{userId}'

function useSaving(user: UserDetail, setDraft: (draft: Draft) => void, onDone: () => void) {
  const { t } = useTranslation()
  const { account } = useSession()
  const params = { userId: user.id }
  return useSaveOver({
    read: user,
    write: (changes: Partial<Draft>, { version }) =>
      call(account.id, `PATCH ${ONE}`, { params, body: { ...changes, version } }),
    makesStale: STALE,
    lookAgain: () => call(account.id, `GET ${ONE}`, { params }),
    onSaved: () => {
      announce(t('saved'))
      onDone()
    },
    onTake: (theirs) => setDraft(draftOf(theirs)),
  })
}

const IDS = Object.fromEntries(FIELDS.map((field) => [`body.${field}`, `edit-${field}`]))

/** Only what she changed: what somebody else changed beside it stays. */
function changed(base: UserDetail, draft: Draft): Partial<Draft> {
  const before = draftOf(base)
  return Object.fromEntries(
    FIELDS.filter((field) => before[field] !== draft[field]).map((field) => [field, draft[field]]),
  )
}
