import { Button, Text, Tooltip } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '../../api/catalogue.js'
import { useWrite } from '../../api/queries.js'
import type { UserDetail } from '../../api/schema.js'
import { announce } from '../../parts/announce.js'
import { Confirm } from '../../parts/confirm.js'
import { STALE } from './stale.js'

/** Switch a person off, or on again where an administrator did it; what a directory did is undone there (PRODUCT 2.3). */
export function Suspension({ user }: { readonly user: UserDetail }) {
  const { t } = useTranslation('people')
  // What was asked stays on the dialog until it is gone, also once the answer has turned the button round.
  const [asked, setAsked] = useState({ opened: false, lift: false })
  const write = useWrite('PATCH /accounts/{accountId}/users/{userId}', STALE)
  const params = { userId: user.id }
  if (user.status === 'suspended' && user.statusReason === 'directory' && user.connectionId !== null)
    return <DirectorySuspended connectionId={user.connectionId} />
  const suspended = user.status === 'suspended'
  const change = async () => {
    await write.mutateAsync({ params, body: { suspended: !asked.lift } })
    announce(t(asked.lift ? 'suspend.lifted' : 'suspend.done'))
  }
  const seats = user.licenses.filter(({ state }) => state === 'assigned' || state === 'reserved').length
  return (
    <>
      <Button variant="default" onClick={() => setAsked({ opened: true, lift: suspended })}>
        {t(suspended ? 'action.lift' : 'action.suspend')}
      </Button>
      <Confirm
        opened={asked.opened}
        onClose={() => setAsked((before) => ({ ...before, opened: false }))}
        title={t(asked.lift ? 'suspend.liftTitle' : 'suspend.title')}
        action={t(asked.lift ? 'action.lift' : 'action.suspend')}
        onConfirm={change}
      >
        {asked.lift ? (
          <Text size="sm">{t('suspend.liftNote')}</Text>
        ) : (
          <Text size="sm">
            {t('suspend.note')} {t('suspend.sessions', { count: user.sessions.length })}{' '}
            {t('suspend.seats', { count: seats })} {user.connectionId === null ? null : t('suspend.notByDirectory')}
          </Text>
        )}
      </Confirm>
    </>
  )
}

/** A button that says why it cannot be pressed, to those who cannot hover as well. */
function DirectorySuspended({ connectionId }: { readonly connectionId: string }) {
  const { t } = useTranslation('people')
  const { connectionOf } = useCatalogue()
  const why = t('suspend.byDirectory', { connection: connectionOf(connectionId)?.name ?? t('origin.directory') })
  return (
    <Tooltip label={why} multiline w={280}>
      <Button variant="default" aria-disabled data-disabled aria-describedby="lift-why" onClick={() => announce(why)}>
        {t('action.lift')}
        <span id="lift-why" className="unseen">
          {why}
        </span>
      </Button>
    </Tooltip>
  )
}
