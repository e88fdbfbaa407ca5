import { Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Circle, CircleCheck, CircleDot } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Connection } from '../../api/schema.js'
import { STEPS, type Step } from './steps.js'

interface StepListProps {
  readonly connection: Connection
  readonly current: string
  readonly isSeen: (step: Step) => boolean
}

/** Where one is. A step is ticked when the server has seen it, not when somebody says so (PRODUCT 4.1). */
export function StepList({ connection, current, isSeen }: StepListProps) {
  const { t } = useTranslation('setup')
  const { id: connectionId, idpKind } = connection
  return (
    <nav aria-label={t('steps')} style={{ flex: '0 1 15rem' }}>
      <ol style={{ listStyle: 'none', margin: 0, padding: 0 }}>
        {STEPS[idpKind].map((step) => {
          const [seen, here] = [isSeen(step), step.key === current]
          const Icon = seen ? CircleCheck : here ? CircleDot : Circle
          return (
            <li key={step.key}>
              <Link
                to="/connections/$connectionId/setup"
                params={{ connectionId }}
                search={{ step: step.key }}
                aria-current={here ? 'step' : undefined}
                style={{
                  display: 'flex',
                  gap: 8,
                  alignItems: 'flex-start',
                  padding: '6px 8px',
                  borderRadius: 6,
                  color: 'inherit',
                  textDecoration: 'none',
                  background: here ? 'var(--mantine-primary-color-light)' : undefined,
                }}
              >
                <Icon
                  size={16}
                  aria-hidden
                  style={{ flex: 'none', marginTop: 3, color: seen ? 'var(--good)' : 'var(--quiet)' }}
                />
                <span>
                  <Text span size="sm" fw={here ? 600 : 400}>
                    {t(`${idpKind}.${step.key}.title`)}
                  </Text>
                  {seen || step.optional ? (
                    <Text size="xs" c={seen ? 'var(--good)' : 'var(--quiet)'}>
                      {t(seen ? 'seen' : 'optional')}
                    </Text>
                  ) : null}
                </span>
              </Link>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}
