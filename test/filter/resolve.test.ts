import assert from 'node:assert/strict'
import type { Attribute, ResourceSchema } from '../../filter/attribute.js'
import { eqTerms } from '../../filter/eq-terms.js'
import { FilterError, type FilterErrorCode } from '../../filter/errors.js'
import { parseFilter, parsePath } from '../../filter/parse.js'
import { type ResolveOptions, resolveFilter, resolvePath } from '../../filter/resolve.js'
import type { ResolvedFilter, Target } from '../../filter/resolved.js'
import { attribute, text } from '../../filter/schemas/define.js'
import { ENTERPRISE_URN } from '../../filter/schemas/enterprise-user.js'
import { GROUP_SCHEMA } from '../../filter/schemas/group.js'
import { USER_SCHEMA, USER_URN } from '../../filter/schemas/user.js'

/** The User, with what must not be searched and with types that it does not use. */
const SCHEMA: ResourceSchema = {
  ...USER_SCHEMA,
  extensions: [
    ...USER_SCHEMA.extensions,
    {
      id: 'urn:example:2.0:Extra',
      name: 'Extra',
      description: '',
      attributes: [
        text('secret', '', { returned: 'never' }),
        text('pin', '', { mutability: 'writeOnly' }),
        attribute('since', 'dateTime', ''),
        attribute('count', 'integer', ''),
        text('title', 'Hidden by the core attribute of that name.'),
      ],
    },
  ],
}

const resolve = (filter: string, options?: ResolveOptions) => resolveFilter(parseFilter(filter), SCHEMA, options)

/** A resolved filter in a few letters: `some emails (type eq "work" and value eq "x")`. */
function show(filter: ResolvedFilter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return `(${filter.terms.map(show).join(` ${filter.kind} `)})`
    case 'not':
      return `not ${show(filter.term)}`
    case 'constant':
      return String(filter.value)
    case 'present':
      return `${name(filter.target)} pr`
    case 'some':
      return `some ${name(filter.target)} ${show(filter.filter)}`
    case 'compare':
      return `${name(filter.target)} ${filter.op} ${JSON.stringify(filter.value)}`
  }
}

function name({ extension, attribute: { name: first }, sub }: Target): string {
  const short = extension === undefined ? '' : `${extension.split(':').at(extension === ENTERPRISE_URN ? -3 : -1)}:`
  return `${short}${first}${sub === undefined ? '' : `.${sub.name}`}`
}

const RESOLVED: Readonly<Record<string, readonly (readonly [filter: string, resolved: string])[]>> = {
  '17, 86: names and URNs without case': [
    ['USERNAME eq "x"', 'userName eq "x"'],
    [`${USER_URN.toUpperCase()}:username eq "x"`, 'userName eq "x"'],
    [`${USER_URN}:externalId eq "x"`, 'externalId eq "x"'],
    ['NAME.FAMILYNAME eq "x"', 'name.familyName eq "x"'],
    [`${ENTERPRISE_URN.toLowerCase()}:DEPARTMENT eq "x"`, 'enterprise:department eq "x"'],
  ],
  '140: an extension attribute without its URN, where no core attribute has that name': [
    ['department eq "x"', 'enterprise:department eq "x"'],
    ['manager.value eq "x"', 'enterprise:manager.value eq "x"'],
    ['title eq "x"', 'title eq "x"'],
    ['urn:example:2.0:Extra:title eq "x"', 'Extra:title eq "x"'],
  ],
  '91: a complex attribute is compared by its value': [
    ['emails eq "x"', 'emails.value eq "x"'],
    ['emails co "x"', 'emails.value co "x"'],
    ['manager eq "x"', 'enterprise:manager.value eq "x"'],
    [`${ENTERPRISE_URN}:manager eq "x"`, 'enterprise:manager.value eq "x"'],
    ['emails pr', 'emails pr'],
  ],
  '90: the value is folded where case does not matter, and only there': [
    ['userName eq "ÀB"', 'userName eq "àb"'],
    ['externalId eq "ÀB"', 'externalId eq "ÀB"'],
    ['id eq "AB"', 'id eq "AB"'],
    ['manager eq "AB"', 'enterprise:manager.value eq "AB"'],
    ['groups.value eq "AB" or groups.display eq "AB"', '(groups.value eq "AB" or groups.display eq "ab")'],
    ['profileUrl eq "http://A"', 'profileUrl eq "http://A"'],
    ['x509Certificates eq "QUJD"', 'x509Certificates.value eq "QUJD"'],
  ],
  '85, 92: elements': [
    ['emails[TYPE eq "Work"]', 'some emails type eq "work"'],
    ['emails[type eq "work"].value eq "x"', 'some emails (type eq "work" and value eq "x")'],
    ['emails[type eq "work"].value pr', 'some emails (type eq "work" and value pr)'],
    ['name[familyName eq "x"]', 'some name familyName eq "x"'],
    ['manager[value eq "x"]', 'some enterprise:manager value eq "x"'],
  ],
  '102: ne where the element or its value is missing': [
    [
      'emails[type eq "work"].value ne "x"',
      '(some emails (type eq "work" and value ne "x") or not some emails type eq "work")',
    ],
    ['emails[type eq "work"].value eq null', 'not some emails (type eq "work" and value pr)'],
    ['emails[type eq "work"].value ne null', 'some emails (type eq "work" and value pr)'],
  ],
  '26: null is no value': [
    ['title eq null', 'not title pr'],
    ['title ne null', 'title pr'],
    ['emails eq null', 'not emails pr'],
    ['active eq null', 'not active pr'],
  ],
  '101: words for booleans': [
    ['active eq "True"', 'active eq true'],
    ['active eq "FALSE"', 'active eq false'],
    ['active eq True', 'active eq true'],
    ['roles[primary eq "True"].value eq "x"', 'some roles (primary eq true and value eq "x")'],
  ],
  '95: times as instants': [
    ['meta.created gt "2011-05-13T04:42:34Z"', 'meta.created gt "2011-05-13T04:42:34.000Z"'],
    ['since le "2011-05-13T04:42:34.5678+02:00"', 'Extra:since le "2011-05-13T02:42:34.567Z"'],
  ],
  'schemas: the core always, an extension where it has a value (RFC 7644 figure 2)': [
    [`schemas eq "${USER_URN.toLowerCase()}"`, 'true'],
    ['schemas eq "urn:nobody"', 'false'],
    ['schemas pr', 'true'],
    [
      `schemas eq "${ENTERPRISE_URN}"`,
      `(${['employeeNumber', 'costCenter', 'organization', 'division', 'department', 'manager']
        .map((attribute) => `enterprise:${attribute} pr`)
        .join(' or ')})`,
    ],
  ],
}

