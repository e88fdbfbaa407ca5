import { ActionIcon, Drawer, Group, Text } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { ChevronDown, ChevronUp } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Event } from '../../api/schema.js'
import { useAddress } from '../../api/use-search.js'
import type { Pages } from '../../parts/list-table.js'
import { EventDetail } from './event-detail.js'
import type { Names } from './use-names.js'
import type { View } from './views.js'

interface EventPanelProps {
  readonly view: View
  /** From the address; undefined while no event is open. */
  readonly eventId: string | undefined
  readonly list: Pages<Event>
  readonly names: Names
}

/** One event beside its list: J and K walk, Escape closes, and the focus returns to its row (PRODUCT 3.2). */
export function EventPanel({ view, eventId, list, names }: EventPanelProps) {
  const { t } = useTranslation(['log', 'shell'])
  const { show, next, previous } = useWalk(view, eventId, list)
  useReturn(eventId)
  return (
    <Drawer.Root
      opened={eventId !== undefined}
      onClose={() => show(undefined)}
      position="right"
      size="min(46rem, 100vw)"
    >
      <Drawer.Overlay backgroundOpacity={0.35} />
      <Drawer.Content>
        {/* Drawer.Header is a banner of its own, of which a page has one. */}
        <Group
          gap={0}
          wrap="nowrap"
          px="md"
          py="xs"
          pos="sticky"
          top={0}
          style={{ zIndex: 2, background: 'var(--mantine-color-body)', borderBottom: '1px solid var(--line)' }}
        >
          <Drawer.Title>
            <Text fw={600} span>
              {t('detail.title')}
            </Text>
          </Drawer.Title>
          <Group gap={4} ms="auto" me="xs">
            <ActionIcon
              variant="default"
              aria-label={t('detail.previous')}
              disabled={previous === undefined}
              onClick={previous}
            >
              <ChevronUp size={17} aria-hidden />
            </ActionIcon>
            <ActionIcon variant="default" aria-label={t('detail.next')} disabled={next === undefined} onClick={next}>
              <ChevronDown size={17} aria-hidden />
            </ActionIcon>
          </Group>
          <Drawer.CloseButton aria-label={t('shell:close')} ms={0} />
        </Group>
        <Drawer.Body pt="md">
          {eventId === undefined ? null : (
            <EventDetail
              key={eventId}
              view={view}
              eventId={eventId}
              row={list.rows?.find(({ id }) => id === eventId)}
              names={names}
            />
          )}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  )
}

/** The events before and after the one that is open; at the end of what was read, more is read. */
function useWalk(view: View, eventId: string | undefined, { rows = [], hasNextPage, fetchNextPage }: Pages<Event>) {
  const navigate = useNavigate()
  const [search] = useAddress()
  const show = (id: string | undefined) =>
    void navigate({
      to: (id === undefined ? view.path : `${view.path}/${id}`) as string,
      search: search as never,
      replace: id !== undefined,
      resetScroll: false,
    })
  const place = rows.findIndex(({ id }) => id === eventId)
  const at = (index: number): (() => void) | undefined => {
    const id = place < 0 ? undefined : rows[index]?.id
    return id === undefined ? undefined : () => show(id)
  }
  const [next, previous] = [at(place + 1), place > 0 ? at(place - 1) : undefined]
  useEffect(() => {
    if (place >= 0 && place === rows.length - 1 && hasNextPage) fetchNextPage()
  }, [place, rows.length, hasNextPage, fetchNextPage])
  useHotkeys([
    ['j', () => next?.()],
    ['k', () => previous?.()],
  ])
  return { show, next, previous }
}

/** When the panel closes, the focus goes to the row of the event that was open, or to the heading of the page. */
function useReturn(eventId: string | undefined): void {
  const last = useRef(eventId)
  useEffect(() => {
    const closed = last.current
    last.current = eventId
    if (eventId !== undefined || closed === undefined) return
    const row = document.querySelector<HTMLElement>(`a[data-event="${CSS.escape(closed)}"]`)
    const target = row ?? document.querySelector<HTMLElement>('h1')
    // The panel lets go of the focus first.
    setTimeout(() => target?.focus())
  }, [eventId])
}
