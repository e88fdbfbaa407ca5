import { Alert, Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRead, useWrite } from '../../api/queries.js'
import type { Webhook } from '../../api/schema.js'
import { announce } from '../../parts/announce.js'
import { BusyButton } from '../../parts/busy-button.js'
import { Confirm } from '../../parts/confirm.js'
import { CopyField, SecretOnce } from '../../parts/copy.js'
import { Page, Section } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { When } from '../../parts/when.js'
import { Deliveries } from './deliveries.js'
import { WebhookForm } from './webhook-form.js'
import { WebhookState } from './webhook-state.js'

const STALE = [
  'GET /accounts/{accountId}/webhooks',
  'GET /accounts/{accountId}/webhooks/{webhookId}',
  'GET /accounts/{accountId}/webhooks/{webhookId}/deliveries',
] as const

/** One webhook: how it goes, its secret, and what became of each change. */
export function WebhookPage() {
  const { t } = useTranslation('webhooks')
  const { webhookId = '' } = useParams({ strict: false }) as { webhookId?: string }
  const params = { webhookId }
  const { data, error, refetch } = useRead('GET /accounts/{accountId}/webhooks/{webhookId}', { params })
  return (
    <Page title={data === undefined || data.description === '' ? t('one') : data.description}>
      {data !== undefined ? (
        <Stack gap="lg">
          <Facts webhook={data} />
          <Deliveries webhookId={data.id} />
        </Stack>
      ) : error === null ? (
        <Skeleton height={320} />
      ) : (
        <ProblemNote error={error} onRetry={() => void refetch()} />
      )}
    </Page>
  )
}

function Facts({ webhook }: { readonly webhook: Webhook }) {
  const { t } = useTranslation('webhooks')
  const { url, events, mode, failingSince, lastError, lastDeliveredAt, previousSecretUntil } = webhook
  return (
    <Section title={t('target')} actions={<Actions webhook={webhook} />}>
      <Stack gap="sm">
        <CopyField label={t('url')} value={url} />
        <Group gap="xl">
          <WebhookState webhook={webhook} />
          <Text size="sm">
            {t('lastDelivered')}: {lastDeliveredAt === null ? t('never') : <When at={lastDeliveredAt} />}
          </Text>
          <Text size="sm">{t(`modes.${mode}`)}</Text>
          <Text size="sm" className={events.length === 0 ? '' : 'mono'}>
            {events.length === 0 ? t('allEvents') : events.join(', ')}
          </Text>
        </Group>
        {previousSecretUntil === null ? null : (
          <Text size="sm" c="var(--quiet)">
            {t('previousSecret')} <When at={previousSecretUntil} full />
          </Text>
        )}
        {failingSince === null ? null : (
          <Alert color="red" variant="outline" title={t('failing')}>
            {t('failingSince')} <When at={failingSince} full />
            {lastError === null ? null : (
              <Text size="sm" lang="en">
                <bdi>{lastError}</bdi>
              </Text>
            )}
          </Alert>
        )}
      </Stack>
    </Section>
  )
}

function Actions({ webhook }: { readonly webhook: Webhook }) {
  const { t } = useTranslation(['webhooks', 'shell'])
  const navigate = useNavigate()
  const [open, setOpen] = useState<'change' | 'rotate' | 'remove'>()
  const [secret, setSecret] = useState<string>()
  const params = { webhookId: webhook.id }
  const change = useWrite('PATCH /accounts/{accountId}/webhooks/{webhookId}', STALE)
  const rotate = useWrite('POST /accounts/{accountId}/webhooks/{webhookId}/secret', STALE)
  const remove = useWrite('DELETE /accounts/{accountId}/webhooks/{webhookId}', [STALE[0]])
  const close = () => setOpen(undefined)
  const turn = () => {
    const { version, enabled } = webhook
    change.mutate(
      { params, body: { enabled: !enabled, version } },
      { onSuccess: () => announce(t(enabled ? 'turnedOff' : 'turnedOn')) },
    )
  }
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={() => setOpen('change')}>
        {t('change')}
      </Button>
      <BusyButton variant="default" size="compact-sm" busy={change.isPending} onClick={turn}>
        {t(webhook.enabled ? 'turnOff' : 'turnOn')}
      </BusyButton>
      <Button variant="default" size="compact-sm" onClick={() => setOpen('rotate')}>
        {t('rotate.open')}
      </Button>
      <Button variant="default" size="compact-sm" c="var(--bad)" onClick={() => setOpen('remove')}>
        {t('remove.open')}
      </Button>
      <ProblemNote error={change.error} />
      {secret === undefined ? null : <SecretOnce label={t('secret')} value={secret} note={t('secretNote')} />}
      {open === 'change' ? <WebhookForm webhook={webhook} onClose={close} /> : null}
      <Confirm
        opened={open === 'rotate'}
        onClose={close}
        title={t('rotate.title')}
        action={t('rotate.open')}
        onConfirm={async () => {
          const { secret: next } = await rotate.mutateAsync({ params, body: {} })
          setSecret(next)
        }}
      >
        <Text size="sm">{t('rotate.text')}</Text>
      </Confirm>
      <Confirm
        opened={open === 'remove'}
        onClose={close}
        title={t('remove.title')}
        action={t('remove.open')}
        typed={new URL(webhook.url).host}
        onConfirm={async () => {
          await remove.mutateAsync({ params })
          announce(t('remove.done'))
          await navigate({ to: '/webhooks' })
        }}
      >
        <Text size="sm">{t('remove.text')}</Text>
      </Confirm>
    </>
  )
}
