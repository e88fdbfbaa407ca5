import { Anchor, type AnchorProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { ComponentPropsWithRef } from 'react'

/** A link within a sentence: like its words, and underlined, so that no colour has to be seen (WCAG 1.4.1). */
export const TextLink = createLink((props: AnchorProps & ComponentPropsWithRef<'a'>) => (
  <Anchor inherit underline="always" {...props} />
))
