import { Stack, Text } from '@mantine/core'
import { CircleAlert, CircleCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Event } from '../../api/schema.js'
import { Mark } from '../../parts/marks.js'
import { useCode } from '../../parts/problem-note.js'
import { Facts } from '../connections/facts.js'

/** What an answer of an identity provider said, and what held of it (PRODUCT 3.3, Sign-ins). */
export function SignInTrace({ event }: { readonly event: Event }) {
  const { t } = useTranslation('sso')
  const { signIn, subject } = event
  if (signIn === undefined) return null
  const { checks = [], expected, received, nameId, assertionAgeMs, skewMs, attributes, flow } = signIn
  const seconds = (ms: number | undefined) =>
    ms === undefined ? null : t('test.seconds', { count: Math.round(ms / 1_000) })
  const said = (value: unknown) => (typeof value === 'string' ? <bdi>{value}</bdi> : null)
  return (
    <Stack gap="md">
      <Outcome event={event} />
      <Facts
        facts={[
          [t('test.expected'), said(expected)],
          [t('test.received'), said(received)],
          [t('test.person'), said(subject?.displayName ?? subject?.userName)],
          [t('test.nameId'), said(nameId)],
          [t('test.flow'), t(`test.flows.${flow}`)],
          [t('test.age'), seconds(assertionAgeMs)],
          [t('test.skew'), seconds(skewMs)],
          [t('test.attributes'), attributes === undefined ? null : attributes.join(', ')],
        ]}
      />
      <div>
        <Text size="sm" fw={600} id={`checks-${event.id}`}>
          {t('test.checks')}
        </Text>
        <ul aria-labelledby={`checks-${event.id}`} style={{ listStyle: 'none', margin: 0, padding: 0 }}>
          {checks.map(({ check, passed }) => (
            <li key={check} style={{ display: 'flex', gap: 12, justifyContent: 'space-between', maxWidth: '32rem' }}>
              <span>{t(`check.${check}`, { defaultValue: check })}</span>
              <Mark tone={passed ? 'good' : 'bad'} icon={passed ? CircleCheck : CircleAlert}>
                {t(passed ? 'test.held' : 'test.broke')}
              </Mark>
            </li>
          ))}
        </ul>
      </div>
    </Stack>
  )
}

function Outcome({ event: { outcome, code = 'unknown', message, signIn } }: { readonly event: Event }) {
  const { t } = useTranslation('sso')
  const textOf = useCode()
  if (outcome !== 'failure') return <Text size="sm">{t('test.passedNote')}</Text>
  return (
    <div style={{ borderInlineStart: '3px solid var(--bad)', paddingInlineStart: 12 }}>
      <Text fw={600}>{textOf(code).title}</Text>
      <Text size="sm" lang="en">
        {message}
      </Text>
      {signIn?.remedy === undefined ? null : (
        <Text size="sm">
          <strong>{t('test.remedy')}</strong> <span lang="en">{signIn.remedy}</span>
        </Text>
      )}
    </div>
  )
}
