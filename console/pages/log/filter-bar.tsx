import { Button, Chip, Group, NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { ChevronDown, ChevronUp, Search as SearchIcon } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAddress } from '../../api/use-search.js'
import { chipOf, eventIdIn, RANGE_NAMES, rangeOf } from './filters.js'
import { MoreFilters } from './more-filters.js'
import { OwnRange } from './own-range.js'
import type { Names } from './use-names.js'
import type { Chip as ChipName, View } from './views.js'

const TYPING_MS = 300
const MORE = ['outcome', 'action', 'code', 'ruleId', 'groupId', 'tokenId', 'httpStatus', 'source'] as const

/** The filters of a log. They live in the address, so that a view can be sent to a colleague (PRODUCT 3.2). */
export function FilterBar({ view, names }: { readonly view: View; readonly names: Names }) {
  const { t } = useTranslation('log')
  const [search, change] = useAddress()
  const [more, { toggle }] = useDisclosure(MORE.some((name) => search[name] !== undefined))
  const range = rangeOf(search)
  return (
    <search aria-label={t('filters')} style={{ marginBottom: '0.75rem' }}>
      <Group gap="sm" align="flex-end">
        <SearchField view={view} />
        <NativeSelect
          label={t('filter.connectionId')}
          style={{ flex: '0 1 12rem' }}
          value={search.connectionId ?? ''}
          data={[
            { value: '', label: t('any') },
            ...names.connections.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(event) =>
            change({
              connectionId: event.currentTarget.value,
              ruleId: undefined,
              groupId: undefined,
              tokenId: undefined,
            })
          }
        />
        <NativeSelect
          label={t('filter.range')}
          style={{ flex: '0 1 12rem' }}
          value={range}
          data={RANGE_NAMES.map((name) => ({ value: name, label: t(`range.${name}`) }))}
          onChange={(event) => change({ range: event.currentTarget.value, from: undefined, to: undefined })}
        />
        <Button
          variant="subtle"
          px="xs"
          aria-expanded={more}
          rightSection={more ? <ChevronUp size={15} aria-hidden /> : <ChevronDown size={15} aria-hidden />}
          onClick={toggle}
        >
          {t(more ? 'less' : 'more')}
        </Button>
      </Group>
      {range === 'own' ? <OwnRange /> : null}
      {more ? <MoreFilters view={view} names={names} /> : null}
      <Chips view={view} />
    </search>
  )
}

function Chips({ view }: { readonly view: View }) {
  const { t } = useTranslation('log')
  const [search, change] = useAddress()
  const show = (chip: ChipName) => change({ show: chip === 'main' ? undefined : chip, outcome: undefined })
  return (
    <Chip.Group
      value={search.outcome === undefined ? chipOf(view, search) : ''}
      onChange={(chip) => show(chip as ChipName)}
    >
      <Group gap={6} mt="sm" role="radiogroup" aria-label={t('chips')}>
        {view.chips.map((chip) => (
          <Chip key={chip} value={chip} size="sm" variant="outline">
            {t(`chip.${chip}`)}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  )
}

/** Text to search by. The id of a request opens its event, wherever it is pasted. */
function SearchField({ view }: { readonly view: View }) {
  const { t } = useTranslation('log')
  const [search, change] = useAddress()
  const navigate = useNavigate()
  const [text, setText] = useState(search.q ?? '')
  const ask = useDebouncedCallback((words: string) => change({ q: words.trim() || undefined }), TYPING_MS)
  // Back, or a filter that is taken away elsewhere.
  useEffect(() => setText(search.q ?? ''), [search.q])
  const take = (words: string) => {
    const id = eventIdIn(words)
    setText(id === undefined ? words : '')
    if (id === undefined) ask(words)
    else void navigate({ to: `${view.path}/${id}` as string, search: { ...search, q: undefined } as never })
  }
  return (
    <TextInput
      type="search"
      label={t('filter.q')}
      placeholder={t('searchHint')}
      style={{ flex: '1 1 16rem' }}
      leftSection={<SearchIcon size={15} aria-hidden />}
      value={text}
      maxLength={256}
      onChange={(event) => take(event.currentTarget.value)}
    />
  )
}
