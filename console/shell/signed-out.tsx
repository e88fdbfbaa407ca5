import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { SESSION_KEY } from '../api/session.js'

/** The session ended. What stands on the page stays; who signs in again in another window goes on where she was. */
export function SignedOut({ first = false }: { readonly first?: boolean }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const here = `${location.pathname}${location.search}`
  const address = `/sign-in?${new URLSearchParams({ target: here })}`
  if (first) {
    return (
      <Button component="a" href={address}>
        {t('signedOut.signIn')}
      </Button>
    )
  }
  return (
    <Modal opened onClose={() => undefined} withCloseButton={false} centered title={t('signedOut.title')}>
      <Stack>
        <Text size="sm">{t('signedOut.text')}</Text>
        <Group justify="flex-end">
          <Button component="a" href="/sign-in" target="_blank" variant="default">
            {t('signedOut.elsewhere')}
          </Button>
          <Button onClick={() => void client.invalidateQueries({ queryKey: SESSION_KEY })}>
            {t('signedOut.again')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
