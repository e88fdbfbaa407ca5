import { Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Connection } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { Section } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { Hints } from '../setup/hints.js'
import { SelfTestSection } from '../setup/self-test.js'
import { SetupChecks } from '../setup/setup-checks.js'
import { SetupRequests } from '../setup/setup-requests.js'
import { useSetup } from '../setup/use-setup.js'

/** What has been seen of a directory, and its latest requests, live (PRODUCT 4.6). */
export function TestSection({ connection }: { readonly connection: Connection }) {
  const { t } = useTranslation('connections')
  const may = useMay()
  const { setup, error } = useSetup(connection)
  if (setup === undefined) return <ProblemNote error={error} />
  return (
    <>
      {may('connections.manage') ? <SelfTestSection connection={connection} /> : null}
      <Section title={t('test.requestsTitle')} lead={t('test.requestsLead')}>
        <Stack gap="md">
          <Hints connection={connection} hints={setup.hints} />
          <SetupRequests requests={setup.requests} />
          <SetupChecks checks={setup.checks} />
        </Stack>
      </Section>
    </>
  )
}
