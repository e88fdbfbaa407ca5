import type { Check } from './check.js'
import { ELSEWHERE } from './elsewhere.js'

const HEAD = `# Conformance

\`npm run conformance -- BASE_URL TOKEN\` tries the checks below against a SCIM server, ours or anybody's, and prints what does not
hold. It makes users and groups with names of its own and removes them again, so give it a tenant for tests. It ends with 0 where
everything holds that must, with 1 where something does not, and with 2 where it could not run. \`--only 133,134\` tries some.

\`npm test\` runs the same checks against this server on SQLite, \`npm run test:long\` on PostgreSQL too. *must*: the RFC demands it, or
clients in use need it; *should*: advised; *may*: optional, and tried where the server offers it. This page is written from
the code by \`node --import tsx conformance/page-main.ts\`.
`

/** docs/conformance.md: the whole checklist, by number, with the check or with the reason why there is none. */
export function conformancePage(checks: readonly Check[]): string {
  const tried = checks.map(({ number, source, level, title }) => ({ number, cells: [source, level, title, 'tried'] }))
  const others = ELSEWHERE.map(({ number, source, title, kept }) => ({ number, cells: [source, '', title, kept] }))
  const rows = [...tried, ...others].sort((a, b) => a.number - b.number)
  const lines = rows.map(
    ({ number, cells }) => `| ${number} | ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`,
  )
  const table = ['| number | source | level | what | how |', '| --- | --- | --- | --- | --- |', ...lines]
  return `${HEAD}\n${table.join('\n')}\n`
}
