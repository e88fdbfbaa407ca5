import { Button, Group } from '@mantine/core'
import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Event } from '../../api/schema.js'
import { useAddress } from '../../api/use-search.js'
import { useCode } from '../../parts/problem-note.js'
import { shortened } from '../../parts/sentence.js'
import { absolute, useUtc } from '../../parts/when.js'
import type { Search } from '../../routes.js'
import { chosenFilters, type PlainFilter, rangeOf, without } from './filters.js'
import { type Names, rulesIn } from './use-names.js'
import { subjectOf } from './use-words.js'

interface ActiveFiltersProps {
  readonly names: Names
  readonly rows: readonly Event[] | undefined
}

/** Every filter that was chosen, each a button that takes it away. */
export function ActiveFilters({ names, rows }: ActiveFiltersProps) {
  const { t } = useTranslation('log')
  const [search, change] = useAddress()
  const textOf = useFilterText(names, rows)
  const chosen = chosenFilters(search)
  return (
    <Group gap={6} style={{ minWidth: 0, maxWidth: '100%' }}>
      {chosen.map((filter) => {
        const text = textOf(filter)
        return (
          <Button
            key={filter}
            size="compact-sm"
            variant="light"
            rightSection={<X size={13} aria-hidden />}
            aria-label={t('remove', { filter: text })}
            title={text}
            maw="100%"
            onClick={() => change(without(filter))}
          >
            <bdi>{shortened(text, 60)}</bdi>
          </Button>
        )
      })}
      {chosen.length > 1 ? (
        <Button size="compact-sm" variant="subtle" onClick={() => change(Object.assign({}, ...chosen.map(without)))}>
          {t('removeAll')}
        </Button>
      ) : null}
    </Group>
  )
}

/** "Outcome: Failure", in the words of the page. */
function useFilterText(names: Names, rows: readonly Event[] = []): (filter: PlainFilter | 'range') => string {
  const { t, i18n } = useTranslation(['log', 'shell', 'events', 'actions'])
  const [search] = useAddress()
  const [utc] = useUtc()
  const codeOf = useCode()
  const day = (at: string | undefined) =>
    at === undefined || Number.isNaN(Date.parse(at)) ? '…' : absolute(at, i18n.language, utc)
  const listed = (value: string, say: (word: string) => string) => value.split(',').map(say).join(', ')
  const labelOf = (action: string) => {
    const [object = ''] = action.split('.')
    if (!i18n.exists(`actions:${action}.label`)) return action
    return `${t(`events:object.${object}`)} – ${t(`actions:${action}.label`)}`
  }
  const sayOf: Record<PlainFilter | 'range', (value: string) => string> = {
    q: (value) => value,
    connectionId: (value) => listed(value, (id) => names.connection(id) ?? id),
    outcome: (value) => listed(value, (word) => t(`shell:outcome.${word}`)),
    action: (value) => listed(value, labelOf),
    code: (value) => listed(value, (code) => codeOf(code).title),
    ruleId: (value) => names.rule(value)?.name ?? ruleIn(rows, value) ?? value,
    groupId: (value) => groupIn(rows, value) ?? value,
    tokenId: (value) => value,
    httpStatus: (value) => value,
    source: (value) => (value === 'any' ? t('anySource') : listed(value, (word) => t(`events:source.${word}`))),
    userId: (value) => personIn(rows, value) ?? value,
    correlationId: (value) => value,
    run: () => t('thisRun'),
    range: () => rangeText(search, (range) => t(`range.${range}`), day),
  }
  return (filter) =>
    t('filterIs', {
      name: t(`filter.${filter}`),
      value: sayOf[filter](filter === 'range' ? '' : (search[filter] ?? '')),
    })
}

function rangeText(search: Search, nameOf: (range: string) => string, day: (at: string | undefined) => string): string {
  const range = rangeOf(search)
  return range === 'own' ? `${day(search.from)} – ${day(search.to)}` : nameOf(range)
}

/** What events that are shown call a person, a group or a rule that the address has by its id. */
function personIn(rows: readonly Event[], id: string): string | undefined {
  const found = rows.find(({ userId, subject }) => userId === id && subject?.type === 'user')
  return found && subjectOf(found)
}

function groupIn(rows: readonly Event[], id: string): string | undefined {
  const about = rows.find(({ subject }) => subject?.type === 'group' && subject.id === id)
  if (about !== undefined) return subjectOf(about)
  const effect = rows.flatMap(({ effects }) => effects).find(({ kind, groupId }) => kind === 'group' && groupId === id)
  return typeof effect?.displayName === 'string' ? effect.displayName : undefined
}

function ruleIn(rows: readonly Event[], id: string): string | undefined {
  const about = rows.find((event) => event.subject?.type === 'rule' && rulesIn(event).includes(id))
  return about && subjectOf(about)
}
