import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRead } from '../api/queries.js'

interface PersonPickerProps {
  readonly label: string
  /** Offer people of one directory only. */
  readonly connectionId?: string
  readonly onChange: (userId: string | undefined) => void
}

const PAUSE_MS = 250
/** Fewer characters search nothing (PRODUCT GTA-13). */
const MIN_CHARACTERS = 2

/** Choose somebody by the beginning of a name, an e-mail address or a userName. */
export function PersonPicker({ label, connectionId, onChange }: PersonPickerProps) {
  const { t } = useTranslation()
  const [words, setWords] = useState('')
  const [chosen, setChosen] = useState<{ readonly value: string; readonly label: string }>()
  const [asked] = useDebouncedValue(words.trim(), PAUSE_MS)
  const enabled = asked.length >= MIN_CHARACTERS && asked !== chosen?.label
  const { data } = useRead('GET /accounts/{accountId}/users', { query: { q: asked, limit: 20 } }, { enabled })
  const found = (enabled ? (data?.items ?? []) : [])
    .filter((user) => connectionId === undefined || user.connectionId === connectionId)
    .map(({ id, displayName, email }) => ({
      value: id,
      label: email === null ? displayName : `${displayName} · ${email}`,
    }))
  const items = chosen === undefined || found.some(({ value }) => value === chosen.value) ? found : [chosen, ...found]
  return (
    <Select
      label={label}
      w={{ base: '100%', xs: '22rem' }}
      searchable
      data={items}
      // The server has searched: what it found need not hold the letters that were typed.
      filter={({ options }) => options}
      nothingFoundMessage={t(words.trim().length < MIN_CHARACTERS ? 'person.type' : 'person.none')}
      searchValue={words}
      onSearchChange={setWords}
      value={chosen?.value ?? null}
      onChange={(id) => {
        setChosen(items.find(({ value }) => value === id))
        onChange(id ?? undefined)
      }}
    />
  )
}
