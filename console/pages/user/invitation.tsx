import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../api/queries.js'
import type { UserDetail } from '../../api/schema.js'
import { BusyButton } from '../../parts/busy-button.js'
import { SecretOnce } from '../../parts/copy.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { When } from '../../parts/when.js'
import { STALE } from './stale.js'

interface InvitationProps {
  readonly user: UserDetail
  readonly onClose: () => void
}

/** A link by which a local user sets a password (GA-29): mailed, or shown this once where this server sends no mail. */
export function Invitation({ user, onClose }: InvitationProps) {
  const { t } = useTranslation(['people', 'shell'])
  const invite = useWrite('POST /accounts/{accountId}/users/{userId}/invitation', STALE)
  const made = invite.data
  return (
    <Modal opened onClose={onClose} title={t('invite.title')} closeButtonProps={{ 'aria-label': t('shell:close') }}>
      <Stack>
        <Text size="sm">{t('invite.lead')}</Text>
        <ProblemNote error={invite.error} />
        <div aria-live="polite">
          {made === undefined ? null : made.mail === 'sent' ? (
            <Text size="sm">{t('invite.sent', { email: user.email ?? '' })}</Text>
          ) : (
            <Stack gap="xs">
              <Text size="sm">
                {t('invite.kept')} <When at={made.expiresAt} />.
              </Text>
              {made.url === undefined ? null : <SecretOnce label={t('invite.url')} value={made.url} />}
            </Stack>
          )}
        </div>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t(made === undefined ? 'shell:cancel' : 'shell:close')}
          </Button>
          {made === undefined ? (
            <BusyButton
              busy={invite.isPending}
              onClick={() => invite.mutate({ params: { userId: user.id }, body: {} })}
            >
              {t('invite.make')}
            </BusyButton>
          ) : null}
        </Group>
      </Stack>
    </Modal>
  )
}
