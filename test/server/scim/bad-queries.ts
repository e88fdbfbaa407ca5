import type { Refused } from './bad-bodies.js'

/** Filters that cannot be read, are too large, ask for what is unknown, or compare what cannot be compared. */
const BAD_FILTERS: readonly string[] = [
  '',
  ' ',
  '\n'.repeat(28),
  `displayName eq ${'\n'.repeat(28)}`,
  `displayName eq "${'\n'.repeat(28)}`,
  `displayName${'\n'.repeat(28)}`,
  'displayName',
  'displayName eq',
  'displayName eq "x',
  'displayName eq x"',
  "displayName eq 'x'",
  'displayName eq "x" and',
  'displayName eq "x" or or id pr',
  'displayName eq "x" displayName eq "y"',
  'displayName eq "x")',
  '(displayName eq "x"',
  '()',
  'not displayName eq "x"',
  'not',
  'eq "x"',
  'displayName like "x"',
  'displayName = "x"',
  'displayName eq "\\x"',
  'displayName eq "\\u12"',
  'displayName eq {"a":1}',
  'displayName eq ["x"]',
  'displayName eq "x" -- ',
  'displayName eq "x"; DROP TABLE users',
  'displayName gt',
  'displayName[',
  'displayName[value eq "x"]',
  'meta.lastModified gt "yesterday"',
  'meta.lastModified eq 5',
  'meta.lastModified co "2"',
  'displayName eq 1e999',
  'displayName gt true',
  'externalId eq true',
  '('.repeat(5_000),
  '['.repeat(5_000),
  `${'('.repeat(5_000)}id pr${')'.repeat(5_000)}`,
  'not ('.repeat(1_000),
  `id pr${' and id pr'.repeat(900)}`,
  `id pr${' or id pr'.repeat(500)}`,
  `displayName eq "${'x'.repeat(14_000)}`,
  'x'.repeat(14_000),
  'a.'.repeat(5_000),
  'a:'.repeat(2_000),
  'displayName eq "a\0b"',
  '\0',
]

/** Over all types at once, what one of them lacks has no value (RFC 7644 §3.4.2.1). */
const UNKNOWN: readonly string[] = [
  'nope eq "x"',
  'nope pr',
  'not (nope pr)',
  'nope.deeper eq "x"',
  'id.value eq "x"',
  'urn:example:unknown:nope eq "x"',
  'password eq "x"',
  'password pr',
  '__proto__ eq "x"',
  '__proto__ pr',
  '__proto__.polluted eq true',
  'constructor pr',
  'constructor.prototype pr',
  'prototype pr',
  'toString pr',
  'hasOwnProperty eq "x"',
  'meta.__proto__ pr',
  '\u{1f600} eq "x"',
]

const OF_USERS: readonly string[] = [
  'active gt true',
  'active eq "perhaps"',
  'active eq 1',
  'emails[type eq "work"',
  'emails[type eq "work"]]',
  'emails[type eq "work"].nope eq "x"',
  'emails[__proto__ eq "x"]',
  'emails[emails[type eq "work"]]',
  'emails[]',
  'name[givenName eq',
  'x509Certificates.value gt "x"',
]

const BAD_NUMBERS = [
  'x',
  '1.5',
  '1e3',
  '0x10',
  'NaN',
  'Infinity',
  '--1',
  '1 ',
  ' 1',
  '1;2',
  '१',
  '\0',
  '__proto__',
  '9'.repeat(99).concat('x'),
]
const BAD_SORTS = [
  'nope',
  '__proto__',
  'constructor.prototype',
  'displayName[',
  'displayName eq "x"',
  '.',
  'a b',
  '\n'.repeat(28),
  'password',
  '('.repeat(5_000),
  '\0',
]

/** What is computed when a resource is read; catalogues are computed whole. */
const COMPUTED = ['groups', 'members', 'meta.location']
const BAD_CURSORS = ['x', '.', 'a.b', '__proto__', '\0', '\u{1f600}', '9'.repeat(3_000)]
const CATALOGUES = ['Roles', 'Licenses']

/** What cannot be asked of an endpoint, by its first word: the base itself has none. */
function badFilters(type: string): readonly string[] {
  if (type === '' || type === '.search') return BAD_FILTERS
  return type === 'Users' ? [...BAD_FILTERS, ...UNKNOWN, ...OF_USERS] : [...BAD_FILTERS, ...UNKNOWN]
}

/** Queries of a list that are refused. */
export function badQueries(endpoint: string): Refused[] {
  const query = (name: string, text: string) => `/${endpoint}?${name}=${encodeURIComponent(text)}`
  const refused = (name: string, scimType: string, says: RegExp) => (text: string) => {
    return { what: `${name} ${JSON.stringify(text)}`, path: query(name, text), status: 400, scimType, says }
  }
  const huge = query('filter', 'not ('.repeat(5_000))
  return [
    // Node.js reads no more than this of a request, so nobody knows who sent it: it is in no log.
    { what: 'a filter of 25,000 characters', path: huge, status: 431, unlogged: true, says: /larger than 16 KB/ },
    ...badFilters(endpoint).map(refused('filter', 'invalidFilter', /./)),
    ...['startIndex', 'count'].flatMap((name) =>
      BAD_NUMBERS.map(refused(name, 'invalidValue', new RegExp(`^${name} must be a whole number`))),
    ),
    ...BAD_CURSORS.map(refused('cursor', 'invalidCursor', /^This cursor was not handed out/)),
    ...BAD_NUMBERS.map(refused('cursor=&count', 'invalidCount', /^count must be a whole number/)),
    ...badSorts(endpoint).map(refused('sortBy', 'invalidPath', /^(sortBy cannot be|The list cannot be sorted by)/)),
  ]
}

function badSorts(endpoint: string): readonly string[] {
  return CATALOGUES.includes(endpoint.split('/')[0] ?? '') ? BAD_SORTS : [...BAD_SORTS, ...COMPUTED]
}

/** Bodies of a search that are refused. */
export function badSearches(urn: string, endpoint: string): Refused[] {
  const refused = (rest: object, scimType: string, says: RegExp) => {
    const body = JSON.stringify({ schemas: [urn], ...rest })
    return { what: body.slice(0, 80), body, status: 400, scimType, says }
  }
  return [
    ...badFilters(endpoint.split('/')[0] ?? '').map((filter) => refused({ filter }, 'invalidFilter', /./)),
    refused({ filter: 'not ('.repeat(5_000) }, 'invalidFilter', /./),
    ...[1, {}, ['userName pr'], true].map((filter) => refused({ filter }, 'invalidValue', /^filter must be text/)),
    ...['1', 1.5, {}, [1]].map((count) => refused({ count }, 'invalidValue', /^count must be a whole number/)),
    ...[1, {}, [1], [['id']]].map((attributes) =>
      refused({ attributes }, 'invalidValue', /^attributes must be a list/),
    ),
    ...BAD_CURSORS.map((cursor) => refused({ cursor }, 'invalidCursor', /^This cursor was not handed out/)),
    ...[1, {}, true].map((cursor) => refused({ cursor }, 'invalidValue', /^cursor must be text/)),
    refused({ cursor: '', startIndex: 1 }, 'invalidValue', /not by both/),
    ...badSorts(endpoint).map((sortBy) =>
      refused({ sortBy }, 'invalidPath', /^(sortBy cannot be|The list cannot be sorted by)/),
    ),
  ]
}
