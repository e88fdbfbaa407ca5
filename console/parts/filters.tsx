import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { Search, X } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

const TYPING_MS = 250

/** The filters of a list, in a row that wraps. */
export function Filters({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <search
      aria-label={label}
      style={{ display: 'flex', flexWrap: 'wrap', gap: '0.5rem', alignItems: 'flex-end', marginBottom: '0.75rem' }}
    >
      {children}
    </search>
  )
}

interface SearchFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (text: string) => void
}

/** Text to search by: asked for once the typing pauses, and at once with Enter. */
export function SearchField({ label, value, onChange }: SearchFieldProps) {
  const [text, setText] = useState(value)
  const ask = useDebouncedCallback(onChange, TYPING_MS)
  // Back, or a filter that is taken away elsewhere.
  useEffect(() => setText(value), [value])
  return (
    <TextInput
      type="search"
      label={label}
      size="sm"
      style={{ flex: '1 1 14rem' }}
      leftSection={<Search size={15} aria-hidden />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value)
        ask(event.currentTarget.value)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onChange(text)
      }}
    />
  )
}

interface SelectFilterProps {
  readonly label: string
  readonly value: string | undefined
  /** The words for "no matter which". */
  readonly all: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly onChange: (value: string | undefined) => void
}

/** One of a few, or no matter which. */
export function SelectFilter({ label, value = '', all, options, onChange }: SelectFilterProps) {
  return (
    <NativeSelect
      label={label}
      size="sm"
      style={{ flex: '0 1 10rem', minWidth: '7.5rem' }}
      value={value}
      data={[{ value: '', label: all }, ...options]}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
    />
  )
}

/** Takes away every filter; there only where there are some. */
export function ClearFilters({ shown, onClear }: { readonly shown: boolean; readonly onClear: () => void }) {
  const { t } = useTranslation()
  if (!shown) return null
  return (
    <Button variant="subtle" size="sm" px="xs" leftSection={<X size={15} aria-hidden />} onClick={onClear}>
      {t('filters.clear')}
    </Button>
  )
}
