import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Connection } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { Section } from '../../parts/page.js'
import { CredentialTable } from './credential-table.js'
import { type FreshCredential, useCredentials } from './credentials.js'
import { FederationSection } from './federation-section.js'
import { NewCredential } from './new-credential.js'
import { ValueFields } from './values-section.js'

/** For identity providers that sign in at the token endpoint: secrets, or an issuer that is trusted. */
export function ClientsSection({ connection }: { readonly connection: Connection }) {
  const { t } = useTranslation('connections')
  const may = useMay()
  const [fresh, setFresh] = useState<FreshCredential>()
  const credentials = useCredentials('secret', connection.id)
  return (
    <>
      <Section title={t('clients.values')}>
        <ValueFields connection={connection} names={['tokenUrl', 'clientId']} />
      </Section>
      <Section title={t('clients.title')} lead={t('clients.lead')}>
        {may('connections.manage') ? (
          <div style={{ marginBottom: '1rem' }}>
            <NewCredential kind="secret" {...{ connection, credentials, fresh }} onFresh={setFresh} />
          </div>
        ) : null}
        <CredentialTable kind="secret" credentials={credentials} />
      </Section>
      <FederationSection connection={connection} />
    </>
  )
}
