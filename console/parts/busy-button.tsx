import { Button, type ButtonProps } from '@mantine/core'
import type { ComponentPropsWithoutRef } from 'react'

interface BusyButtonProps extends ButtonProps, Omit<ComponentPropsWithoutRef<'button'>, keyof ButtonProps> {
  /** What was pressed for is under way. */
  readonly busy: boolean
}

/**
 * A button that takes a while: it cannot be pressed again meanwhile and keeps the focus, which Mantine's `loading` gives away,
 * so that the keyboard would begin at the top of the page.
 */
export function BusyButton({ busy, onClick, style, ...others }: BusyButtonProps) {
  return (
    <Button
      {...others}
      aria-disabled={busy}
      aria-busy={busy}
      style={busy ? [style, { opacity: 0.6, cursor: 'progress' }] : style}
      onClick={(event) => {
        // A form is not sent a second time either.
        if (busy) event.preventDefault()
        else onClick?.(event)
      }}
    />
  )
}
