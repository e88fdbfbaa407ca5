import { Text } from '@mantine/core'
import { CircleAlert, CircleCheck, CircleMinus, type LucideIcon, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { EventDetail } from '../../api/schema.js'
import { useCode } from '../../parts/problem-note.js'
import { shortened } from '../../parts/sentence.js'
import { Part } from './part.js'

type Step = EventDetail['steps'][number]

const LOOKS: Readonly<Record<Step['result'], readonly [LucideIcon, string]>> = {
  passed: [CircleCheck, 'var(--good)'],
  failed: [CircleAlert, 'var(--bad)'],
  warning: [TriangleAlert, 'var(--warn)'],
  skipped: [CircleMinus, 'var(--quiet)'],
}

/** What was done on the way, one after the other; a sign-in has its checks in their place. */
export function Steps({ event }: { readonly event: EventDetail }) {
  const { t } = useTranslation('log')
  const textOf = useStepText()
  if (event.steps.length === 0 || event.signIn !== undefined) return null
  return (
    <Part title={t('steps.title')}>
      <ol style={{ listStyle: 'none', margin: 0, padding: 0 }}>
        {event.steps.map((step) => {
          const [Icon, color] = LOOKS[step.result]
          const quiet = step.result === 'skipped'
          return (
            <li key={step.step} style={{ display: 'flex', gap: 10, padding: '4px 0' }}>
              <Icon size={16} aria-hidden style={{ color, flex: 'none', marginTop: 3 }} />
              <div style={{ minWidth: 0 }}>
                <Text size="sm" span fw={550} {...(quiet && { c: 'var(--quiet)' })}>
                  {t(`step.${step.step}`)}
                </Text>{' '}
                <Text size="sm" span style={{ color }}>
                  {step.result === 'passed' ? (
                    <span className="unseen">{t('stepResult.passed')}</span>
                  ) : (
                    t(`stepResult.${step.result}`)
                  )}
                </Text>
                <Text size="sm" c="var(--quiet)" component="div">
                  <bdi>{shortened(textOf(step, event), 300)}</bdi>
                </Text>
              </div>
            </li>
          )
        })}
      </ol>
    </Part>
  )
}

/** What a step says of itself. */
function useStepText(): (step: Step, event: EventDetail) => string {
  const { t } = useTranslation('log')
  const codeOf = useCode()
  const listed = (value: unknown): string[] => (Array.isArray(value) ? (value as string[]) : [])
  return ({ step, result, params }, { rules }) => {
    if (result === 'failed') return codeOf(String(params.code)).title
    if (result === 'warning')
      return listed(params.codes)
        .map((code) => codeOf(code).title)
        .join(' · ')
    if (step === 'received') return t('stepText.received', params as Record<string, string>)
    if (step === 'found' && result === 'passed') return t(`stepText.found.${String(params.found)}`)
    if (step === 'compared' && result === 'passed') {
      const count = Number(params.changed)
      const names = listed(params.attributes).join(', ')
      return count === 0 ? t('stepText.same') : t('stepText.changed', { count, names })
    }
    if (step === 'rules' && result === 'passed')
      return rules.map(({ note, condition, priority }) => note || condition || priority).join(' · ')
    if (step === 'rules') return params.rules === undefined ? '' : t('stepText.noRules')
    if (step === 'applied' && result === 'skipped' && params.reason !== undefined)
      return t(`stepText.${String(params.reason)}`)
    if (result === 'skipped') return ''
    return step === 'token' ? String(params.label) : t(`stepText.${step}`)
  }
}
