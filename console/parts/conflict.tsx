import { Alert, Button, Group, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { HeadRow } from './head-row.js'

export interface Difference {
  /** The name of the field as its form has it. */
  readonly field: string
  readonly theirs: string
  readonly yours: string
}

interface ConflictProps {
  readonly differences: readonly Difference[]
  readonly onKeep: () => void
  readonly onTake: () => void
}

/** Two administrators changed one thing (412 version_mismatch): field by field, nothing typed is lost (PRODUCT 6.3). */
export function Conflict({ differences, onKeep, onTake }: ConflictProps) {
  const { t } = useTranslation()
  return (
    <Alert color="yellow" variant="outline" title={t('conflict.title')} role="alert">
      <Text size="sm">{t('conflict.lead')}</Text>
      <Table my="sm">
        <HeadRow heads={[t('conflict.field'), t('conflict.theirs'), t('conflict.yours')]} />
        <Table.Tbody>
          {differences.map(({ field, theirs, yours }) => (
            <Table.Tr key={field}>
              <Table.Th scope="row">{field}</Table.Th>
              <Table.Td>{theirs}</Table.Td>
              <Table.Td>{yours}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Group gap="xs">
        <Button size="xs" onClick={onKeep}>
          {t('conflict.keep')}
        </Button>
        <Button size="xs" variant="default" onClick={onTake}>
          {t('conflict.take')}
        </Button>
      </Group>
    </Alert>
  )
}
