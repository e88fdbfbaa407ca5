import { Button, Stack, Text } from '@mantine/core'
import { CircleCheck, CircleDashed, Clock3 } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Connection } from '../../api/schema.js'
import { announce } from '../../parts/announce.js'
import { Labelled } from '../../parts/labelled.js'
import { Mark } from '../../parts/marks.js'
import { Section } from '../../parts/page.js'
import { RevokeDialog } from './credential-table.js'
import type { Credentials, FreshCredential } from './credentials.js'
import { NewCredential } from './new-credential.js'

interface RotationProps {
  readonly connection: Connection
  readonly credentials: Credentials
  readonly fresh: FreshCredential | undefined
  readonly onFresh: (fresh: FreshCredential) => void
  readonly onEnd: () => void
}

type State = 'done' | 'now' | 'later'

/**
 * Exchange a token in four steps. Where one stands follows from the tokens themselves, so it can be left and found again:
 * two that live mean that the second is made, and the server says when it was used.
 */
export function Rotation({ connection, credentials, fresh, onFresh, onEnd }: RotationProps) {
  const { t } = useTranslation('connections')
  const [revoking, setRevoking] = useState(false)
  const [old, next] = credentials.live
  const used = next?.lastUsedAt !== null && next?.lastUsedAt !== undefined
  useSaid(used, next === undefined ? '' : t('rotation.seenAt', { last4: next.last4 }))
  const made: State = next === undefined ? 'now' : 'done'
  const pasted: State = used ? 'done' : next === undefined ? 'later' : 'now'
  if (old === undefined) return null
  return (
    <Section
      title={t('rotation.title')}
      lead={t('rotation.lead')}
      actions={
        next === undefined ? (
          <Button variant="default" size="xs" onClick={onEnd}>
            {t('shell:cancel')}
          </Button>
        ) : undefined
      }
    >
      <Stack component="ol" gap="md" m={0} pl="1.25rem">
        <Step title={t('rotation.create')} state={made}>
          {next === undefined ? (
            <NewCredential kind="token" {...{ connection, credentials, fresh, onFresh }} label={t('rotation.create')} />
          ) : (
            <>
              <Text size="sm">{t('rotation.createDone', { last4: next.last4 })}</Text>
              {fresh?.id === next.id ? (
                <NewCredential kind="token" {...{ connection, credentials, fresh, onFresh }} />
              ) : null}
            </>
          )}
        </Step>
        <Step title={t('rotation.paste')} state={pasted}>
          <Text size="sm">
            <Labelled text={t(`rotation.pasteAt.${connection.idpKind}`)} />
          </Text>
          {pasted === 'now' && fresh === undefined ? (
            <Text size="sm" c="var(--quiet)">
              {t('rotation.lost')}
            </Text>
          ) : null}
        </Step>
        <Step title={t('rotation.seen')} state={pasted}>
          {next === undefined ? null : (
            <Text size="sm">{used ? t('rotation.seenAt', { last4: next.last4 }) : t('rotation.waiting')}</Text>
          )}
        </Step>
        <Step title={t('rotation.revoke')} state={used ? 'now' : 'later'}>
          {used ? (
            <Button variant="default" onClick={() => setRevoking(true)}>
              {t('rotation.revokeOld', { last4: old.last4 })}
            </Button>
          ) : null}
        </Step>
      </Stack>
      {revoking ? (
        <RevokeDialog
          kind="token"
          token={old}
          credentials={{
            ...credentials,
            revoke: async (id) => {
              await credentials.revoke(id)
              onEnd()
            },
          }}
          onClose={() => setRevoking(false)}
        />
      ) : null}
    </Section>
  )
}

/** Say it once, when it becomes so. */
function useSaid(is: boolean, text: string): void {
  const was = useRef(is)
  useEffect(() => {
    if (is && !was.current) announce(text)
    was.current = is
  }, [is, text])
}

const LOOKS = { done: ['good', CircleCheck], now: ['warn', Clock3], later: ['quiet', CircleDashed] } as const

function Step({ title, state, children }: { title: string; state: State; children: ReactNode }) {
  const { t } = useTranslation('connections')
  const [tone, icon] = LOOKS[state]
  return (
    <li aria-current={state === 'now' ? 'step' : undefined}>
      <Text fw={550} component="div">
        {title}{' '}
        <Text span size="sm" fw={400}>
          <Mark tone={tone} icon={icon}>
            {t(`rotation.${state}`)}
          </Mark>
        </Text>
      </Text>
      <Stack gap="xs" mt={4}>
        {children}
      </Stack>
    </li>
  )
}
