import { CircleCheck, CircleDashed, CirclePause, type LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Connection } from '../../api/schema.js'
import { Mark } from '../../parts/marks.js'

const MODES = {
  draft: ['quiet', CircleDashed],
  observe: ['quiet', CircleDashed],
  live: ['good', CircleCheck],
  paused: ['warn', CirclePause],
  disabled: ['quiet', CirclePause],
} as const satisfies Record<Connection['mode'], readonly [string, LucideIcon]>

/** Mode of a connection (PRODUCT 2.4). */
export function ModeMark({ mode }: { readonly mode: Connection['mode'] }) {
  const { t } = useTranslation('connections')
  const [tone, icon] = MODES[mode]
  return (
    <Mark tone={tone} icon={icon}>
      {t(`mode.${mode}`)}
    </Mark>
  )
}