const REFUSED: readonly (readonly [filter: string, code: FilterErrorCode, position: number])[] = [
  ['foo eq "x"', 'filter_attribute', 1],
  ['userName pr and foo eq "x"', 'filter_attribute', 17],
  ['name.foo eq "x"', 'filter_attribute', 1],
  ['userName.foo eq "x"', 'filter_attribute', 1],
  ['urn:nobody:userName eq "x"', 'filter_attribute', 1],
  [`${ENTERPRISE_URN}:userName eq "x"`, 'filter_attribute', 1],
  [`${ENTERPRISE_URN}:id eq "x"`, 'filter_attribute', 1],
  [`${USER_URN}:department eq "x"`, 'filter_attribute', 1],
  ['emails[foo eq "x"]', 'filter_attribute', 8],
  ['emails[emails.value eq "x"]', 'filter_attribute', 8],
  ['emails[type eq "work"].foo eq "x"', 'filter_attribute', 1],
  ['userName[value eq "x"]', 'filter_attribute', 1],
  ['name eq "x"', 'filter_attribute', 1],
  ['addresses eq "x"', 'filter_attribute', 1],
  ['__proto eq "x"', 'filter_bad', 1],
  ['constructor eq "x"', 'filter_attribute', 1],
  ['toString pr', 'filter_attribute', 1],
  ['password eq "x"', 'filter_attribute', 1],
  ['password pr', 'filter_attribute', 1],
  ['secret eq "x"', 'filter_attribute', 1],
  ['secret pr', 'filter_attribute', 1],
  ['pin sw "1"', 'filter_attribute', 1],
  ['schemas ne "x"', 'filter_attribute', 1],
  ['active gt true', 'filter_type', 1],
  ['active co "tr"', 'filter_type', 1],
  ['emails.primary le true', 'filter_type', 1],
  ['x509Certificates gt "x"', 'filter_type', 1],
  ['x509Certificates.value sw "x"', 'filter_type', 1],
  ['since co "2011"', 'filter_type', 1],
  ['count sw 1', 'filter_type', 1],
  ['title gt null', 'filter_type', 1],
  ['title co null', 'filter_type', 1],
  ['userName eq 5', 'filter_type', 1],
  ['userName eq true', 'filter_type', 1],
  ['active eq "yes"', 'filter_type', 1],
  ['active eq 1', 'filter_type', 1],
  ['count eq "1"', 'filter_type', 1],
  ['since gt 5', 'filter_type', 1],
  ['since gt "2011-05-13"', 'filter_type', 1],
  ['since gt "2011-05-13T04:42:34"', 'filter_type', 1],
  ['since gt "2011-02-30T04:42:34Z"', 'filter_type', 1],
  ['userName pr and (title pr or count gt "x")', 'filter_type', 30],
]

