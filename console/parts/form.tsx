import { Stack, type StackProps } from '@mantine/core'
import type { ReactNode } from 'react'

interface FormProps extends Pick<StackProps, 'gap' | 'maw'> {
  readonly onSubmit: () => void
  /** The form itself says what is missing, in place of the browser. */
  readonly noValidate?: boolean
  readonly children: ReactNode
}

/** A form: its fields one below the other. The page sends what was typed by itself, so the browser stays on it. */
export function Form({ onSubmit, noValidate = false, children, ...stack }: FormProps) {
  return (
    <form
      noValidate={noValidate}
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      <Stack {...stack}>{children}</Stack>
    </form>
  )
}
