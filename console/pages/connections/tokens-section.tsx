import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Connection } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { useAddress } from '../../api/use-search.js'
import { Section } from '../../parts/page.js'
import { CredentialTable } from './credential-table.js'
import { type FreshCredential, MAX_LIVE, useCredentials } from './credentials.js'
import { NewCredential } from './new-credential.js'
import { Rotation } from './rotation.js'

const WATCH_MS = 2_000

/** Tokens of a connection; with one that works, the next is made as an exchange in steps (PRODUCT 4.7, last row). */
export function TokensSection({ connection }: { readonly connection: Connection }) {
  const { t } = useTranslation('connections')
  const may = useMay()
  const [{ exchange }, change] = useAddress()
  const [fresh, setFresh] = useState<FreshCredential>()
  const credentials = useCredentials('token', connection.id, exchange === undefined ? false : WATCH_MS)
  const { live, list } = credentials
  const manages = may('connections.manage') && list.rows !== undefined
  const exchanging = manages && (exchange !== undefined || live.length >= MAX_LIVE) && live.length > 0
  const shared = { connection, credentials, fresh, onFresh: setFresh }
  const end = () => {
    setFresh(undefined)
    change({ exchange: undefined })
  }
  return (
    <>
      {exchanging ? <Rotation {...shared} onEnd={end} /> : null}
      <Section title={t('tokens.title')} lead={t('tokens.lead')}>
        {exchanging || !manages ? null : live.length === 1 && fresh === undefined ? (
          <Group mb="md">
            <Button onClick={() => change({ exchange: 'yes' })}>{t('rotation.begin')}</Button>
          </Group>
        ) : (
          <div style={{ marginBottom: '1rem' }}>
            <NewCredential kind="token" {...shared} />
          </div>
        )}
        <CredentialTable kind="token" credentials={credentials} />
      </Section>
    </>
  )
}