const refusedAs = (code: FilterErrorCode, position: number) => (error: unknown) =>
  error instanceof FilterError && error.code === code && error.position === position

describe('a filter against the schema (RFC 7644 §3.4.2.2, RFC 7643 §2)', () => {
  for (const [topic, cases] of Object.entries(RESOLVED)) {
    describe(topic, () => {
      for (const [filter, resolved] of cases) {
        it(`takes ${filter} as ${resolved}`, () => assert.equal(show(resolve(filter)), resolved))
      }
    })
  }

  it('keeps the value as it was written beside the one that is compared', () => {
    const filter = resolve('emails[type eq "Work" and primary eq "True"]')
    assert.deepEqual(
      filter.kind === 'some' && eqTerms(filter.filter)!.map(({ target, literal }) => [target.attribute.name, literal]),
      [
        ['type', 'Work'],
        ['primary', true],
      ],
    )
  })

  describe('refuses (checks 94, 96, 97, 98)', () => {
    for (const [filter, code, position] of REFUSED) {
      it(`${filter} as ${code}`, () => assert.throws(() => resolve(filter), refusedAs(code, position)))
    }
  })
})

describe('a query over all types (RFC 7644 §3.4.2.1, check 75)', () => {
  const cases = [
    ['userName eq "x"', 'false'],
    ['userName ne "x"', 'true'],
    ['userName pr', 'false'],
    ['userName eq null', 'true'],
    ['userName ne null', 'false'],
    ['emails[type eq "work"]', 'false'],
    ['emails[type eq "work"].value ne "x"', 'true'],
    ['members.foo eq "x"', 'false'],
    ['members[foo ne "x"]', 'some members true'],
    ['not (userName eq "x") and displayName eq "X"', '(not false and displayName eq "x")'],
  ] as const
  for (const [filter, resolved] of cases) {
    it(`takes ${filter} of a Group as ${resolved}`, () => {
      assert.equal(show(resolveFilter(parseFilter(filter), GROUP_SCHEMA, { unknown: 'no-value' })), resolved)
    })
  }

  it('still refuses what may not be asked, and what has the wrong type', () => {
    assert.throws(() => resolve('secret eq "x"', { unknown: 'no-value' }), refusedAs('filter_attribute', 1))
    assert.throws(() => resolve('active gt true', { unknown: 'no-value' }), refusedAs('filter_type', 1))
  })
})

describe('the path of a PATCH operation against the schema (RFC 7644 §3.5.2)', () => {
  const cases = [
    ['ACTIVE', 'active'],
    ['name', 'name'],
    ['emails', 'emails'],
    ['name.givenname', 'name.givenName'],
    ['emails[type eq "work"]', 'emails type eq "work"'],
    ['emails[type eq "work"].value', 'emails.value type eq "work"'],
    ['manager', 'enterprise:manager'],
    [`${ENTERPRISE_URN}:manager`, 'enterprise:manager'],
    ['manager[value eq "x"]', 'enterprise:manager value eq "x"'],
    ['roles[primary eq "True"].value', 'roles.value primary eq true'],
  ] as const
  for (const [path, resolved] of cases) {
    it(`takes ${path} as ${resolved}`, () => {
      const { filter, ...target } = resolvePath(parsePath(path), SCHEMA)
      assert.equal(`${name(target)}${filter === undefined ? '' : ` ${show(filter)}`}`, resolved)
    })
  }

  for (const path of [
    'foo',
    'name.foo',
    'emails[foo pr]',
    'emails[type pr].foo',
    'userName[value pr]',
    'urn:x:userName',
  ]) {
    it(`refuses ${path}`, () => {
      assert.throws(
        () => resolvePath(parsePath(path), SCHEMA),
        (error: unknown) => error instanceof FilterError && error.code === 'filter_attribute',
      )
    })
  }
})

describe('recognising plain equality', () => {
  const terms = (filter: string) =>
    eqTerms(resolve(filter))?.map(({ target, literal }) => [name(target), literal] as [string, Attribute['name']])

  it('lists the terms of eq joined by and', () => {
    assert.deepEqual(terms('userName eq "A"'), [['userName', 'A']])
    assert.deepEqual(terms('id eq "1" and (manager eq "2" and title eq "T")'), [
      ['id', '1'],
      ['enterprise:manager.value', '2'],
      ['title', 'T'],
    ])
  })

  for (const filter of [
    'userName ne "a"',
    'userName eq "a" or id eq "b"',
    'not (id eq "a")',
    'id pr',
    'emails[type eq "a"]',
  ]) {
    it(`finds none in ${filter}`, () => assert.equal(terms(filter), undefined))
  }
})
