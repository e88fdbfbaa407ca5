import { Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'

/** An empty list teaches: what would be here, and how it gets here. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <Stack align="center" gap="xs" py="xl" px="md" ta="center">
      <Text fw={600}>{title}</Text>
      <Text c="var(--quiet)" size="sm" maw="34rem" w="100%" component="div">
        {children}
      </Text>
    </Stack>
  )
}
