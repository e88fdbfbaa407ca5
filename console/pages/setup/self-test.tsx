import { Group, Stack, Text } from '@mantine/core'
import { CircleAlert, CircleCheck, CircleMinus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../api/queries.js'
import type { Connection, SelfTest } from '../../api/schema.js'
import { announce } from '../../parts/announce.js'
import { BusyButton } from '../../parts/busy-button.js'
import { Mark } from '../../parts/marks.js'
import { Section } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { CheckLine } from './check-line.js'

type Step = SelfTest['steps'][number]

const LOOKS = {
  passed: ['good', CircleCheck],
  failed: ['bad', CircleAlert],
  skipped: ['quiet', CircleMinus],
} as const

/** The server calls its own address as a directory would, and says what stands in the way (PRODUCT 4.6). */
export function SelfTestSection({ connection: { id, mode } }: { readonly connection: Connection }) {
  const { t } = useTranslation('setup')
  const test = useWrite('POST /accounts/{accountId}/connections/{connectionId}/self-test')
  const run = () => {
    announce(t('selfTest.running'))
    test.mutate(
      { params: { connectionId: id } },
      { onSuccess: ({ passed }) => announce(t(passed ? 'selfTest.passed' : 'selfTest.failed')) },
    )
  }
  return (
    <Section title={t('selfTest.title')} lead={t('selfTest.lead')}>
      <Stack gap="md">
        {mode === 'draft' || mode === 'disabled' ? <Text size="sm">{t(`selfTest.${mode}`)}</Text> : null}
        {test.data === undefined ? null : <Results test={test.data} />}
        <ProblemNote error={test.error} />
        <Group>
          <BusyButton variant="default" busy={test.isPending} onClick={run}>
            {t(test.isPending ? 'selfTest.running' : test.data === undefined ? 'selfTest.run' : 'selfTest.again')}
          </BusyButton>
        </Group>
      </Stack>
    </Section>
  )
}

function Results({ test: { passed, steps } }: { readonly test: SelfTest }) {
  const { t } = useTranslation('setup')
  return (
    <div>
      <Mark tone={passed ? 'good' : 'bad'} icon={passed ? CircleCheck : CircleAlert}>
        {t(passed ? 'selfTest.passed' : 'selfTest.failed')}
      </Mark>
      <ol aria-label={t('selfTest.results')} style={{ listStyle: 'none', margin: '0.5rem 0 0', padding: 0 }}>
        {steps.map((step) => (
          <OneStep key={step.step} step={step} />
        ))}
      </ol>
    </div>
  )
}

function OneStep({ step }: { readonly step: Step }) {
  const { t } = useTranslation('setup')
  return (
    <CheckLine
      name={t(`selfTest.step.${step.step}`)}
      look={LOOKS[step.outcome]}
      state={t(`selfTest.outcome.${step.outcome}`)}
      beside={step.ms === undefined ? undefined : t('selfTest.ms', { ms: step.ms })}
    >
      {step.code === undefined ? null : <Fault step={step} code={step.code} />}
    </CheckLine>
  )
}

/** What is wrong, what to do, and what was seen. */
function Fault({ step, code }: { readonly step: Step; readonly code: NonNullable<Step['code']> }) {
  const { t } = useTranslation('setup')
  const { url = '', method = '', expected = '', received = '' } = step
  const host = URL.canParse(url) ? new URL(url).host : url
  const seen = [
    ['called', `${method} ${url}`],
    ['expected', expected],
    ['received', received],
  ] as const
  return (
    <>
      <Text size="sm">{t(`selfTest.fault.${code}`, { host, method })}</Text>
      <dl style={{ margin: '4px 0', fontSize: 'var(--mantine-font-size-sm)', overflowWrap: 'anywhere' }}>
        {seen.map(([name, text]) => (
          <div key={name} style={{ display: 'flex', gap: 8 }}>
            <dt style={{ color: 'var(--quiet)', flex: '0 0 5.5rem' }}>{t(`selfTest.${name}`)}</dt>
            <dd style={{ margin: 0, minWidth: 0 }}>
              <bdi lang="en">{text}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}
