import type { AttributePathNode, FilterNode, Literal, Operator } from '../../filter/syntax.js'

type Path = Omit<AttributePathNode, 'position'>
/** Trees of these cases have no positions. */
const at = (path: string | Path): AttributePathNode => {
  if (typeof path !== 'string') return path as AttributePathNode
  const [name = '', sub] = path.split('.')
  return (sub === undefined ? { name } : { name, sub }) as AttributePathNode
}

export const compare = (path: string | Path, op: Operator, value: Literal): FilterNode => {
  return { kind: 'compare', path: at(path), op, value }
}
export const pr = (path: string | Path): FilterNode => ({ kind: 'present', path: at(path) })
export const and = (...terms: FilterNode[]): FilterNode => ({ kind: 'and', terms })
export const or = (...terms: FilterNode[]): FilterNode => ({ kind: 'or', terms })
export const not = (term: FilterNode): FilterNode => ({ kind: 'not', term })
export const valuePath = (name: string, filter: FilterNode): FilterNode => {
  return { kind: 'valuePath', path: at({ name, filter }) }
}

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const work = compare('type', 'eq', 'work')

/** Text and the tree it means. Numbers are the checks of SCIM.md section 2. */
export const READ: Readonly<Record<string, readonly (readonly [text: string, tree: FilterNode])[]>> = {
  '83: every operator, in any case': [
    ['a eq "x"', compare('a', 'eq', 'x')],
    ['a NE "x"', compare('a', 'ne', 'x')],
    ['a Co "x"', compare('a', 'co', 'x')],
    ['a sw "x"', compare('a', 'sw', 'x')],
    ['a ew "x"', compare('a', 'ew', 'x')],
    ['a gt 1', compare('a', 'gt', 1)],
    ['a Ge 1', compare('a', 'ge', 1)],
    ['a lt 1', compare('a', 'lt', 1)],
    ['a lE 1', compare('a', 'le', 1)],
    ['a PR', pr('a')],
    ['a PR AND NOT (b pr) OR c pr', or(and(pr('a'), not(pr('b'))), pr('c'))],
  ],
  '84: grouping binds before not, not before and, and before or': [
    ['a pr or b pr and c pr', or(pr('a'), and(pr('b'), pr('c')))],
    ['a pr and b pr or c pr', or(and(pr('a'), pr('b')), pr('c'))],
    ['(a pr or b pr) and c pr', and(or(pr('a'), pr('b')), pr('c'))],
    ['not (a pr or b pr)', not(or(pr('a'), pr('b')))],
    ['not(a pr)', not(pr('a'))],
    ['not (not (a pr))', not(not(pr('a')))],
    ['a pr and not (b pr or c pr) or d pr', or(and(pr('a'), not(or(pr('b'), pr('c')))), pr('d'))],
    ['a pr and b pr and c pr', and(pr('a'), pr('b'), pr('c'))],
    ['a pr and (b pr and c pr)', and(pr('a'), and(pr('b'), pr('c')))],
    ['((a pr))', pr('a')],
    ['  ( a  pr )\tand\r\n( b pr )  ', and(pr('a'), pr('b'))],
    ['nothing pr and order pr or android pr', or(and(pr('nothing'), pr('order')), pr('android'))],
  ],
  '85: a filter in brackets, and a sub-attribute behind it': [
    ['emails[type eq "work"]', valuePath('emails', work)],
    ['emails[ type eq "work" and value co "@x" ]', valuePath('emails', and(work, compare('value', 'co', '@x')))],
    ['emails[not (type eq "work")] or a pr', or(valuePath('emails', not(work)), pr('a'))],
    ['emails[type eq "work"].value eq "x"', compare({ name: 'emails', filter: work, sub: 'value' }, 'eq', 'x')],
    ['emails[type eq "work"].value pr', pr({ name: 'emails', filter: work, sub: 'value' })],
    ['emails[value eq "]"] and a pr', and(valuePath('emails', compare('value', 'eq', ']')), pr('a'))],
  ],
  '86, 87: the last colon ends the URN, a dot leads to a sub-attribute': [
    [`${ENTERPRISE}:manager.value eq "x"`, compare({ urn: ENTERPRISE, name: 'manager', sub: 'value' }, 'eq', 'x')],
    [`${ENTERPRISE}:department pr`, pr({ urn: ENTERPRISE, name: 'department' })],
    [
      'urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq "work"]',
      {
        kind: 'valuePath',
        path: { urn: 'urn:ietf:params:scim:schemas:core:2.0:User', name: 'emails', filter: work } as never,
      },
    ],
    ['http://example.org/x:attr pr', pr({ urn: 'http://example.org/x', name: 'attr' })],
    ['name.familyName pr', pr('name.familyName')],
    ['members.$ref eq "x"', compare('members.$ref', 'eq', 'x')],
    ['$ref pr', pr('$ref')],
    ['a-b_c9 pr', pr('a-b_c9')],
  ],
  '88, 89: values are JSON, and what they hold is data': [
    ['a eq true', compare('a', 'eq', true)],
    ['a eq false', compare('a', 'eq', false)],
    ['a eq null', compare('a', 'eq', null)],
    ['a eq 0', compare('a', 'eq', 0)],
    ['a gt -5 and b pr', and(compare('a', 'gt', -5), pr('b'))],
    ['(a gt -5)', compare('a', 'gt', -5)],
    ['a le 1.5e+3 and b pr', and(compare('a', 'le', 1500), pr('b'))],
    ['a eq ""', compare('a', 'eq', '')],
    ['a eq "\\"\\\\\\/\\b\\f\\n\\r\\t"', compare('a', 'eq', '"\\/\b\f\n\r\t')],
    ['a eq "\\u00e9\\ud83d\\uDE00"', compare('a', 'eq', 'é😀')],
    ['a eq "é😀"', compare('a', 'eq', 'é😀')],
    ['a eq "ends in \\\\"', compare('a', 'eq', 'ends in \\')],
    [`a eq "O'Neil 100% a_b"`, compare('a', 'eq', "O'Neil 100% a_b")],
    ['a eq ") or (b pr"', compare('a', 'eq', ') or (b pr')],
    ['a eq "x"and b pr', and(compare('a', 'eq', 'x'), pr('b'))],
  ],
  'a word without quotes after eq is text, as in the documentation of Entra (SCIM.md 1.1)': [
    ['externalId eq jyoung', compare('externalId', 'eq', 'jyoung')],
    ['a eq 3f2c-9 and b pr', and(compare('a', 'eq', '3f2c-9'), pr('b'))],
    ['(a eq ada@example.com)', compare('a', 'eq', 'ada@example.com')],
    ['a eq 007', compare('a', 'eq', '007')],
    ['active eq True', compare('active', 'eq', 'True')],
    [
      '(meta.resourceType eq User) or (meta.resourceType eq Group)',
      or(compare('meta.resourceType', 'eq', 'User'), compare('meta.resourceType', 'eq', 'Group')),
    ],
  ],
}

