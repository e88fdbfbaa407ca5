import { Button, Checkbox, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../api/client.js'
import { problemOf, refresh, useWrite } from '../../api/queries.js'
import type { Webhook } from '../../api/schema.js'
import { useMay, useSession } from '../../api/session.js'
import { announce } from '../../parts/announce.js'
import { Conflict } from '../../parts/conflict.js'
import { SecretOnce } from '../../parts/copy.js'
import { ProblemNote } from '../../parts/problem-note.js'

const EVENTS = [
  'prov:create',
  'prov:put',
  'prov:patch',
  'prov:activate',
  'prov:deactivate',
  'prov:delete',
  'feed:add',
  'access',
] as const

type Draft = Pick<Webhook, 'url' | 'description' | 'events' | 'mode'>

const NEW: Draft = { url: '', description: '', events: [], mode: 'notice' }
const draftOf = ({ url, description, events, mode }: Webhook): Draft => ({ url, description, events, mode })

interface WebhookFormProps {
  /** The one to change; undefined for a new one. */
  readonly webhook: Webhook | undefined
  /** `made` is the id of a new one. */
  readonly onClose: (made?: string) => void
}

/** Add a webhook, whose secret is then shown this once, or change where and what it is sent. */
export function WebhookForm({ webhook, onClose }: WebhookFormProps) {
  const { t } = useTranslation(['webhooks', 'shell'])
  const [draft, setDraft] = useState<Draft>(webhook === undefined ? NEW : draftOf(webhook))
  const set = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }))
  const saving = useSaving(webhook, draft, setDraft, onClose)
  const { made, error, theirs } = saving
  return (
    <Modal
      opened
      onClose={() => onClose(made?.id)}
      size="lg"
      title={t(webhook === undefined ? 'add' : 'change')}
      closeButtonProps={{ 'aria-label': t('shell:close') }}
    >
      {made === undefined ? (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            saving.save()
          }}
        >
          <Stack>
            <Fields draft={draft} set={set} />
            {theirs === undefined ? null : (
              <Conflict
                differences={differencesOf(theirs, draft, t)}
                onKeep={saving.keepMine}
                onTake={saving.takeTheirs}
              />
            )}
            {error === null || theirs !== undefined ? null : (
              <ProblemNote error={error} fields={{ 'body.url': 'webhook-url' }} />
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={() => onClose()}>
                {t('shell:cancel')}
              </Button>
              <Button type="submit" loading={saving.isPending}>
                {t('shell:save')}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Stack>
          <SecretOnce label={t('secret')} value={made.secret} note={t('secretNote')} />
          <Group justify="flex-end">
            <Button onClick={() => onClose(made.id)}>{t('secretDone')}</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}

function Fields({ draft, set }: { readonly draft: Draft; readonly set: (changes: Partial<Draft>) => void }) {
  const { t } = useTranslation('webhooks')
  const mayValues = useMay()('logs.payload')
  return (
    <>
      <TextInput
        id="webhook-url"
        label={t('url')}
        description={t('urlNote')}
        type="url"
        required
        data-autofocus
        maxLength={2048}
        value={draft.url}
        onChange={(event) => set({ url: event.currentTarget.value })}
      />
      <TextInput
        label={t('description')}
        maxLength={256}
        value={draft.description}
        onChange={(event) => set({ description: event.currentTarget.value })}
      />
      <Checkbox.Group
        label={t('events')}
        description={t('eventsNote')}
        value={draft.events}
        onChange={(events) => set({ events: events as Draft['events'] })}
      >
        <Stack gap={6} mt="xs">
          {EVENTS.map((event) => (
            <Checkbox
              key={event}
              value={event}
              label={
                <>
                  {t(`event.${event.replace(':', '_')}`)}{' '}
                  <Text span size="xs" c="var(--quiet)" className="mono">
                    {event}
                  </Text>
                </>
              }
            />
          ))}
        </Stack>
      </Checkbox.Group>
      <Radio.Group label={t('mode')} value={draft.mode} onChange={(mode) => set({ mode: mode as Draft['mode'] })}>
        <Stack gap={6} mt="xs">
          <Radio value="notice" label={t('modes.notice')} description={t('modeNotes.notice')} />
          <Radio value="full" label={t('modes.full')} description={t('modeNotes.full')} disabled={!mayValues} />
        </Stack>
      </Radio.Group>
    </>
  )
}

function differencesOf(theirs: Webhook, yours: Draft, t: (key: string) => string) {
  return (['url', 'description', 'events', 'mode'] as const)
    .map((field) => ({ field: t(field), theirs: String(theirs[field]), yours: String(yours[field]) }))
    .filter((one) => one.theirs !== one.yours)
}

/** Saving under the version that was read; where somebody was faster, what is stored now comes along (`theirs`). */
function useSaving(webhook: Webhook | undefined, draft: Draft, setDraft: (draft: Draft) => void, onDone: () => void) {
  const { t } = useTranslation()
  const { account } = useSession()
  const client = useQueryClient()
  const [theirs, setTheirs] = useState<Webhook>()
  const create = useWrite('POST /accounts/{accountId}/webhooks', ['GET /accounts/{accountId}/webhooks'])
  const change = useWrite('PATCH /accounts/{accountId}/webhooks/{webhookId}')
  const lookAgain = async (params: { webhookId: string }) =>
    setTheirs(await call(account.id, 'GET /accounts/{accountId}/webhooks/{webhookId}', { params }))
  const saveOver = ({ id, version }: Webhook) => {
    const params = { webhookId: id }
    change.mutate(
      { params, body: { ...draft, version } },
      {
        onSuccess: () => {
          void refresh(client, STALE)
          announce(t('saved'))
          onDone()
        },
        onError: (error) => {
          if (problemOf(error).code === 'version_mismatch') void lookAgain(params)
        },
      },
    )
  }
  return {
    save: () => (webhook === undefined ? create.mutate({ body: draft }) : saveOver(theirs ?? webhook)),
    made: create.data,
    error: create.error ?? change.error,
    isPending: create.isPending || change.isPending,
    theirs,
    keepMine: () => theirs !== undefined && saveOver(theirs),
    takeTheirs: () => {
      if (theirs !== undefined) setDraft(draftOf(theirs))
      setTheirs(undefined)
      change.reset()
      if (webhook !== undefined) void refresh(client, STALE)
    },
  }
}

const STALE = ['GET /accounts/{accountId}/webhooks', 'GET /accounts/{accountId}/webhooks/{webhookId}'] as const
