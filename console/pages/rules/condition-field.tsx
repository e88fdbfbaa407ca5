import { Alert, Button, Group, SegmentedControl, Stack, Text, Textarea } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ConditionRows } from './condition-rows.js'
import { type ConditionDraft, filterOf, turned } from './draft.js'
import { useAttributes } from './use-attributes.js'
import { useConditionWords } from './use-words.js'

interface ConditionFieldProps {
  readonly connectionId: string
  readonly draft: ConditionDraft
  readonly onChange: (draft: ConditionDraft) => void
  /** Whether saving was tried, so that rows may say what they lack. */
  readonly checked: boolean
  /** Where the server stopped reading, from 1. */
  readonly position: number | undefined
}

/** A condition by rows, which write the SCIM filter, or as the filter itself. */
export function ConditionField({ connectionId, draft, onChange, checked, position }: ConditionFieldProps) {
  const { t } = useTranslation('rules')
  const [cannot, setCannot] = useState(false)
  const words = useConditionWords()
  const { find } = useAttributes()
  const turn = (mode: ConditionDraft['mode']) => {
    const next = turned(draft, mode, find)
    setCannot(next === undefined)
    if (next !== undefined) onChange(next)
  }
  return (
    <Stack gap="sm">
      <Group>
        <SegmentedControl
          size="xs"
          aria-label={t('form')}
          value={draft.mode}
          onChange={(mode) => turn(mode as ConditionDraft['mode'])}
          data={[
            { value: 'rows', label: t('asRows') },
            { value: 'text', label: t('asText') },
          ]}
        />
      </Group>
      {cannot ? (
        <Alert variant="outline" color="gray" role="alert">
          {t('cannotShow')}
        </Alert>
      ) : null}
      {draft.mode === 'rows' ? (
        <>
          <ConditionRows
            connectionId={connectionId}
            built={draft.built}
            checked={checked}
            onChange={(built) => onChange({ ...draft, built })}
          />
          <Written filter={filterOf(draft)} />
        </>
      ) : (
        <>
          <FilterText
            text={draft.text}
            position={position}
            onChange={(text) => {
              setCannot(false)
              onChange({ ...draft, text })
            }}
          />
          <Text size="sm" c="var(--quiet)">
            {words(filterOf(draft)) ?? t('noWords')}
          </Text>
        </>
      )}
    </Stack>
  )
}

/** The filter that the rows write, for whoever wants to see it or take it elsewhere. */
function Written({ filter }: { readonly filter: string | null }) {
  const { t } = useTranslation('rules')
  if (filter === null) return null
  return (
    <Text size="sm" c="var(--quiet)" component="div">
      {t('writes')} <code className="mono">{filter}</code>
    </Text>
  )
}

interface FilterTextProps {
  readonly text: string
  readonly position: number | undefined
  readonly onChange: (text: string) => void
}

function FilterText({ text, position, onChange }: FilterTextProps) {
  const { t } = useTranslation('rules')
  const field = useRef<HTMLTextAreaElement>(null)
  const show = () => {
    field.current?.focus()
    field.current?.setSelectionRange((position ?? 1) - 1, text.length)
  }
  return (
    <>
      <Textarea
        ref={field}
        label={t('filter')}
        description={t('filterNote')}
        autosize
        minRows={2}
        maxRows={10}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        maxLength={10_000}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        value={text}
        error={position === undefined ? undefined : t('stoppedAt', { position })}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {position === undefined ? null : (
        <Group gap="xs">
          <Button size="compact-sm" variant="default" onClick={show}>
            {t('showPlace')}
          </Button>
          <code className="mono">{text.slice(position - 1, position + 39)}</code>
        </Group>
      )}
    </>
  )
}
