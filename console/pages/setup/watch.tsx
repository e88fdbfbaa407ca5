import { Stack } from '@mantine/core'
import { CircleCheck, Clock3 } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Connection } from '../../api/schema.js'
import { announce } from '../../parts/announce.js'
import { Mark } from '../../parts/marks.js'
import { Section } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { Hints } from './hints.js'
import { SetupChecks } from './setup-checks.js'
import { SetupRequests } from './setup-requests.js'
import { useSetup } from './use-setup.js'

/** Listens with whoever waits: turns green when the server has seen something (PRODUCT 4.1, 4.6). */
export function Watch({ connection }: { readonly connection: Connection }) {
  const { t } = useTranslation('setup')
  const { setup, error, isDone } = useSetup(connection)
  const state = isDone('first_user') ? 'firstUser' : isDone('token_accepted') ? 'arrived' : 'waiting'
  useNews(setup === undefined ? undefined : t(`watch.${state}`))
  if (setup === undefined) return <ProblemNote error={error} />
  return (
    <Section title={t('watch.title')}>
      <Stack gap="md">
        <div>
          <Mark tone={state === 'waiting' ? 'warn' : 'good'} icon={state === 'waiting' ? Clock3 : CircleCheck}>
            {t(`watch.${state}`)}
          </Mark>
        </div>
        <Hints connection={connection} hints={setup.hints} />
        <SetupChecks checks={setup.checks} />
        <SetupRequests requests={setup.requests} />
      </Stack>
    </Section>
  )
}

/** Said when it changes under the eyes of whoever waits. */
function useNews(text: string | undefined): void {
  const before = useRef<string>(undefined)
  useEffect(() => {
    if (before.current !== undefined && text !== undefined && before.current !== text) announce(text)
    before.current = text
  }, [text])
}
