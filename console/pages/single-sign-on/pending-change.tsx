import { Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../api/queries.js'
import type { Saml } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { Confirm } from '../../parts/confirm.js'
import { Section } from '../../parts/page.js'
import { absolute, useUtc } from '../../parts/when.js'
import { Difference } from './difference.js'
import { SAML } from './use-saml.js'

/** What the metadata has changed by itself and somebody has to look at. Decides what was seen, and nothing later. */
export function PendingChange({ connectionId, saml }: { readonly connectionId: string; readonly saml: Saml }) {
  const { t, i18n } = useTranslation('sso')
  const [utc] = useUtc()
  const mayManage = useMay()('connections.manage')
  const [asking, setAsking] = useState<'accept' | 'discard'>()
  const decide = useWrite(`POST ${SAML}/pending/decision`, [`GET ${SAML}`])
  if (saml.pending === null) return null
  const { since, difference } = saml.pending
  const choices = (
    <Group gap="xs">
      <Button variant="default" onClick={() => setAsking('discard')}>
        {t('pending.discard')}
      </Button>
      <Button onClick={() => setAsking('accept')}>{t('pending.accept')}</Button>
    </Group>
  )
  return (
    <Section
      title={t('pending.title')}
      lead={t('pending.lead', { at: absolute(since, i18n.language, utc) })}
      actions={mayManage ? choices : undefined}
    >
      <Difference difference={difference} />
      {asking === undefined ? null : (
        <Confirm
          opened
          onClose={() => setAsking(undefined)}
          title={t(`pending.${asking}Title`)}
          action={t(`pending.${asking}`)}
          onConfirm={() =>
            decide.mutateAsync({ params: { connectionId }, body: { decision: asking, version: saml.version } })
          }
        >
          <Text size="sm">{t(`pending.${asking}Text`)}</Text>
        </Confirm>
      )}
    </Section>
  )
}
