import { Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import { useSession } from '../api/session.js'

interface PageProps {
  readonly title: string
  /** One sentence below the title. */
  readonly lead?: ReactNode
  /** What can be done here, at the right. */
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** The frame of every page: names the document, and takes the focus to its heading when it is entered. */
export function Page({ title, lead, actions, children }: PageProps) {
  const { account } = useSession()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · ${account.name} · Usher`
  }, [title, account.name])
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start" gap="md">
        <div style={{ flex: '1 1 20rem', minWidth: 0 }}>
          <Title order={1} size="h2" ref={heading} tabIndex={-1}>
            {title}
          </Title>
          {lead === undefined ? null : (
            <Text c="var(--quiet)" mt={4} maw="46rem" component="div">
              {lead}
            </Text>
          )}
        </div>
        {actions === undefined ? null : <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  )
}

/** A part of a page, under a heading of its own. */
export function Section({
  title,
  lead,
  actions,
  children,
}: {
  readonly title: string
  readonly lead?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}) {
  return (
    <section
      aria-label={title}
      style={{ background: 'var(--paper)', border: '1px solid var(--line)', borderRadius: 8, padding: '1rem 1.25rem' }}
    >
      <Group justify="space-between" align="flex-start" mb="sm" gap="xs">
        <div style={{ minWidth: 0 }}>
          <Title order={2} size="h4">
            {title}
          </Title>
          {lead === undefined ? null : (
            <Text c="var(--quiet)" size="sm" maw="46rem" component="div">
              {lead}
            </Text>
          )}
        </div>
        {actions === undefined ? null : <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </section>
  )
}
