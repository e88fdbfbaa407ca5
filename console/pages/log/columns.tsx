import { Anchor, Button, Checkbox, Menu, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Columns3 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Event } from '../../api/schema.js'
import { useAddress } from '../../api/use-search.js'
import type { Column } from '../../parts/list-table.js'
import { OutcomeMark } from '../../parts/marks.js'
import { shortened } from '../../parts/sentence.js'
import { When } from '../../parts/when.js'
import { Changed, Duration, Reason } from './cells.js'
import type { Names } from './use-names.js'
import { useWords, type Words } from './use-words.js'
import type { ColumnKey, View } from './views.js'

const WIDTHS: Partial<Record<ColumnKey, string>> = {
  action: '12rem',
  person: '11rem',
  changed: '11rem',
  reason: '11rem',
  time: '7.5rem',
  outcome: '7rem',
  connection: '7rem',
  actor: '8rem',
  id: '9rem',
}

/** The columns of a view, and those that were chosen beside them. */
export function useColumns(view: View, names: Names): Column<Event>[] {
  const { t } = useTranslation(['log', 'events'])
  const words = useWords(names)
  const shown = [...view.columns, ...useMoreColumns(view)[0]]
  const cells: Record<
    ColumnKey,
    (event: Event) => Column<Event>['cell'] extends (row: Event) => infer Node ? Node : never
  > = {
    time: ({ time }) => (
      <span className="above">
        <When at={time} />
      </span>
    ),
    outcome: ({ outcome }) => <OutcomeMark outcome={outcome} />,
    action: (event) => <Opener view={view} event={event} title={words.label(event)} below={words.subject(event)} />,
    person: (event) => <Opener view={view} event={event} title={personOf(event, words)} below={words.label(event)} />,
    actor: (event) => <bdi>{shortened(words.actor(event), 60)}</bdi>,
    changed: (event) => <Changed event={event} words={words} />,
    reason: (event) => <Reason event={event} names={names} />,
    connection: ({ connectionId }) => <bdi>{shortened(names.connection(connectionId) ?? '', 60)}</bdi>,
    flow: ({ signIn }) => (signIn === undefined ? '' : t(`events:flow.${signIn.flow}`)),
    age: ({ signIn }) => (signIn?.assertionAgeMs === undefined ? '' : <Duration ms={signIn.assertionAgeMs} />),
    duration: ({ http }) => (http === undefined ? '' : <Duration ms={http.durationMs} />),
    status: ({ http }) => <span className="number">{http?.status ?? ''}</span>,
    address: ({ http }) => <span className="mono">{http?.address ?? ''}</span>,
    id: ({ correlationId }) => <span className="mono">{correlationId}</span>,
  }
  return shown.map((key) => ({
    key,
    title: t(`column.${key}`),
    cell: cells[key],
    ...(WIDTHS[key] !== undefined && { minWidth: WIDTHS[key] }),
  }))
}

function personOf(event: Event, words: Words): string {
  return event.subject?.type === 'user' ? words.subject(event) : (event.signIn?.nameId ?? words.subject(event))
}

interface OpenerProps {
  readonly view: View
  readonly event: Event
  readonly title: string
  readonly below: string
}

/** Opens the panel of an event: the link covers its row, so that a mouse may press anywhere. */
function Opener({ view, event, title, below }: OpenerProps) {
  return (
    <>
      <Anchor
        className="row-link"
        fw={550}
        c="inherit"
        data-event={event.id}
        renderRoot={(props) => <Link to={`${view.path}/${event.id}` as string} search={true as never} {...props} />}
      >
        <bdi>{shortened(title, 80)}</bdi>
      </Anchor>
      <Text size="sm" c="var(--quiet)" lineClamp={2} component="div">
        <bdi>{shortened(below)}</bdi>
      </Text>
    </>
  )
}

/** Columns shown beside those of the view, from the address. */
function useMoreColumns(view: View): readonly [ColumnKey[], (columns: readonly ColumnKey[]) => void] {
  const [search, change] = useAddress()
  const wanted = search.columns?.split(',') ?? []
  const chosen = view.more.filter((key) => wanted.includes(key))
  return [chosen, (columns) => change({ columns: columns.join(',') || undefined })]
}

/** Which columns are shown beside those that always are. */
export function ColumnChoice({ view }: { readonly view: View }) {
  const { t } = useTranslation('log')
  const [chosen, choose] = useMoreColumns(view)
  return (
    <Menu closeOnItemClick={false} position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" size="xs" leftSection={<Columns3 size={15} aria-hidden />}>
          {t('columns')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Checkbox.Group value={chosen} onChange={(keys) => choose(view.more.filter((key) => keys.includes(key)))}>
          <Stack gap={4} p={4}>
            {view.more.map((key) => (
              <Checkbox key={key} value={key} label={t(`column.${key}`)} size="sm" py={2} />
            ))}
          </Stack>
        </Checkbox.Group>
      </Menu.Dropdown>
    </Menu>
  )
}
