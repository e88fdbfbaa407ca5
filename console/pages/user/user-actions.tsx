import { Button, Menu, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { ChevronDown, LogOut, Mail, Pencil, RefreshCw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { mayAdminister } from '../../api/catalogue.js'
import { useWrite } from '../../api/queries.js'
import type { UserDetail } from '../../api/schema.js'
import { useMay, useSession } from '../../api/session.js'
import { announce } from '../../parts/announce.js'
import { Confirm } from '../../parts/confirm.js'
import { EditUser } from './edit-user.js'
import { Invitation } from './invitation.js'
import { Reapply } from './reapply.js'
import { STALE } from './stale.js'
import { Suspension } from './suspension.js'

type Asked = 'invite' | 'sessions' | 'delete' | 'reapply' | 'edit'

/** What can be done about a person; what is not allowed is not offered, what cannot be is explained. */
export function UserActions({ user }: { readonly user: UserDetail }) {
  const { t } = useTranslation('people')
  const may = useMay()
  const { user: me } = useSession()
  const [asked, setAsked] = useState<Asked>()
  if (user.status === 'deleted' || !mayAdminister(me.role, user)) return null
  const local = user.connectionId === null
  const items = [
    { key: 'edit', icon: Pencil, shown: local && may('users.edit') },
    { key: 'reapply', icon: RefreshCw, shown: !local && may('rules.manage') },
    { key: 'sessions', icon: LogOut, shown: may('users.suspend') && user.sessions.length > 0 },
    { key: 'delete', icon: Trash2, shown: local && may('users.delete') && user.id !== me.id },
  ] as const
  const invitable = local && user.status === 'invited' && user.email !== null && may('users.create')
  const shown = items.filter((item) => item.shown)
  return (
    <>
      {invitable ? (
        <Button leftSection={<Mail size={16} aria-hidden />} onClick={() => setAsked('invite')}>
          {t('action.invite')}
        </Button>
      ) : null}
      {may('users.suspend') && user.id !== me.id ? <Suspension user={user} /> : null}
      {shown.length === 0 ? null : (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" rightSection={<ChevronDown size={15} aria-hidden />}>
              {t('action.more')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {shown.map(({ key, icon: Icon }) => (
              <Menu.Item key={key} leftSection={<Icon size={15} aria-hidden />} onClick={() => setAsked(key)}>
                {t(`action.${key}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <EndSessions user={user} opened={asked === 'sessions'} onClose={() => setAsked(undefined)} />
      <DeleteUser user={user} opened={asked === 'delete'} onClose={() => setAsked(undefined)} />
      {asked === 'invite' ? <Invitation user={user} onClose={() => setAsked(undefined)} /> : null}
      {asked === 'reapply' ? <Reapply user={user} onClose={() => setAsked(undefined)} /> : null}
      {asked === 'edit' ? <EditUser user={user} onClose={() => setAsked(undefined)} /> : null}
    </>
  )
}

interface AskedProps {
  readonly user: UserDetail
  readonly opened: boolean
  readonly onClose: () => void
}

function EndSessions({ user, opened, onClose }: AskedProps) {
  const { t } = useTranslation('people')
  const end = useWrite('DELETE /accounts/{accountId}/users/{userId}/sessions', STALE)
  return (
    <Confirm
      opened={opened}
      onClose={onClose}
      title={t('sessions.endAll')}
      action={t('sessions.endAll')}
      onConfirm={async () => {
        await end.mutateAsync({ params: { userId: user.id } })
        announce(t('sessions.ended', { count: user.sessions.length }))
      }}
    >
      <Text size="sm">{t('sessions.endNote', { count: user.sessions.length })}</Text>
    </Confirm>
  )
}

function DeleteUser({ user, opened, onClose }: AskedProps) {
  const { t } = useTranslation('people')
  const navigate = useNavigate()
  const remove = useWrite('DELETE /accounts/{accountId}/users/{userId}', ['GET /accounts/{accountId}/users'])
  const seats = user.licenses.filter(({ state }) => state === 'assigned' || state === 'reserved').length
  return (
    <Confirm
      opened={opened}
      onClose={onClose}
      title={t('delete.title')}
      action={t('action.delete')}
      typed={user.email ?? user.displayName}
      onConfirm={async () => {
        await remove.mutateAsync({ params: { userId: user.id } })
        announce(t('delete.done'))
        await navigate({ to: '/users' })
      }}
    >
      <Text size="sm">
        {t('delete.note')} {t('suspend.sessions', { count: user.sessions.length })}{' '}
        {t('suspend.seats', { count: seats })}
      </Text>
    </Confirm>
  )
}
