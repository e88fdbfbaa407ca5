import { Anchor } from '@mantine/core'
import { type ComponentProps, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { shortened } from './sentence.js'

const SHORT = 160

interface LongTextProps extends Pick<ComponentProps<'bdi'>, 'className' | 'style'> {
  readonly text: string
  /** Letters that are shown at once. */
  readonly longest?: number
}

/** A value of somebody else's: cut where it is very long, whole on demand, and never mixed into our direction of writing. */
export function LongText({ text, longest = SHORT, ...looks }: LongTextProps) {
  const { t } = useTranslation()
  const [whole, setWhole] = useState(false)
  const long = text.length > longest
  return (
    <>
      <bdi {...looks}>{whole ? text : shortened(text, longest)}</bdi>
      {long ? (
        <>
          {' '}
          <Anchor component="button" type="button" size="sm" onClick={() => setWhole(!whole)}>
            {t(whole ? 'longText.less' : 'longText.more', { count: text.length })}
          </Anchor>
        </>
      ) : null}
    </>
  )
}

/** A name on one line, or two at most: the rest is in its title. */
export function Name({ children, lines = 1 }: { readonly children: string; readonly lines?: number }) {
  return (
    <bdi
      title={children.length > SHORT ? undefined : children}
      style={{
        display: '-webkit-inline-box',
        WebkitBoxOrient: 'vertical',
        WebkitLineClamp: lines,
        overflow: 'hidden',
        verticalAlign: 'bottom',
        maxWidth: '100%',
      }}
    >
      {children}
    </bdi>
  )
}
