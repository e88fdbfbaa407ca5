import { Group, Text, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useAddress } from '../../api/use-search.js'
import { useUtc } from '../../parts/when.js'

const MINUTE_MS = 60_000

/** Both ends of an own range, in the time zone in which times are shown. */
export function OwnRange() {
  const { t } = useTranslation('log')
  const [search, change] = useAddress()
  const [utc] = useUtc()
  return (
    <Group gap="sm" align="flex-end" mt="sm">
      {(['from', 'to'] as const).map((end) => (
        <TextInput
          key={`${end}${utc}`}
          type="datetime-local"
          label={t(end)}
          value={fieldOf(search[end], utc)}
          onChange={(event) => change({ range: 'own', [end]: instantOf(event.currentTarget.value, utc) })}
        />
      ))}
      {utc ? <Text size="sm">{t('utc')}</Text> : null}
    </Group>
  )
}

/** An instant as a field for date and time has it: without a zone. */
export function fieldOf(instant: string | undefined, utc: boolean): string {
  const at = new Date(instant ?? Number.NaN)
  if (Number.isNaN(at.getTime())) return ''
  const shown = utc ? at : new Date(at.getTime() - at.getTimezoneOffset() * MINUTE_MS)
  return shown.toISOString().slice(0, 16)
}

/** The instant that such a field means; undefined while it is not whole. */
export function instantOf(field: string, utc: boolean): string | undefined {
  const at = new Date(utc ? `${field}Z` : field)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}
