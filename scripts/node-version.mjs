import { findJson } from './checkout.mjs'

/** Stop with a sentence, and not with a syntax error somewhere inside, where this Node.js is too old. */
export function requireNode() {
  const range = findJson('package.json').engines.node
  if (satisfies(process.versions.node, range)) return
  process.stderr.write(`usher: this is Node.js ${process.versions.node}; Usher needs ${range}.\n`)
  process.exit(1)
}

/** Whether `version` lies in `range`, which joins `^a.b.c` and `>=a.b.c` with `||`: all that package.json uses. */
export function satisfies(version, range) {
  return range.split('||').some((part) => {
    const [, operator, lowest] = /^\s*(\^|>=)\s*(\d+\.\d+\.\d+)\s*$/.exec(part) ?? []
    if (lowest === undefined) throw new Error(`engines.node: cannot read ${JSON.stringify(part)}`)
    const sameMajor = Number.parseInt(version, 10) === Number.parseInt(lowest, 10)
    return compare(version, lowest) >= 0 && (operator === '>=' || sameMajor)
  })
}

function compare(left, right) {
  const [a, b] = [left, right].map((version) => version.split('.').map((part) => Number.parseInt(part, 10)))
  const index = a.findIndex((part, i) => part !== b[i])
  return index < 0 ? 0 : a[index] - b[index]
}
