import { Button, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Connection, Saml } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { Section } from '../../parts/page.js'
import { When } from '../../parts/when.js'
import { Facts } from '../connections/facts.js'
import { IdpImport } from './idp-import.js'
import { Warnings } from './warnings.js'

interface IdpSectionProps {
  readonly connection: Connection
  readonly saml: Saml | undefined
}

/** Who the identity provider is, and how it is given anew. */
export function IdpSection({ connection: { id }, saml }: IdpSectionProps) {
  const { t } = useTranslation('sso')
  const mayManage = useMay()('connections.manage')
  const [changing, setChanging] = useState(false)
  const change = (
    <Button variant="default" onClick={() => setChanging(true)}>
      {t('idp.change')}
    </Button>
  )
  return (
    <Section title={t('idp.title')} actions={mayManage && saml !== undefined && !changing ? change : undefined}>
      {saml === undefined ? (
        <Text size="sm" mb="md">
          {t('idp.none')}
        </Text>
      ) : (
        <IdpFacts saml={saml} />
      )}
      {mayManage && (changing || saml === undefined) ? (
        <div style={{ marginTop: '1.25rem' }}>
          <IdpImport connectionId={id} onDone={() => setChanging(false)} />
        </div>
      ) : null}
    </Section>
  )
}

const PLAIN = ['entityId', 'ssoRedirectUrl', 'ssoPostUrl', 'sloRedirectUrl', 'sloPostUrl', 'metadataUrl'] as const

function IdpFacts({ saml: { idp, refresh, warnings } }: { readonly saml: Saml }) {
  const { t } = useTranslation(['sso', 'shell'])
  const when = (at: string | null | undefined) => (at === null || at === undefined ? null : <When at={at} full />)
  return (
    <>
      <Warnings warnings={warnings} />
      <Facts
        facts={[
          ...PLAIN.map(
            (name) => [t(`idp.${name}`), idp[name] === undefined ? null : <bdi key={name}>{idp[name]}</bdi>] as const,
          ),
          [t('idp.wantsSignedRequests'), t(idp.wantsSignedRequests ? 'shell:yes' : 'shell:no')],
          [t('idp.validUntil'), when(idp.validUntil)],
          [t('idp.read'), when(refresh?.succeededAt)],
          [t('idp.nextRead'), when(refresh?.nextAt)],
          [t('idp.readFailure'), refresh?.failure ?? null],
        ]}
      />
    </>
  )
}
