import { Button, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { BusyButton } from './busy-button.js'

interface FormButtonsProps {
  /** Given where a form is left again; settings stay where they are. */
  readonly onCancel?: () => void
  /** What is done; "Save" unless told otherwise. */
  readonly action?: string
  readonly isPending?: boolean
  readonly disabled?: boolean
}

/** The end of a form: leave it, where that can be done, or do it. */
export function FormButtons({ onCancel, action, isPending = false, disabled = false }: FormButtonsProps) {
  const { t } = useTranslation()
  return (
    <Group justify="flex-end">
      {onCancel === undefined ? null : (
        <Button variant="default" onClick={() => onCancel()}>
          {t('cancel')}
        </Button>
      )}
      <BusyButton type="submit" busy={isPending} disabled={disabled}>
        {action ?? t('save')}
      </BusyButton>
    </Group>
  )
}
