import { Modal, Text, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { FileText, type LucideIcon, ReceiptText, Search, User } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Entry, useEntries } from './palette-entries.js'

const ICONS: Readonly<Record<Entry['kind'], LucideIcon>> = { page: FileText, person: User, request: ReceiptText }

/** A combobox whose options are places (WAI-ARIA combobox pattern): the focus stays in the field, arrows choose. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const [words, setWords] = useState('')
  const [chosen, setChosen] = useState(0)
  const { entries, isSearching } = useEntries(words)
  const at = Math.min(chosen, entries.length - 1)
  const go = (entry: Entry | undefined) => {
    if (entry === undefined) return
    onClose()
    void navigate({ to: entry.to })
  }
  const press = (event: KeyboardEvent) => {
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: entries.length - 1, PageUp: 0 }[event.key]
    if (next !== undefined) {
      event.preventDefault()
      setChosen((next + entries.length) % Math.max(1, entries.length))
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault()
      go(entries[at])
    }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another one is chosen
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [at])
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('palette.open')}
      size="lg"
      yOffset="10vh"
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <TextInput
        aria-label={t('palette.label')}
        placeholder={t('palette.label')}
        leftSection={<Search size={16} aria-hidden />}
        data-autofocus
        role="combobox"
        aria-expanded={entries.length > 0}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={entries[at] === undefined ? undefined : `${id}-${at}`}
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        value={words}
        onChange={(event) => {
          setWords(event.currentTarget.value)
          setChosen(0)
        }}
        onKeyDown={press}
      />
      <Text className="unseen" role="status">
        {isSearching ? '' : t('palette.found', { count: entries.length })}
      </Text>
      <div
        ref={list}
        id={id}
        role="listbox"
        aria-label={t('palette.list')}
        style={{ maxHeight: '50vh', overflow: 'auto', marginTop: 8 }}
      >
        {entries.map((entry, index) => (
          <Option
            key={`${entry.kind} ${entry.key}`}
            id={`${id}-${index}`}
            entry={entry}
            isChosen={index === at}
            onPoint={() => setChosen(index)}
            onChoose={() => go(entry)}
          />
        ))}
      </div>
      {entries.length === 0 && !isSearching ? (
        <Text size="sm" c="var(--quiet)" p="xs">
          {t('palette.none')}
        </Text>
      ) : null}
    </Modal>
  )
}

interface OptionProps {
  readonly id: string
  readonly entry: Entry
  readonly isChosen: boolean
  readonly onPoint: () => void
  readonly onChoose: () => void
}

function Option({ id, entry: { kind, text, detail }, isChosen, onPoint, onChoose }: OptionProps) {
  const { t } = useTranslation()
  const Icon = ICONS[kind]
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field, which names the option (aria-activedescendant)
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are those of the field
    <div
      id={id}
      role="option"
      aria-selected={isChosen}
      onMouseMove={onPoint}
      onClick={onChoose}
      style={{
        display: 'flex',
        gap: 10,
        alignItems: 'center',
        padding: '7px 10px',
        borderRadius: 6,
        cursor: 'pointer',
        background: isChosen ? 'var(--mantine-primary-color-light)' : undefined,
      }}
    >
      <Icon size={16} aria-hidden style={{ flex: 'none' }} />
      <span style={{ flex: 1, minWidth: 0 }}>
        <bdi>{text}</bdi>
        {detail === undefined ? null : (
          <Text span size="sm" ml={8}>
            <bdi>{detail}</bdi>
          </Text>
        )}
      </span>
      <Text span size="xs">
        {t(`palette.kind.${kind}`)}
      </Text>
    </div>
  )
}
