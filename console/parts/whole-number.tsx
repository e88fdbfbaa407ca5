import { NumberInput, type NumberInputProps } from '@mantine/core'

interface WholeNumberProps extends Omit<NumberInputProps, 'value' | 'onChange' | 'allowDecimal'> {
  readonly value: number
  /** Gets 0 where nothing is left in the field. */
  readonly onChange: (value: number) => void
}

/** A field for a number without decimals. */
export function WholeNumber({ onChange, ...others }: WholeNumberProps) {
  return <NumberInput {...others} allowDecimal={false} onChange={(value) => onChange(Number(value))} />
}
