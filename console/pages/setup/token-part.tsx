import { Alert, Anchor, Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemOf, useWrite } from '../../api/queries.js'
import type { Connection } from '../../api/schema.js'
import { BusyButton } from '../../parts/busy-button.js'
import { Section } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { TextLink } from '../../parts/text-link.js'
import { type Credentials, type FreshCredential, useCredentials } from '../connections/credentials.js'
import { NewCredential } from '../connections/new-credential.js'

const ONE = '/accounts/{accountId}/connections/{connectionId}'
const DEFAULT_DAYS = 365

/** From a draft to a live connection with its token, which is shown this once. */
export function TokenPart({ connection }: { readonly connection: Connection }) {
  const { t } = useTranslation('setup')
  const credentials = useCredentials('token', connection.id)
  const [fresh, setFresh] = useState<FreshCredential>()
  const [newest] = credentials.live.toReversed()
  if (connection.mode === 'disabled') return <SwitchedOff connection={connection} />
  if (connection.mode === 'draft')
    return <GoLive connection={connection} credentials={credentials} onFresh={setFresh} />
  return (
    <Section title={t('token.title')}>
      {fresh === undefined && newest !== undefined ? (
        <Text size="sm">
          {t('token.has', { last4: newest.last4 })} {t('token.lost')}{' '}
          <TextLink to="/connections/$connectionId" params={{ connectionId: connection.id }} search={{ tab: 'tokens' }}>
            {t('token.toTokens')}
          </TextLink>
        </Text>
      ) : (
        <NewCredential kind="token" {...{ connection, credentials, fresh }} onFresh={setFresh} />
      )}
    </Section>
  )
}

function SwitchedOff({ connection: { id } }: { readonly connection: Connection }) {
  const { t } = useTranslation('setup')
  return (
    <Text>
      <Anchor
        renderRoot={(props) => (
          <Link to="/connections/$connectionId" params={{ connectionId: id }} search={{ tab: 'danger' }} {...props} />
        )}
      >
        {t('live.disabled')}
      </Anchor>
    </Text>
  )
}

interface GoLiveProps {
  readonly connection: Connection
  readonly credentials: Credentials
  readonly onFresh: (fresh: FreshCredential) => void
}

/** Says that people are real from now on, and why it may not be yet (PRODUCT 2.1, principle 5). */
function GoLive({ connection, credentials, onFresh }: GoLiveProps) {
  const { t } = useTranslation('setup')
  const [error, setError] = useState<unknown>()
  const change = useWrite(`PATCH ${ONE}`, [`GET ${ONE}`, `GET ${ONE}/health`, 'GET /accounts/{accountId}/connections'])
  const go = async () => {
    setError(undefined)
    try {
      await change.mutateAsync({ params: { connectionId: connection.id }, body: { mode: 'live' } })
      if (credentials.live.length === 0) onFresh(await credentials.create(DEFAULT_DAYS))
    } catch (refused) {
      setError(refused)
    }
  }
  const needsAdmin = error !== undefined && problemOf(error).code === 'local_admin_required'
  return (
    <Section title={t('live.title')} lead={t('live.lead')}>
      <Text mb="md">{t('live.real')}</Text>
      {needsAdmin ? (
        <Alert color="yellow" variant="outline" title={t('live.required')} role="alert" mb="md">
          <Text size="sm">{t('live.requiredText')}</Text>
          <Text size="sm" mt={4} fw={550}>
            {t('live.requiredDo')} <TextLink to="/me">{t('live.toMe')}</TextLink>
          </Text>
        </Alert>
      ) : error === undefined ? null : (
        <ProblemNote error={error} />
      )}
      <Group mt="sm">
        <BusyButton onClick={() => void go()} busy={change.isPending}>
          {t(needsAdmin ? 'live.retry' : 'live.go')}
        </BusyButton>
      </Group>
    </Section>
  )
}
