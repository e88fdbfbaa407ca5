import { Anchor, Group, Skeleton, Stack } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useRead } from '../../api/queries.js'
import type { Connection } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { Page, Section } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { ValueFields } from '../connections/values-section.js'
import { Certificates } from './certificates.js'
import { IdpSection } from './idp-section.js'
import { KeySection } from './key-section.js'
import { PendingChange } from './pending-change.js'
import { SamlSettings } from './saml-settings.js'
import { SignInTestPanel } from './sign-in-test.js'
import { useSaml } from './use-saml.js'

/** Sign-in through one connection (PRODUCT 6.2 "SAML page"). */
export function SignInPage() {
  const { t } = useTranslation('sso')
  const { connectionId = '' } = useParams({ strict: false })
  const { data, error, refetch } = useRead('GET /accounts/{accountId}/connections/{connectionId}', {
    params: { connectionId },
  })
  const connection = data?.id === connectionId ? data : undefined
  return (
    <Page
      title={connection === undefined ? t('title') : t('titleOf', { name: connection.name })}
      lead={<Leads connectionId={connectionId} />}
    >
      {connection !== undefined ? (
        <Parts key={connectionId} connection={connection} />
      ) : error === null ? (
        <Skeleton height="20rem" />
      ) : (
        <ProblemNote error={error} onRetry={() => void refetch()} />
      )}
    </Page>
  )
}

function Leads({ connectionId }: { readonly connectionId: string }) {
  const { t } = useTranslation('sso')
  return (
    <Group gap="md">
      <Anchor
        inherit
        renderRoot={(props) => <Link to="/connections/$connectionId" params={{ connectionId }} {...props} />}
      >
        {t('toConnection')}
      </Anchor>
      <Anchor inherit renderRoot={(props) => <Link to="/domains" {...props} />}>
        {t('domains')}
      </Anchor>
    </Group>
  )
}

const OURS = ['entityId', 'acsUrl', 'loginUrl', 'sloUrl', 'metadataUrl'] as const

function Parts({ connection }: { readonly connection: Connection }) {
  const { t } = useTranslation('sso')
  const mayManage = useMay()('connections.manage')
  const { saml, isPending, error, refetch } = useSaml(connection.id)
  if (isPending) return <Skeleton height="20rem" />
  if (error !== null) return <ProblemNote error={error} onRetry={() => void refetch()} />
  return (
    <Stack gap="lg">
      {saml === undefined ? null : <PendingChange connectionId={connection.id} saml={saml} />}
      <IdpSection connection={connection} saml={saml} />
      {saml === undefined ? null : <Certificates certificates={saml.certificates} />}
      <Section title={t('out.title')}>
        <ValueFields connection={connection} names={OURS} />
        <Anchor href={connection.serviceProvider.metadataUrl} target="_blank" size="sm" mt="sm" display="inline-block">
          {t('out.metadata')}
        </Anchor>
      </Section>
      {mayManage ? (
        <Section title={t('test.title')} lead={t('test.lead')}>
          <SignInTestPanel connectionId={connection.id} />
        </Section>
      ) : null}
      {saml === undefined ? null : <SamlSettings connectionId={connection.id} saml={saml} />}
      {saml === undefined || !mayManage ? null : <KeySection connectionId={connection.id} />}
    </Stack>
  )
}
