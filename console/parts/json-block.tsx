import { Group, Text } from '@mantine/core'
import { CopyButton } from './copy.js'

/** A body of a request: set out for reading where it is JSON, as it came where it is not. */
export function JsonBlock({ label, text }: { readonly label: string; readonly text: string }) {
  const shown = pretty(text)
  return (
    <div>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={550}>
          {label}
        </Text>
        <CopyButton value={shown} what={label} />
      </Group>
      <section
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
        tabIndex={0}
        style={{
          maxHeight: '22rem',
          overflow: 'auto',
          border: '1px solid var(--line)',
          borderRadius: 6,
          background: 'var(--ground)',
        }}
      >
        <pre className="mono" style={{ margin: 0, padding: '0.75rem', whiteSpace: 'pre-wrap' }}>
          {shown}
        </pre>
      </section>
    </div>
  )
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    // XML, a form, or JSON that was cut: as it is.
    return text
  }
}
