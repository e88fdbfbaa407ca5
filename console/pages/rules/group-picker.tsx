import { Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useGroups } from './use-group-names.js'

interface GroupPickerProps {
  readonly connectionId: string
  readonly onChange: (groupId: string | undefined) => void
}

/** Choose a group of a directory by its name. */
export function GroupPicker({ connectionId, onChange }: GroupPickerProps) {
  const { t } = useTranslation('rules')
  const [words, setWords] = useState('')
  const [chosen, setChosen] = useState<{ readonly value: string; readonly label: string }>()
  const groups = useGroups(connectionId, words === chosen?.label ? '' : words)
  const found = groups.map(({ id, displayName }) => ({ value: id, label: displayName }))
  const items = chosen === undefined || found.some(({ value }) => value === chosen.value) ? found : [chosen, ...found]
  return (
    <Select
      label={t('preview.group')}
      w={{ base: '100%', xs: '22rem' }}
      searchable
      data={items}
      // The server has searched.
      filter={({ options }) => options}
      nothingFoundMessage={t('noGroup')}
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
