import { List, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { SamlWarning } from '../../api/schema.js'
import { useCode } from '../../parts/problem-note.js'

/** What should be looked at and refuses nobody. */
export function Warnings({ warnings }: { readonly warnings: readonly SamlWarning[] }) {
  const { t } = useTranslation('sso')
  const textOf = useCode()
  if (warnings.length === 0) return null
  return (
    <div style={{ borderInlineStart: '3px solid var(--warn)', paddingInlineStart: 12, marginBottom: '1rem' }}>
      <Text size="sm" fw={600}>
        {t('warnings')}
      </Text>
      <List size="sm">
        {warnings.map(({ code, message }) => (
          <List.Item key={message}>
            {textOf(code).title}. {textOf(code).next}
          </List.Item>
        ))}
      </List>
    </div>
  )
}
