import { CircleAlert, CircleCheck, CircleDashed, CircleMinus, CirclePause, Clock3, type LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'

type Tone = 'good' | 'warn' | 'bad' | 'quiet'

/** A state as an icon, a word and a colour, so that none of them has to be seen (PRODUCT 6.4). */
export function Mark({ tone, icon: Icon, children }: { tone: Tone; icon: LucideIcon; children: string }) {
  return (
    <span style={{ color: `var(--${tone})`, display: 'inline-flex', alignItems: 'center', gap: 6, fontWeight: 550 }}>
      <Icon size={15} aria-hidden style={{ flex: 'none' }} />
      <span>{children}</span>
    </span>
  )
}

/** How a state looks beside its word. */
export type Look = readonly [Tone, LucideIcon]

const OUTCOMES: Readonly<Record<string, Look>> = {
  success: ['good', CircleCheck],
  warning: ['warn', CircleAlert],
  no_change: ['quiet', CircleMinus],
  failure: ['bad', CircleAlert],
  held: ['warn', CirclePause],
  observed: ['quiet', CircleDashed],
}

export function OutcomeMark({ outcome }: { readonly outcome: string }) {
  const { t } = useTranslation()
  const [tone, icon] = OUTCOMES[outcome] ?? ['quiet', CircleDashed]
  return (
    <Mark tone={tone} icon={icon}>
      {t(`outcome.${outcome}`)}
    </Mark>
  )
}

const STATUSES: Readonly<Record<string, Look>> = {
  active: ['good', CircleCheck],
  invited: ['quiet', Clock3],
  suspended: ['bad', CirclePause],
  deleted: ['quiet', CircleMinus],
}

/** Status of a user (PRODUCT 2.3). */
export function StatusMark({ status }: { readonly status: string }) {
  const { t } = useTranslation()
  const [tone, icon] = STATUSES[status] ?? ['quiet', CircleDashed]
  return (
    <Mark tone={tone} icon={icon}>
      {t(`status.${status}`)}
    </Mark>
  )
}

const HEALTH: Readonly<Record<string, Look>> = {
  healthy: ['good', CircleCheck],
  attention: ['warn', CircleAlert],
  failing: ['bad', CircleAlert],
  stopped: ['bad', CircleMinus],
  quiet: ['quiet', Clock3],
  draft: ['quiet', CircleDashed],
  disabled: ['quiet', CirclePause],
}

/** Health of a connection (PRODUCT 3.4). */
export function HealthMark({ state }: { readonly state: string }) {
  const { t } = useTranslation()
  const [tone, icon] = HEALTH[state] ?? ['quiet', CircleDashed]
  return (
    <Mark tone={tone} icon={icon}>
      {t(`health.${state}`)}
    </Mark>
  )
}
