import { patchOf } from '../../harness/app.js'
import type { Refused } from './bad-bodies.js'

type Case = readonly [what: string, body: object, scimType: string, says: RegExp]

const replaced = (path: unknown, value: unknown = 'x') => patchOf({ op: 'replace', path, value })
const removed = (path: unknown) => patchOf({ op: 'remove', path })
const envelope = (Operations: unknown) => ({ ...patchOf(), Operations })

const ENVELOPES: readonly Case[] = [
  ...[undefined, null, [], {}, 'text', 7, true].map((list): Case => {
    return [`Operations ${JSON.stringify(list)}`, envelope(list), 'invalidSyntax', /Operations must be a list/]
  }),
  ...[null, 'text', 7, [], [[]]].map((one): Case => {
    return [
      `operation ${JSON.stringify(one)}`,
      envelope([one]),
      'invalidSyntax',
      /Operations\[0\]: .*must be an object/,
    ]
  }),
  ...[undefined, null, '', 'move', 7, {}, ['add'], '__proto__', 'constructor', 'add\0'].map((op): Case => {
    return [
      `op ${JSON.stringify(op)}`,
      patchOf({ op, path: 'title', value: 'x' }),
      'invalidSyntax',
      /op must be add, replace or remove/,
    ]
  }),
  ['10,001 operations', envelope(Array(10_001).fill({ op: 'remove', path: 'title' })), 'invalidSyntax', /limit 10000/],
  ['add of nothing', patchOf({ op: 'add', path: 'externalId' }), 'invalidValue', /value is required/],
  ['replace of nothing', patchOf({ op: 'replace', path: 'externalId' }), 'invalidValue', /value is required/],
  ['remove of everything', patchOf({ op: 'remove' }), 'noTarget', /remove needs a path/],
  ...['text', 7, true, [], null].map((value): Case => {
    const body = patchOf({ op: 'replace', value })
    return [`without path: ${JSON.stringify(value)}`, body, 'invalidValue', /must be an object of attributes/]
  }),
]

/** Paths that cannot be read, name nothing, or name what has no name: all are 400 invalidPath. */
const BAD_PATHS: readonly string[] = [
  ...[
    'nope',
    'name.nope.deeper',
    '.',
    '..',
    'a b',
    '[',
    ']',
    '[x]',
    ' ',
    '0',
    '-',
    ':',
    ':::',
    'externalId.',
    '/title',
  ],
  ...[
    '__proto__',
    '__proto__.polluted',
    'constructor',
    'constructor.prototype',
    'prototype',
    'toString',
    'meta.__proto__',
  ],
  ...[
    'emails[',
    'members[',
    'members[]',
    'members[value',
    'members[value eq',
    'members[value eq "x',
    'members[value eq "x"',
  ],
  ...['members[__proto__ eq "x"]', 'members[constructor eq "x"]', 'members[value eq "x"].__proto__', 'members[x[y]]'],
  ...['externalId[value eq "x"]', 'members[value eq "\\ud800"]', 'a\0b', '\ud800', '\n'.repeat(28), 'x'.repeat(5_000)],
  ...['('.repeat(5_000), '['.repeat(5_000), `members[${'('.repeat(5_000)}`, `members[${'not ('.repeat(5_000)}`],
  `members[value eq "x"${' and value eq "x"'.repeat(150)}]`,
]

const PATHS: readonly Case[] = [
  ...BAD_PATHS.map((path, index): Case => {
    const [what, body] = [
      ['path', replaced(path)] as const,
      ['remove', removed(path)] as const,
      ['key', keyed(path)] as const,
    ][index % 3]!
    return [`${what} ${path}`, body, 'invalidPath', /Operations\[0\]/]
  }),
  ...[7, true, {}, [], ['title']].map((path): Case => {
    return [`path ${JSON.stringify(path)}`, replaced(path), 'invalidPath', /path must be text/]
  }),
  ...['id', 'meta', 'meta.version', 'meta.lastModified'].map((path): Case => {
    return [`readOnly ${path}`, replaced(path), 'mutability', /readOnly/]
  }),
  ['the id of another', patchOf({ op: 'replace', value: { id: 'another' } }), 'mutability', /id cannot be changed/],
]

/** A PATCH without path whose value has this key as an own one. */
function keyed(key: string): object {
  const value = JSON.parse(`{${JSON.stringify(key)}:"x"}`)
  return patchOf({ op: 'replace', value })
}

const USERS: readonly Case[] = [
  ...[null, ''].map((value): Case => {
    return [`userName ${JSON.stringify(value)}`, replaced('userName', value), 'mutability', /userName/]
  }),
  ['userName of spaces', replaced('userName', '  '), 'invalidValue', /Attribute userName is required/],
  ['remove of userName', removed('userName'), 'mutability', /userName/],
  ['groups', replaced('groups', [{ value: 'x' }]), 'mutability', /groups cannot be changed: it is readOnly/],
  [
    'no element fits, and none can be made',
    replaced('emails[type eq "x" or value co "y"].value'),
    'noTarget',
    /Operations\[0\]/,
  ],
  [
    '100,000 characters of path',
    replaced('x'.repeat(100_000)),
    'invalidSyntax',
    /paths have 100000 characters together/,
  ],
  [
    'two primary addresses',
    replaced(
      'emails',
      [1, 2].map((n) => ({ value: `${n}@x.com`, primary: true })),
    ),
    'invalidValue',
    /emails must have at most one value with primary true/,
  ],
  ['1,001 addresses', replaced('emails', many(1_001)), 'invalidValue', /emails has 1001 elements, limit 1000/],
  [
    'the second of two is wrong',
    patchOf({ op: 'replace', path: 'title', value: 'Half' }, { op: 'replace', path: 'active', value: 'perhaps' }),
    'invalidValue',
    /Operations\[1\] \(active\): active must be true or false, got "perhaps"/,
  ],
]

function many(count: number): object[] {
  return Array.from({ length: count }, (_, n) => ({ value: `${n}@x.com`, type: 'other' }))
}

const GROUPS: readonly Case[] = [
  ...[null, ''].map((value): Case => {
    return [`displayName ${JSON.stringify(value)}`, replaced('displayName', value), 'mutability', /displayName/]
  }),
  ['remove of displayName', removed('displayName'), 'mutability', /displayName/],
  ['a part of a member', replaced('members[value eq "x"].display'), 'mutability', /member/],
  ['members by name', removed('members[display eq "x"]'), 'invalidPath', /by their id/],
  ['members but one', removed('members[value ne "x"]'), 'invalidPath', /by their id/],
  [
    'the second of two is wrong',
    patchOf({ op: 'replace', path: 'displayName', value: 'Half' }, { op: 'add', path: 'members', value: [7] }),
    'invalidValue',
    /Operations\[1\] \(members\): members\.value must be text/,
  ],
  [
    'somebody is unknown, who comes last',
    patchOf(
      { op: 'replace', path: 'members', value: [] },
      { op: 'add', path: 'members', value: [{ value: 'nobody' }] },
    ),
    'invalidValue',
    /Group member nobody is not a user/,
  ],
]

/** PATCH bodies that are refused, for the route of users or of groups. */
export function badOperations(endpoint: string): Refused[] {
  return [...ENVELOPES, ...PATHS, ...(endpoint === 'Users' ? USERS : GROUPS)].map(([what, body, scimType, says]) => {
    return { what, body: JSON.stringify(body), status: 400, scimType, says }
  })
}
