import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../api/client.js'
import { problemOf, useWrite } from '../../api/queries.js'
import type { UserDetail } from '../../api/schema.js'
import { useSession } from '../../api/session.js'
import { announce } from '../../parts/announce.js'
import { Conflict } from '../../parts/conflict.js'
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
  const { account } = useSession()
  const [draft, setDraft] = useState(() => draftOf(user))
  const [base, setBase] = useState(user)
  const [theirs, setTheirs] = useState<UserDetail>()
  const write = useWrite('PATCH /accounts/{accountId}/users/{userId}', STALE)
  const params = { userId: user.id }
  const lookAgain = async () =>
    setTheirs(await call(account.id, 'GET /accounts/{accountId}/users/{userId}', { params }))
  const saveOver = ({ version }: UserDetail) => {
    setTheirs(undefined)
    write.mutate(
      { params, body: { ...changed(base, draft), version } },
      {
        onSuccess: () => {
          announce(t('shell:saved'))
          onClose()
        },
        onError: (error) => {
          if (problemOf(error).code === 'version_mismatch') void lookAgain()
        },
      },
    )
  }
  const stored = theirs === undefined ? undefined : draftOf(theirs)
  return (
    <Modal opened onClose={onClose} title={t('edit.title')} closeButtonProps={{ 'aria-label': t('shell:close') }}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          saveOver(base)
        }}
      >
        <Stack>
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
          {theirs === undefined || stored === undefined ? null : (
            <Conflict
              differences={FIELDS.filter((field) => stored[field] !== draft[field]).map((field) => ({
                field: t(`field.${field}`),
                theirs: stored[field],
                yours: draft[field],
              }))}
              onKeep={() => saveOver(theirs)}
              onTake={() => {
                setDraft(stored)
                setBase(theirs)
                setTheirs(undefined)
                write.reset()
              }}
            />
          )}
          {write.error === null || problemOf(write.error).code === 'version_mismatch' ? null : (
            <ProblemNote error={write.error} fields={IDS} />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('shell:cancel')}
            </Button>
            <Button type="submit" loading={write.isPending}>
              {t('shell:save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

const IDS = Object.fromEntries(FIELDS.map((field) => [`body.${field}`, `edit-${field}`]))

/** Only what she changed: what somebody else changed beside it stays. */
function changed(base: UserDetail, draft: Draft): Partial<Draft> {
  const before = draftOf(base)
  return Object.fromEntries(
    FIELDS.filter((field) => before[field] !== draft[field]).map((field) => [field, draft[field]]),
  )
}
