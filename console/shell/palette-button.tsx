import { Button, Kbd, Text } from '@mantine/core'
import { Search } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

const Palette = lazy(() => import('./palette.js').then(({ Palette }) => ({ default: Palette })))

const isApple = /mac|iphone|ipad/i.test(navigator.userAgent)

/** Go anywhere by typing: the button, the key (Ctrl or Cmd with K), and what they open once it is wanted. */
export function PaletteButton() {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(false)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
      event.preventDefault()
      setOpened(true)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
  return (
    <>
      <Button
        variant="default"
        size="compact-md"
        leftSection={<Search size={15} aria-hidden />}
        rightSection={
          <Kbd size="xs" visibleFrom="sm" aria-hidden>
            {isApple ? '⌘K' : 'Ctrl K'}
          </Kbd>
        }
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => setOpened(true)}
      >
        <Text span size="sm" visibleFrom="sm" c="var(--quiet)">
          {t('palette.search')}
        </Text>
        <Text span hiddenFrom="sm" className="unseen">
          {t('palette.search')}
        </Text>
      </Button>
      {opened ? (
        <Suspense fallback={null}>
          <Palette onClose={() => setOpened(false)} />
        </Suspense>
      ) : null}
    </>
  )
}
