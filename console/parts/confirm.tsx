import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { BusyButton } from './busy-button.js'
import { ProblemNote } from './problem-note.js'

interface ConfirmProps {
  readonly opened: boolean
  readonly onClose: () => void
  readonly title: string
  /** What will happen, in numbers. */
  readonly children: ReactNode
  /** The verb on the button: "Disable", never "OK". */
  readonly action: string
  /** To be typed where more than one person is concerned or nothing brings it back (PRODUCT 6.3). */
  readonly typed?: string
  readonly onConfirm: () => Promise<unknown>
}

/** Ask before something dangerous; a refusal is shown here, and nothing that was typed is lost. */
export function Confirm({ opened, onClose, title, children, action, typed, onConfirm }: ConfirmProps) {
  const { t } = useTranslation()
  const [words, setWords] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const close = () => {
    setWords('')
    setError(undefined)
    onClose()
  }
  const confirm = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await onConfirm()
      close()
    } catch (refused) {
      setError(refused)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal opened={opened} onClose={close} title={title} centered closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <div>{children}</div>
        {typed === undefined ? null : (
          <TextInput
            label={t('confirm.type', { name: typed })}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
            autoComplete="off"
          />
        )}
        <ProblemNote error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('cancel')}
          </Button>
          <BusyButton
            color="red.8"
            busy={busy}
            disabled={typed !== undefined && words.trim() !== typed.trim()}
            onClick={() => void confirm()}
          >
            {action}
          </BusyButton>
        </Group>
      </Stack>
    </Modal>
  )
}
