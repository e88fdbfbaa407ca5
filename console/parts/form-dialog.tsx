import { Modal, type ModalProps } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Form } from './form.js'
import { FormButtons } from './form-buttons.js'

interface FormDialogProps extends Pick<ModalProps, 'size' | 'centered'> {
  readonly title: string
  readonly onClose: () => void
  readonly onSubmit: () => void
  /** What is done; "Save" unless told otherwise. */
  readonly action?: string
  readonly isPending?: boolean
  readonly disabled?: boolean
  readonly children: ReactNode
}

/** A form in a dialog of its own: its fields one below the other, and its buttons at the end. */
export function FormDialog({ title, onClose, onSubmit, children, size, centered, ...buttons }: FormDialogProps) {
  const { t } = useTranslation()
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      closeButtonProps={{ 'aria-label': t('close') }}
      {...(size === undefined ? {} : { size })}
      {...(centered === undefined ? {} : { centered })}
    >
      <Form onSubmit={onSubmit}>
        {children}
        <FormButtons onCancel={onClose} {...buttons} />
      </Form>
    </Modal>
  )
}
