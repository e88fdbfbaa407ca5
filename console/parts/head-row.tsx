import { Table } from '@mantine/core'

/** The head of a table, column by column; of a table, no two heads read alike. */
export function HeadRow({ heads }: { readonly heads: readonly string[] }) {
  return (
    <Table.Thead>
      <Table.Tr>
        {heads.map((head) => (
          <Table.Th key={head} scope="col">
            {head}
          </Table.Th>
        ))}
      </Table.Tr>
    </Table.Thead>
  )
}
