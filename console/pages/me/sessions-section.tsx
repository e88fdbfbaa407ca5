import { Button, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { request } from '../../api/client.js'
import type { Session } from '../../api/schema.js'
import { announce } from '../../parts/announce.js'
import { Confirm } from '../../parts/confirm.js'
import { type Column, ListTable } from '../../parts/list-table.js'
import { Section } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { When } from '../../parts/when.js'

type OwnSession = Session & { readonly current: boolean }

const KEY = ['own sessions']

/** Where else she is signed in. */
export function SessionsSection() {
  const { t } = useTranslation('me')
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const { data, error, isPending, isFetching, refetch } = useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) =>
      (await request('GET', '/api/v1/sessions', undefined, signal)) as { readonly items: readonly OwnSession[] },
  })
  const end = useMutation({
    mutationFn: (path: string) => request('DELETE', `/api/v1/sessions${path}`),
    onSuccess: () => {
      announce(t('sessionsEnded'))
      return client.invalidateQueries({ queryKey: KEY })
    },
  })
  const others = (data?.items ?? []).filter(({ current }) => !current).length
  return (
    <Section
      title={t('sessions')}
      actions={
        others === 0 ? undefined : (
          <Button variant="default" size="compact-sm" onClick={() => setAsking(true)}>
            {t('endOthers')}
          </Button>
        )
      }
    >
      <ProblemNote error={end.error} />
      <ListTable
        caption={t('sessions')}
        list={{
          rows: data?.items,
          error,
          isPending,
          isFetching,
          hasNextPage: false,
          isFetchingNextPage: false,
          fetchNextPage: () => undefined,
          refetch,
        }}
        keyOf={({ id }) => id}
        columns={useColumns(({ id }) => end.mutate(`/${encodeURIComponent(id)}`))}
        empty={null}
      />
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('endOthers')}
        action={t('endOthers')}
        onConfirm={() => end.mutateAsync('')}
      >
        <Text size="sm">{t('endOthersText', { count: others })}</Text>
      </Confirm>
    </Section>
  )
}

function useColumns(end: (session: OwnSession) => void): Column<OwnSession>[] {
  const { t } = useTranslation('me')
  return [
    {
      key: 'where',
      title: t('where'),
      minWidth: '14rem',
      cell: ({ userAgent, address, current }) => (
        <>
          <bdi>{userAgent ?? t('unknownBrowser')}</bdi>
          <Text size="sm" c="var(--quiet)">
            {current ? `${t('thisOne')} · ` : ''}
            <span className="mono">{address}</span>
          </Text>
        </>
      ),
    },
    { key: 'how', title: t('how'), cell: ({ method }) => t(`method.${method}`) },
    { key: 'since', title: t('since'), minWidth: '7rem', cell: ({ createdAt }) => <When at={createdAt} /> },
    { key: 'until', title: t('until'), minWidth: '7rem', cell: ({ expiresAt }) => <When at={expiresAt} /> },
    {
      key: 'end',
      title: t('end'),
      cell: (session) =>
        session.current ? null : (
          <Button variant="default" size="compact-sm" onClick={() => end(session)}>
            {t('end')}
          </Button>
        ),
    },
  ]
}
