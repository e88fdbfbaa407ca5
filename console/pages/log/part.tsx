import { Title } from '@mantine/core'
import type { ReactNode } from 'react'

/** A part of the panel, under its heading. */
export function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div>
      <Title order={4} size="h5" mb={6}>
        {title}
      </Title>
      {children}
    </div>
  )
}
