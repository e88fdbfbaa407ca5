import { NumberInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rule } from '../../api/schema.js'
import { FormDialog } from '../../parts/form-dialog.js'

interface MoveToProps {
  readonly rule: Rule
  readonly last: number
  readonly onClose: () => void
  /** The place, from 1. */
  readonly onMove: (to: number) => void
}

/** Ask for the place of a rule by its number. */
export function MoveTo({ rule, last, onClose, onMove }: MoveToProps) {
  const { t } = useTranslation(['rules', 'shell'])
  const [place, setPlace] = useState<number | string>(rule.priority)
  const isPlace = typeof place === 'number' && place >= 1 && place <= last
  return (
    <FormDialog
      onClose={onClose}
      centered
      title={t('moveTo.title', { priority: rule.priority })}
      onSubmit={() => {
        if (isPlace) onMove(place)
      }}
      action={t('moveTo.do')}
      disabled={!isPlace}
    >
      <NumberInput
        label={t('moveTo.place', { last })}
        description={t('moveTo.note')}
        min={1}
        max={last}
        allowDecimal={false}
        value={place}
        onChange={setPlace}
        data-autofocus
      />
    </FormDialog>
  )
}