/** Text that is refused as filter_bad, and the position, from 1, that is named. */
export const REFUSED: readonly (readonly [text: string, position: number])[] = [
  ['', 1],
  ['   ', 4],
  ['userName', 9],
  ['userName eq', 12],
  ['userName eq ', 13],
  ['userName is "x"', 10],
  ['userName "x"', 10],
  ['eq "x"', 4],
  ['userName eq "x', 13],
  ['userName eq "x\\"', 13],
  ["userName eq 'x'", 13],
  ['userName ne jyoung', 13],
  ['userName co jyoung', 13],
  ['userName eq and', 13],
  ['userName eq not', 13],
  ['userName eq jyoung b', 20],
  ['userName eq -x', 13],
  ['userName eq "a" "b"', 17],
  ['a pr and', 9],
  ['a pr or', 8],
  ['a pr b pr', 6],
  ['and a pr', 5],
  ['a pr and and b pr', 14],
  ['not a pr', 5],
  ['not', 4],
  ['(a pr', 6],
  ['a pr)', 5],
  ['()', 2],
  ['not ()', 6],
  ['emails[]', 8],
  ['emails[type eq "work"', 22],
  ['emails[type eq "work"] pr', 24],
  ['emails[type eq "work"] eq "x"', 24],
  ['emails[type eq "work"]. eq "x"', 24],
  ['emails[type eq "work"].a.b eq "x"', 24],
  ['emails[type eq "work"][a pr]', 23],
  ['emails[emails[a pr]]', 14],
  ['emails.value[a pr]', 13],
  ['a.b.c pr', 1],
  ['.a pr', 1],
  ['a. pr', 1],
  [':a pr', 1],
  ['a: pr', 1],
  ['1a pr', 1],
  ['_a pr', 1],
  ['__proto__ pr', 1],
  ['a%b pr', 2],
  ['a; drop table users', 2],
  ['a eq "\\x"', 6],
  ['a eq "\\u12"', 6],
  ['a eq "tab\there"', 10],
  ['a eq "line\nbreak"', 11],
  ['a eq "\\u0000"', 6],
  ['a eq "\\ud800"', 6],
  ['a eq "\ud800"', 6],
  ['a eq 01.5.2x!', 13],
  ['a gt 01', 6],
  ['a eq 1e999', 6],
  ['a eq +1', 6],
  ['a eq tru!', 9],
  ['a eq {}', 6],
  ['a eq ["x"]', 6],
]

/** PATCH paths (RFC 7644 §3.5.2) and what they mean. */
export const PATHS: readonly (readonly [text: string, path: Path])[] = [
  ['active', { name: 'active' }],
  ['name.givenName', { name: 'name', sub: 'givenName' }],
  ['emails[type eq "work"]', { name: 'emails', filter: work }],
  ['emails[type eq "work"].value', { name: 'emails', filter: work, sub: 'value' }],
  ['members[value eq "2819c223"]', { name: 'members', filter: compare('value', 'eq', '2819c223') }],
  ['roles[primary eq "True"].value', { name: 'roles', filter: compare('primary', 'eq', 'True'), sub: 'value' }],
  [`${ENTERPRISE}:manager`, { urn: ENTERPRISE, name: 'manager' }],
  [`${ENTERPRISE}:manager.value`, { urn: ENTERPRISE, name: 'manager', sub: 'value' }],
  [`${ENTERPRISE}:x[y pr].z`, { urn: ENTERPRISE, name: 'x', filter: pr('y'), sub: 'z' }],
  [
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0User:department',
    { urn: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0User', name: 'department' },
  ],
  [' active ', { name: 'active' }],
]

export const REFUSED_PATHS: readonly (readonly [text: string, position: number])[] = [
  ['', 1],
  ['active eq true', 8],
  ['emails[type eq "work"', 22],
  ['emails[type]', 12],
  ['emails[type eq "work"].', 24],
  ['a.b.c', 1],
  ['__proto__.x', 1],
  ['name..givenName', 1],
  ['/active', 1],
  ['emails[0].value', 8],
]
