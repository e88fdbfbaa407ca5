import { ActionIcon, Anchor, Menu, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { CircleAlert, CircleCheck, CircleMinus, Clock3, Ellipsis } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useList, useWrite } from '../../api/queries.js'
import type { WebhookDelivery } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { announce } from '../../parts/announce.js'
import { Empty } from '../../parts/empty.js'
import { type Column, ListTable } from '../../parts/list-table.js'
import { type Look, Mark } from '../../parts/marks.js'
import { Section } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { When } from '../../parts/when.js'

const LOOKS: Readonly<Record<WebhookDelivery['state'], Look>> = {
  open: ['warn', Clock3],
  delivered: ['good', CircleCheck],
  failed: ['bad', CircleAlert],
  skipped: ['quiet', CircleMinus],
}

const REFRESH_MS = 10_000

/** What became of each change, newest first; one of them, or all behind it, can be sent again. */
export function Deliveries({ webhookId }: { readonly webhookId: string }) {
  const { t } = useTranslation('webhooks')
  const LIST = 'GET /accounts/{accountId}/webhooks/{webhookId}/deliveries'
  const list = useList(LIST, { params: { webhookId } }, { refetchInterval: REFRESH_MS })
  const { mutate, error } = useWrite('POST /accounts/{accountId}/webhooks/{webhookId}/replay', [LIST])
  const replay = (body: { readonly deliveryId: string } | { readonly from: string }) =>
    mutate({ params: { webhookId }, body }, { onSuccess: () => announce(t('replayed')) })
  return (
    <Section title={t('deliveries')} lead={t('deliveriesLead')}>
      <ProblemNote error={error} />
      <ListTable
        caption={t('deliveries')}
        list={list}
        keyOf={({ id }) => id}
        columns={useColumns(replay)}
        empty={<Empty title={t('noDeliveries.title')}>{t('noDeliveries.text')}</Empty>}
      />
    </Section>
  )
}

type Replay = (body: { readonly deliveryId: string } | { readonly from: string }) => void

function useColumns(replay: Replay): Column<WebhookDelivery>[] {
  const { t } = useTranslation('webhooks')
  const mayLog = useMay()('logs.view')
  return [
    {
      key: 'state',
      title: t('state'),
      minWidth: '8rem',
      cell: ({ state }) => (
        <Mark tone={LOOKS[state][0]} icon={LOOKS[state][1]}>
          {t(`delivery.${state}`)}
        </Mark>
      ),
    },
    {
      key: 'event',
      title: t('eventId'),
      minWidth: '12rem',
      cell: ({ eventId }) =>
        mayLog ? (
          <Anchor className="mono" renderRoot={(props) => <Link to={`/log/${eventId}`} {...props} />}>
            {eventId}
          </Anchor>
        ) : (
          <span className="mono">{eventId}</span>
        ),
    },
    { key: 'attempts', title: t('attempts'), cell: ({ attempts }) => <span className="number">{attempts}</span> },
    {
      key: 'answer',
      title: t('answer'),
      minWidth: '10rem',
      cell: ({ status, error }) => (
        <>
          {status === null ? null : <span className="number">{status}</span>}
          {error === null ? null : (
            <Text size="sm" c="var(--quiet)" lang="en">
              <bdi>{error}</bdi>
            </Text>
          )}
        </>
      ),
    },
    {
      key: 'when',
      title: t('lastAttempt'),
      minWidth: '8rem',
      cell: ({ lastAttemptAt, nextAttemptAt }) => (
        <>
          {lastAttemptAt === null ? t('notYet') : <When at={lastAttemptAt} />}
          {nextAttemptAt === null ? null : (
            <Text size="sm" c="var(--quiet)">
              {t('next')} <When at={nextAttemptAt} />
            </Text>
          )}
        </>
      ),
    },
    {
      key: 'again',
      title: t('again'),
      cell: ({ id, eventId }) => (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" c="inherit" size={28} aria-label={t('againOf', { eventId })}>
              <Ellipsis size={16} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => replay({ deliveryId: id })}>{t('replayOne')}</Menu.Item>
            <Menu.Item onClick={() => replay({ from: id })}>{t('replayFrom')}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ),
    },
  ]
}
