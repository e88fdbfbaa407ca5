/** Rows that belong together: a list for each key, in the order in which the rows came. */
export function listsBy<Row>(rows: Iterable<Row>, keyOf: (row: Row) => string): Map<string, Row[]> {
  const lists = new Map<string, Row[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const list = lists.get(key)
    if (list === undefined) lists.set(key, [row])
    else list.push(row)
  }
  return lists
}
