import { Button, Group, Stack, Text } from '@mantine/core'
import { CircleAlert, CircleCheck, Clock3 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRead, useWrite } from '../../api/queries.js'
import type { SignInTest } from '../../api/schema.js'
import { announce } from '../../parts/announce.js'
import { BusyButton } from '../../parts/busy-button.js'
import { CopyField } from '../../parts/copy.js'
import { Mark } from '../../parts/marks.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { absolute, useUtc } from '../../parts/when.js'
import { SignInTrace } from './sign-in-trace.js'
import { SAML, useSaml } from './use-saml.js'

const WATCH_MS = 2_000

const LOOKS = {
  open: ['warn', Clock3],
  passed: ['good', CircleCheck],
  failed: ['bad', CircleAlert],
  expired: ['quiet', Clock3],
} as const

/** A sign-in that is tried out, with everything that was checked (PRODUCT 4.6, 6.2). */
export function SignInTestPanel({ connectionId }: { readonly connectionId: string }) {
  const { t } = useTranslation('sso')
  const { saml, isPending } = useSaml(connectionId)
  const [testId, setTestId] = useState<string>()
  const begin = useWrite(`POST ${SAML}/test`)
  const prepare = () => begin.mutate({ params: { connectionId } }, { onSuccess: ({ id }) => setTestId(id) })
  if (isPending) return null
  if (saml === undefined) return <Text size="sm">{t('test.notSet')}</Text>
  return (
    <Stack gap="md">
      {testId === undefined ? null : <OneTest key={testId} connectionId={connectionId} testId={testId} />}
      <ProblemNote error={begin.error} />
      <Group>
        <BusyButton variant={testId === undefined ? 'filled' : 'default'} onClick={prepare} busy={begin.isPending}>
          {t(testId === undefined ? 'test.prepare' : 'test.again')}
        </BusyButton>
      </Group>
    </Stack>
  )
}

function OneTest({ connectionId, testId }: { readonly connectionId: string; readonly testId: string }) {
  const { t } = useTranslation('sso')
  const [watching, setWatching] = useState(true)
  const { data: test, error } = useRead(
    `GET ${SAML}/test/{testId}`,
    { params: { connectionId, testId } },
    { refetchInterval: watching ? WATCH_MS : false, staleTime: 0 },
  )
  const state = test?.state
  useEffect(() => {
    if (state === undefined || state === 'open') return
    setWatching(false)
    announce(t(`test.states.${state}`))
  }, [state, t])
  if (test === undefined) return <ProblemNote error={error} />
  const [tone, icon] = LOOKS[test.state]
  return (
    <Stack gap="sm">
      <div>
        <Mark tone={tone} icon={icon}>
          {t(`test.states.${test.state}`)}
        </Mark>
      </div>
      {test.state === 'open' ? <Waiting test={test} /> : null}
      {test.event === undefined ? null : <SignInTrace event={test.event} />}
    </Stack>
  )
}

function Waiting({ test: { loginUrl, expiresAt } }: { readonly test: SignInTest }) {
  const { t, i18n } = useTranslation('sso')
  const [utc] = useUtc()
  return (
    <>
      <Text size="sm">{t('test.waiting', { at: absolute(expiresAt, i18n.language, utc) })}</Text>
      <Group>
        <Button component="a" href={loginUrl} target="_blank" rel="noopener">
          {t('test.open')}
        </Button>
      </Group>
      <Text size="sm" c="var(--quiet)">
        {t('test.orCopy')}
      </Text>
      <CopyField label={t('test.address')} value={loginUrl} />
    </>
  )
}
