import type { CSSProperties, ReactNode } from 'react'

interface ScrollRegionProps {
  /** What is in it, or the id of what says so. */
  readonly label?: string
  readonly labelledBy?: string
  readonly busy?: boolean
  readonly style?: CSSProperties
  readonly children: ReactNode
}

/** A wide table in a narrow place: it scrolls by itself, with the keyboard as well (WCAG 2.1.1), and the page does not. */
export function ScrollRegion({ label, labelledBy, busy, style, children }: ScrollRegionProps) {
  return (
    // A group and no landmark: it stands in a section that bears its name already.
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div
      role="group"
      aria-label={label}
      aria-labelledby={labelledBy}
      aria-busy={busy}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
      tabIndex={0}
      // Positioned, so that words for screen readers alone are cut with the rest and do not widen the page.
      style={{ overflowX: 'auto', position: 'relative', ...style }}
    >
      {children}
    </div>
  )
}
