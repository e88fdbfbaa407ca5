import { Button, Group, Switch, Text, Tooltip } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { refresh, useRead } from '../../api/queries.js'
import { announce } from '../../parts/announce.js'
import type { EventsQuery } from './filters.js'

const EVERY_MS = 10_000

interface NewEventsProps {
  readonly query: EventsQuery
  /** The newest event that is shown. */
  readonly newest: string | undefined
  readonly onShow: () => void
}

/**
 * How many events came since: told, and never pushed under the reader (PRODUCT 3.2). A screen reader hears the number when
 * it changes; who does not want to switches it off.
 */
export function NewEvents({ query, newest, onShow }: NewEventsProps) {
  const { t } = useTranslation('log')
  const client = useQueryClient()
  const [live, setLive] = useState(true)
  const { data, isPlaceholderData } = useRead(
    'GET /accounts/{accountId}/events/count',
    { query: { ...query, after: newest } },
    { enabled: live && newest !== undefined, refetchInterval: EVERY_MS, staleTime: EVERY_MS },
  )
  const count = live && !isPlaceholderData ? (data?.count ?? 0) : 0
  const text = t(data?.more === true ? 'newMany' : 'new', { count })
  useEffect(() => {
    if (count > 0) announce(text)
  }, [count, text])
  const show = () => {
    onShow()
    void refresh(client, ['GET /accounts/{accountId}/events', 'GET /accounts/{accountId}/events/count'])
  }
  return (
    <Group gap="xs">
      {count > 0 ? (
        <Group gap={6}>
          <Text size="sm" fw={550} className="number">
            {text}
          </Text>
          <Button size="xs" onClick={show}>
            {t('show')}
          </Button>
        </Group>
      ) : null}
      <Tooltip label={t('liveNote')}>
        <Switch label={t('live')} size="sm" checked={live} onChange={(event) => setLive(event.currentTarget.checked)} />
      </Tooltip>
    </Group>
  )
}
