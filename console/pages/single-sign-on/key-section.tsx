import { Button, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../api/queries.js'
import { announce } from '../../parts/announce.js'
import { Confirm } from '../../parts/confirm.js'
import { Section } from '../../parts/page.js'
import { SAML } from './use-saml.js'

/** Our own key of a connection, and its exchange. */
export function KeySection({ connectionId }: { readonly connectionId: string }) {
  const { t } = useTranslation('sso')
  const [asking, setAsking] = useState(false)
  const rotate = useWrite(`POST ${SAML}/rotate-key`, [`GET ${SAML}`])
  return (
    <Section title={t('key.title')} lead={t('key.lead')}>
      <Button variant="default" onClick={() => setAsking(true)}>
        {t('key.rotate')}
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('key.rotateTitle')}
        action={t('key.rotate')}
        onConfirm={async () => {
          await rotate.mutateAsync({ params: { connectionId } })
          announce(t('key.rotated'))
        }}
      >
        <Text size="sm">{t('key.rotateText')}</Text>
      </Confirm>
    </Section>
  )
}
