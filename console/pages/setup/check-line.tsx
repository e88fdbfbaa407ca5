import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { type Look, Mark } from '../../parts/marks.js'

interface CheckLineProps {
  readonly name: string
  readonly look: Look
  readonly state: string
  /** When it was so, or how long it took. */
  readonly beside: ReactNode
  /** What is to be said about it, below. */
  readonly children: ReactNode
}

/** One line of a list of checks: what was looked at, and how it is. */
export function CheckLine({ name, look: [tone, icon], state, beside, children }: CheckLineProps) {
  return (
    <li style={{ padding: '3px 0' }}>
      <div style={{ display: 'flex', gap: 12, justifyContent: 'space-between', flexWrap: 'wrap' }}>
        <Text span size="sm">
          {name}
        </Text>
        <Text span size="sm">
          <Mark tone={tone} icon={icon}>
            {state}
          </Mark>
          {beside === undefined ? null : (
            <Text span inherit c="var(--quiet)">
              {' · '}
              {beside}
            </Text>
          )}
        </Text>
      </div>
      {children}
    </li>
  )
}
