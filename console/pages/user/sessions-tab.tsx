import { Button, Stack, Switch, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { mayAdminister, useCatalogue } from '../../api/catalogue.js'
import { useList, useWrite } from '../../api/queries.js'
import type { Session, UserDetail } from '../../api/schema.js'
import { useMay, useSession } from '../../api/session.js'
import { announce } from '../../parts/announce.js'
import { Empty } from '../../parts/empty.js'
import { type Column, ListTable } from '../../parts/list-table.js'
import { LongText } from '../../parts/long-text.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { When } from '../../parts/when.js'
import { STALE } from './stale.js'

const SESSIONS = 'GET /accounts/{accountId}/users/{userId}/sessions'

/** Where a person is signed in, and whether she may be. */
export function SessionsTab({ user }: { readonly user: UserDetail }) {
  const { t } = useTranslation('people')
  const list = useList(SESSIONS, { params: { userId: user.id } })
  const end = useWrite('DELETE /accounts/{accountId}/users/{userId}/sessions/{sessionId}', [SESSIONS, ...STALE])
  const may = useMay()
  const { user: me } = useSession()
  const mayChange = mayAdminister(me.role, user) && user.status !== 'deleted'
  const endOne = ({ id }: Session) =>
    end.mutate(
      { params: { userId: user.id, sessionId: id } },
      { onSuccess: () => announce(t('sessions.ended', { count: 1 })) },
    )
  return (
    <Stack>
      {mayChange && may('users.edit') && user.id !== me.id ? <WebLogin user={user} /> : null}
      <ProblemNote error={end.error} />
      <ListTable
        caption={t('tab.sessions')}
        list={list}
        keyOf={({ id }) => id}
        columns={useColumns(mayChange && may('users.suspend') ? endOne : undefined)}
        empty={<Empty title={t('sessions.empty.title')}>{t('sessions.empty.text')}</Empty>}
      />
    </Stack>
  )
}

function WebLogin({ user }: { readonly user: UserDetail }) {
  const { t } = useTranslation('people')
  const write = useWrite('PATCH /accounts/{accountId}/users/{userId}', [SESSIONS, ...STALE])
  return (
    <>
      <Switch
        label={t('sessions.webLogin')}
        description={t('sessions.webLoginNote')}
        checked={user.webLoginAllowed}
        disabled={write.isPending}
        onChange={(event) =>
          write.mutate(
            { params: { userId: user.id }, body: { webLoginAllowed: event.currentTarget.checked } },
            { onSuccess: () => announce(t('shell:saved')) },
          )
        }
      />
      <ProblemNote error={write.error} />
    </>
  )
}

function useColumns(end: ((session: Session) => void) | undefined): Column<Session>[] {
  const { t } = useTranslation('people')
  const { connectionOf } = useCatalogue()
  const columns: Column<Session>[] = [
    {
      key: 'method',
      title: t('sessions.method'),
      minWidth: '9rem',
      cell: ({ method, connectionId }) => (
        <>
          {t(`sessions.${method}`)}
          {connectionId === null ? null : (
            <Text size="sm" c="var(--quiet)">
              <bdi>{connectionOf(connectionId)?.name}</bdi>
            </Text>
          )}
        </>
      ),
    },
    { key: 'began', title: t('sessions.began'), cell: ({ createdAt }) => <When at={createdAt} /> },
    { key: 'expires', title: t('sessions.expires'), cell: ({ expiresAt }) => <When at={expiresAt} /> },
    { key: 'address', title: t('sessions.address'), cell: ({ address }) => <span className="mono">{address}</span> },
    {
      key: 'browser',
      title: t('sessions.browser'),
      minWidth: '14rem',
      cell: ({ userAgent }) => (userAgent === null ? null : <LongText text={userAgent} />),
    },
  ]
  if (end === undefined) return columns
  return [
    ...columns,
    {
      key: 'end',
      title: t('sessions.end'),
      cell: (session) => (
        <Button variant="default" size="compact-sm" onClick={() => end(session)}>
          {t('sessions.end')}
        </Button>
      ),
    },
  ]
}
