import { Button, Group, Modal, NumberInput, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rule } from '../../api/schema.js'

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
    <Modal
      opened
      onClose={onClose}
      centered
      title={t('moveTo.title', { priority: rule.priority })}
      closeButtonProps={{ 'aria-label': t('shell:close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isPlace) onMove(place)
        }}
      >
        <Stack>
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
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('shell:cancel')}
            </Button>
            <Button type="submit" disabled={!isPlace}>
              {t('moveTo.do')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
