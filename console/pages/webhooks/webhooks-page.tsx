import { Anchor, Button, Text } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../api/queries.js'
import type { Webhook } from '../../api/schema.js'
import { Empty } from '../../parts/empty.js'
import { type Column, ListTable } from '../../parts/list-table.js'
import { Page } from '../../parts/page.js'
import { When } from '../../parts/when.js'
import { WebhookForm } from './webhook-form.js'
import { WebhookState } from './webhook-state.js'

/** Where changes are sent. */
export function WebhooksPage() {
  const { t } = useTranslation('webhooks')
  const navigate = useNavigate()
  const list = useList('GET /accounts/{accountId}/webhooks')
  const [adding, setAdding] = useState(false)
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setAdding(true)}>
          {t('add')}
        </Button>
      }
    >
      <ListTable
        caption={t('title')}
        list={list}
        keyOf={({ id }) => id}
        columns={useColumns()}
        empty={<Empty title={t('empty.title')}>{t('empty.text')}</Empty>}
      />
      {adding ? (
        <WebhookForm
          webhook={undefined}
          onClose={(made) => {
            setAdding(false)
            if (made !== undefined) void navigate({ to: `/webhooks/${made}` })
          }}
        />
      ) : null}
    </Page>
  )
}

function useColumns(): Column<Webhook>[] {
  const { t } = useTranslation('webhooks')
  return [
    {
      key: 'url',
      title: t('target'),
      minWidth: '14rem',
      cell: ({ id, url, description }) => (
        <>
          <Anchor renderRoot={(props) => <Link to={`/webhooks/${id}`} {...props} />} fw={550}>
            {description === '' ? url : <bdi>{description}</bdi>}
          </Anchor>
          {description === '' ? null : (
            <Text size="sm" c="var(--quiet)" className="mono">
              {url}
            </Text>
          )}
        </>
      ),
    },
    { key: 'state', title: t('state'), minWidth: '9rem', cell: (webhook) => <WebhookState webhook={webhook} /> },
    {
      key: 'events',
      title: t('events'),
      minWidth: '9rem',
      cell: ({ events }) => (events.length === 0 ? t('allEvents') : <span className="mono">{events.join(', ')}</span>),
    },
    { key: 'mode', title: t('mode'), cell: ({ mode }) => t(`modes.${mode}`) },
    {
      key: 'last',
      title: t('lastDelivered'),
      minWidth: '8rem',
      cell: ({ lastDeliveredAt }) => (lastDeliveredAt === null ? t('never') : <When at={lastDeliveredAt} />),
    },
  ]
}
