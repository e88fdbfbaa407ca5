import { Fieldset, type StackProps } from '@mantine/core'
import type { ReactNode } from 'react'
import { Form } from './form.js'
import { FormButtons } from './form-buttons.js'
import { ProblemNote } from './problem-note.js'

interface SettingsFormProps extends Pick<StackProps, 'gap'> {
  /** Whoever may not manage sees what is set, and cannot change it. */
  readonly mayManage: boolean
  readonly onSubmit: () => void
  readonly isPending: boolean
  readonly error: unknown
  /** From a path of the request to the id of its field. */
  readonly fields: Readonly<Record<string, string>>
  readonly children: ReactNode
}

/** Settings that stand on their page, with what went wrong and "Save" at the end. */
export function SettingsForm({ mayManage, isPending, error, fields, children, ...form }: SettingsFormProps) {
  return (
    <Fieldset disabled={!mayManage} variant="unstyled" p={0}>
      <Form {...form}>
        {children}
        <ProblemNote error={error} fields={fields} />
        {mayManage ? <FormButtons isPending={isPending} /> : null}
      </Form>
    </Fieldset>
  )
}
