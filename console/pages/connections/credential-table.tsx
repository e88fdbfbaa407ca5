import { Button, Text } from '@mantine/core'
import { CircleCheck, CircleMinus, Clock3 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ScimToken } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { Confirm } from '../../parts/confirm.js'
import { Empty } from '../../parts/empty.js'
import { type Column, ListTable } from '../../parts/list-table.js'
import { Mark } from '../../parts/marks.js'
import { relative, When } from '../../parts/when.js'
import type { CredentialKind, Credentials } from './credentials.js'

const AREA = { token: 'tokens', secret: 'clients' } as const

const STATES = {
  active: ['good', CircleCheck],
  expired: ['bad', Clock3],
  revoked: ['quiet', CircleMinus],
} as const

/** Every token or secret, without what is secret of it. */
export function CredentialTable({
  kind,
  credentials,
}: {
  readonly kind: CredentialKind
  readonly credentials: Credentials
}) {
  const { t } = useTranslation('connections')
  const may = useMay()
  const [revoking, setRevoking] = useState<ScimToken>()
  const { list } = credentials
  const newestFirst = list.rows === undefined ? undefined : [...list.rows].reverse()
  return (
    <>
      <ListTable
        caption={t(`${AREA[kind]}.list`)}
        list={{ ...list, rows: newestFirst }}
        keyOf={({ id }) => id}
        columns={useColumns(kind, may('connections.manage') ? setRevoking : undefined)}
        empty={<Empty title={t(`${AREA[kind]}.none`)} />}
      />
      {revoking === undefined ? null : (
        <RevokeDialog kind={kind} token={revoking} credentials={credentials} onClose={() => setRevoking(undefined)} />
      )}
    </>
  )
}

function useColumns(kind: CredentialKind, revoke: ((token: ScimToken) => void) | undefined): Column<ScimToken>[] {
  const { t } = useTranslation('connections')
  const columns: Column<ScimToken>[] = [
    { key: 'last4', title: t('tokens.ending'), cell: ({ last4 }) => <span className="mono">…{last4}</span> },
    {
      key: 'state',
      title: t('tokens.state'),
      cell: ({ state }) => {
        const [tone, icon] = STATES[state]
        return (
          <Mark tone={tone} icon={icon}>
            {t(`tokens.states.${state}`)}
          </Mark>
        )
      },
    },
    { key: 'created', title: t('tokens.created'), minWidth: '7rem', cell: ({ createdAt }) => <When at={createdAt} /> },
    {
      key: 'expires',
      title: t('tokens.expires'),
      minWidth: '7rem',
      cell: ({ expiresAt }) => <When at={expiresAt} full />,
    },
    {
      key: 'used',
      title: t('tokens.used'),
      minWidth: '9rem',
      cell: ({ lastUsedAt, lastUsedIp }) =>
        lastUsedAt === null ? (
          t('tokens.notUsed')
        ) : (
          <>
            <When at={lastUsedAt} />
            {lastUsedIp === null ? null : (
              <Text size="sm" c="var(--quiet)">
                {t('tokens.from', { address: lastUsedIp })}
              </Text>
            )}
          </>
        ),
    },
  ]
  if (revoke === undefined) return columns
  return [
    ...columns,
    {
      key: 'revoke',
      title: t('tokens.revoke'),
      cell: (token) =>
        token.state === 'revoked' ? null : (
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => revoke(token)}
            aria-label={t(`${AREA[kind]}.revokeOf`, { last4: token.last4 })}
          >
            {t('tokens.revoke')}
          </Button>
        ),
    },
  ]
}

/** Says what ends, and when it was last needed. */
export function RevokeDialog({
  kind,
  token,
  credentials: { live, revoke },
  onClose,
}: {
  readonly kind: CredentialKind
  readonly token: ScimToken
  readonly credentials: Credentials
  readonly onClose: () => void
}) {
  const { t, i18n } = useTranslation('connections')
  const { last4, lastUsedAt, id } = token
  const isLast = live.length === 1 && live[0]?.id === id
  return (
    <Confirm
      opened
      onClose={onClose}
      title={t(`${AREA[kind]}.revokeOf`, { last4 })}
      action={t('tokens.revoke')}
      onConfirm={() => revoke(id)}
    >
      <Text size="sm">{t(`${AREA[kind]}.revokeLead`)}</Text>
      <Text size="sm" mt="xs">
        {lastUsedAt === null
          ? t('tokens.revokeUnused')
          : t('tokens.revokeUsed', { at: relative(lastUsedAt, i18n.language) })}
      </Text>
      {isLast ? (
        <Text size="sm" mt="xs" fw={550}>
          {t(`${AREA[kind]}.revokeLast`)}
        </Text>
      ) : null}
    </Confirm>
  )
}
