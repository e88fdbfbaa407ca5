import { Text } from '@mantine/core'
import { CircleAlert, CircleCheck, CircleDashed } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Labelled } from '../../parts/labelled.js'
import { useCode } from '../../parts/problem-note.js'
import { When } from '../../parts/when.js'
import { CheckLine } from './check-line.js'
import type { SetupCheck } from './use-setup.js'

const LOOKS = {
  done: ['good', CircleCheck],
  waiting: ['quiet', CircleDashed],
  problem: ['bad', CircleAlert],
} as const

/** A checklist that fills itself (PRODUCT 4.6). */
export function SetupChecks({ checks }: { readonly checks: readonly SetupCheck[] }) {
  const { t } = useTranslation('setup')
  return (
    <div>
      <Text size="sm" fw={600} id="setup-checks">
        {t('watch.checks')}
      </Text>
      <ul aria-labelledby="setup-checks" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
        {checks.map((one) => (
          <OneCheck key={one.check} check={one} />
        ))}
      </ul>
    </div>
  )
}

function OneCheck({ check }: { readonly check: SetupCheck }) {
  const { t } = useTranslation('setup')
  const problem = useProblem(check)
  return (
    <CheckLine
      name={t(`watch.check.${check.check}`)}
      look={LOOKS[check.state]}
      state={t(`watch.states.${check.state}`)}
      beside={check.at === undefined ? undefined : <When at={check.at} />}
    >
      {problem === undefined ? null : (
        <Text size="sm" c="var(--quiet)">
          <Labelled text={problem} />
        </Text>
      )}
    </CheckLine>
  )
}

/** What is the matter with it, or how it could be seen. */
function useProblem({ check, state, code, params = {} }: SetupCheck): string | undefined {
  const { t } = useTranslation('setup')
  const textOf = useCode()
  if (code === undefined)
    return check === 'first_deactivation' && state === 'waiting' ? t('watch.optionalCheck') : undefined
  const shown = (value: unknown) => (Array.isArray(value) ? value.join(', ') : String(value ?? '–'))
  const words: Record<string, string> = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, name === 'code' ? textOf(shown(value)).title : shown(value)]),
  )
  return t(`watch.problem.${code}`, words)
}
