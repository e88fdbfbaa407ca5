import { Button, Group, Skeleton, Table, Text } from '@mantine/core'
import { type ReactNode, useDeferredValue, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { BusyButton } from './busy-button.js'
import { ProblemNote } from './problem-note.js'
import { ScrollRegion } from './scroll-region.js'

export interface Column<Row> {
  readonly key: string
  readonly title: string
  readonly cell: (row: Row) => ReactNode
  /** CSS width, for columns whose content does not set it. */
  readonly width?: string
  /** CSS width below which a cell does not shrink, so that words stay whole on a phone. */
  readonly minWidth?: string
  /** Given to columns by which the server sorts. */
  readonly sorted?: 'ascending' | 'descending' | 'none'
  readonly onSort?: () => void
}

/** What `useList` answers, as far as a table needs it. */
export interface Pages<Row> {
  readonly rows: readonly Row[] | undefined
  readonly error: unknown
  readonly isPending: boolean
  readonly isFetching: boolean
  readonly hasNextPage: boolean
  readonly isFetchingNextPage: boolean
  readonly fetchNextPage: () => unknown
  readonly refetch: () => unknown
}

interface ListTableProps<Row> {
  /** Says what the table holds; read out, not shown. */
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly list: Pages<Row>
  readonly keyOf: (row: Row) => string
  /** Shown where there is nothing. */
  readonly empty: ReactNode
  /** Marks the row whose detail is open. */
  readonly selectedKey?: string | undefined
}

/** A list by page: a real table, with its rows in place from the first moment, so that nothing jumps. */
export function ListTable<Row>({ caption, columns, list, keyOf, empty, selectedKey }: ListTableProps<Row>) {
  const { t } = useTranslation()
  const id = useId()
  const { rows, error, isPending, isFetching } = list
  if (error !== null && error !== undefined && rows === undefined)
    return <ProblemNote error={error} onRetry={() => void list.refetch()} />
  if (rows?.length === 0) return empty
  return (
    <div>
      <ScrollRegion
        labelledBy={id}
        busy={isFetching}
        style={{ border: '1px solid var(--line)', borderRadius: 8, background: 'var(--paper)' }}
      >
        <Table verticalSpacing={8} horizontalSpacing="md" highlightOnHover style={{ minWidth: '42rem' }}>
          <caption id={id} className="unseen">
            {caption}
          </caption>
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <Heading key={column.key} column={column} />
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {isPending ? (
              PLACES.map((place) => <Waiting key={place} columns={columns.length} />)
            ) : (
              <Rows columns={columns} rows={rows ?? []} keyOf={keyOf} selectedKey={selectedKey} />
            )}
          </Table.Tbody>
        </Table>
      </ScrollRegion>
      <ProblemNote error={error} onRetry={() => void list.refetch()} />
      <Group justify="space-between" mt="xs" mih="2.25rem">
        <Text size="sm" c="var(--quiet)">
          {rows === undefined ? '' : t(list.hasNextPage ? 'list.some' : 'list.all', { count: rows.length })}
        </Text>
        {list.hasNextPage ? (
          <BusyButton
            variant="default"
            size="xs"
            busy={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {t('list.more')}
          </BusyButton>
        ) : null}
      </Group>
    </div>
  )
}

/** About as many rows as a screen has room for. */
const AT_ONCE = 15

type RowsProps<Row> = Pick<ListTableProps<Row>, 'columns' | 'keyOf' | 'selectedKey'> & { readonly rows: readonly Row[] }

/** What can be seen is drawn at once; what is below the screen follows, and keeps nobody from typing or going on. */
function Rows<Row>({ columns, rows, keyOf, selectedKey }: RowsProps<Row>) {
  const count = useDeferredValue(rows.length, AT_ONCE)
  return rows.slice(0, count).map((row) => (
    <Table.Tr key={keyOf(row)} {...(selectedKey === keyOf(row) ? { bg: 'var(--mantine-primary-color-light)' } : {})}>
      {columns.map((column) => (
        <Table.Td key={column.key} style={{ verticalAlign: 'top', minWidth: column.minWidth ?? '5.5rem' }}>
          {column.cell(row)}
        </Table.Td>
      ))}
    </Table.Tr>
  ))
}

const PLACES = [1, 2, 3, 4, 5, 6, 7, 8]

function Heading<Row>({ column: { title, width, sorted, onSort } }: { readonly column: Column<Row> }) {
  const style = { width, whiteSpace: 'nowrap' } as const
  if (onSort === undefined)
    return (
      <Table.Th scope="col" style={style}>
        {title}
      </Table.Th>
    )
  return (
    <Table.Th scope="col" style={style} aria-sort={sorted ?? 'none'}>
      <Button variant="subtle" color="gray" size="compact-sm" px={4} mx={-4} c="inherit" fw="inherit" onClick={onSort}>
        {title}
        <span aria-hidden>{sorted === 'ascending' ? ' ↑' : sorted === 'descending' ? ' ↓' : ''}</span>
      </Button>
    </Table.Th>
  )
}

function Waiting({ columns }: { readonly columns: number }) {
  return (
    <Table.Tr aria-hidden>
      {Array.from({ length: columns }, (_, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: places have no other name
        <Table.Td key={place}>
          <Skeleton height={14} my={4} width={place === 0 ? '70%' : '50%'} />
        </Table.Td>
      ))}
    </Table.Tr>
  )
}
