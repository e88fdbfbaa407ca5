import type { AttributePathNode, FilterNode } from '../../filter/syntax.js'

/** A tree as text that reads as the same tree. */
export function printFilter(node: FilterNode): string {
  switch (node.kind) {
    case 'or':
      return node.terms.map((term) => (term.kind === 'or' ? `(${printFilter(term)})` : printFilter(term))).join(' or ')
    case 'and':
      return node.terms.map((term) => (isJoin(term) ? `(${printFilter(term)})` : printFilter(term))).join(' and ')
    case 'not':
      return `not (${printFilter(node.term)})`
    case 'present':
      return `${printPath(node.path)} pr`
    case 'compare':
      return `${printPath(node.path)} ${node.op} ${JSON.stringify(node.value)}`
    case 'valuePath':
      return printPath(node.path)
  }
}

export function printPath({ urn, name, filter, sub }: AttributePathNode): string {
  const chosen = filter === undefined ? '' : `[${printFilter(filter)}]`
  return `${urn === undefined ? '' : `${urn}:`}${name}${chosen}${sub === undefined ? '' : `.${sub}`}`
}

function isJoin(node: FilterNode): boolean {
  return node.kind === 'and' || node.kind === 'or'
}

/** The tree without the positions of its paths, to compare trees of different texts. */
export function withoutPositions<Node>(node: Node): Node {
  return JSON.parse(JSON.stringify(node, (key, value) => (key === 'position' ? undefined : value))) as Node
}
