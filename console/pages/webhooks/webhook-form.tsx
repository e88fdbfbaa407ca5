import { Button, Checkbox, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../api/client.js'
import { useSaveOver } from '../../api/save-over.js'
import type { Webhook, WebhookWithSecret } from '../../api/schema.js'
import { useMay, useSession } from '../../api/session.js'
import { announce } from '../../parts/announce.js'
import { Conflict } from '../../parts/conflict.js'
import { SecretOnce } from '../../parts/copy.js'
import { Form } from '../../parts/form.js'
import { FormButtons } from '../../parts/form-buttons.js'
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
  const { save, error, isPending, theirs, take, made } = useSaving(webhook, setDraft, onClose)
  return (
    <Modal
      opened
      onClose={() => onClose(made?.id)}
      size="lg"
      title={t(webhook === undefined ? 'add' : 'change')}
      closeButtonProps={{ 'aria-label': t('shell:close') }}
    >
      {made === undefined ? (
        <Form onSubmit={() => save(draft)}>
          <Fields draft={draft} set={set} />
          {theirs === undefined ? null : (
            <Conflict differences={differencesOf(theirs, draft, t)} onKeep={() => save(draft)} onTake={take} />
          )}
          <ProblemNote error={error} fields={{ 'body.url': 'webhook-url' }} />
          <FormButtons onCancel={onClose} isPending={isPending} />
        </Form>
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

const ONE = '/accounts/{accountId}/webhooks/{webhookId}'

/** A new one comes back as `made`, with its secret. */
function useSaving(webhook: Webhook | undefined, setDraft: (draft: Draft) => void, onDone: () => void) {
  const { t } = useTranslation()
  const { account } = useSession()
  const [made, setMade] = useState<WebhookWithSecret>()
  const saving = useSaveOver({
    read: webhook,
    write: (draft: Draft, over): Promise<Webhook | WebhookWithSecret> =>
      over === undefined
        ? call(account.id, 'POST /accounts/{accountId}/webhooks', { body: draft })
        : call(account.id, `PATCH ${ONE}`, {
            params: { webhookId: over.id },
            body: { ...draft, version: over.version },
          }),
    makesStale: ['GET /accounts/{accountId}/webhooks', `GET ${ONE}`],
    lookAgain: ({ id }) => call(account.id, `GET ${ONE}`, { params: { webhookId: id } }),
    onSaved: (saved) => {
      if ('secret' in saved) return setMade(saved)
      announce(t('saved'))
      onDone()
    },
    onTake: (theirs) => setDraft(draftOf(theirs)),
  })
  return { ...saving, made }
}
