import { Group, NativeSelect, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Connection } from '../../api/schema.js'
import { announce } from '../../parts/announce.js'
import { BusyButton } from '../../parts/busy-button.js'
import { SecretOnce } from '../../parts/copy.js'
import { Labelled } from '../../parts/labelled.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { IDP_LABELS } from '../setup/idp-labels.js'
import { type CredentialKind, type Credentials, type FreshCredential, MAX_LIVE } from './credentials.js'

const AREA = { token: 'tokens', secret: 'clients' } as const
const LIVES = ['90', '180', '365', '730', '1095'] as const

interface NewCredentialProps {
  readonly kind: CredentialKind
  readonly connection: Connection
  readonly credentials: Credentials
  readonly fresh: FreshCredential | undefined
  readonly onFresh: (fresh: FreshCredential) => void
  /** In place of "Create a token". */
  readonly label?: string
}

/** Make a token or secret; it is shown this once, with the name of the field that it goes into. */
export function NewCredential({ kind, connection, credentials, fresh, onFresh, label }: NewCredentialProps) {
  const { t } = useTranslation('connections')
  const [days, setDays] = useState<string>('365')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const full = credentials.live.length >= MAX_LIVE
  const field = IDP_LABELS[kind === 'token' ? 'token' : 'clientSecret'][connection.idpKind]
  const create = async () => {
    setBusy(true)
    setError(undefined)
    try {
      onFresh(await credentials.create(Number(days)))
      announce(t('tokens.ready'))
    } catch (refused) {
      setError(refused)
    } finally {
      setBusy(false)
    }
  }
  if (fresh !== undefined)
    return (
      <Stack gap="xs">
        <SecretOnce label={t(`${AREA[kind]}.secret`)} value={fresh.secret} />
        <Text size="sm">
          <Labelled text={t(`${AREA[kind]}.paste`, { field })} />
        </Text>
      </Stack>
    )
  return (
    <Stack gap="xs">
      <Group align="flex-end" gap="sm">
        <NativeSelect
          label={t('tokens.life')}
          value={days}
          onChange={(event) => setDays(event.currentTarget.value)}
          data={LIVES.map((value) => ({ value, label: t(`tokens.lives.${value}`) }))}
          disabled={full}
        />
        <BusyButton onClick={() => void create()} busy={busy} disabled={full || credentials.list.isPending}>
          {label ?? t(`${AREA[kind]}.create`)}
        </BusyButton>
      </Group>
      {full ? (
        <Text size="sm" c="var(--quiet)">
          {t(`${AREA[kind]}.full`)}
        </Text>
      ) : null}
      <ProblemNote error={error} />
    </Stack>
  )
}
