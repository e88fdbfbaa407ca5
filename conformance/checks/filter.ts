import { checksOf } from '../check.js'
import type { Body } from '../client.js'
import { ENTERPRISE, holds, type Lab, same, sameSet, USER } from '../lab.js'

/** Three people who differ, and what a filter finds of them. */
async function three(lab: Lab): Promise<(filter: string) => Promise<string[]>> {
  const nickName = lab.word
  const people: [string, object][] = [
    [
      'ann',
      {
        title: 'Alpha One',
        active: true,
        profileUrl: 'https://example.com/ann',
        name: { givenName: 'Ann', familyName: "O'Neil" },
      },
    ],
    ['bob', { title: 'Beta "Two"', active: false, name: { givenName: 'Bob', familyName: '100%_Pure\\' } }],
    ['eve', { active: true, name: { givenName: 'Eve', familyName: 'Gamma' } }],
  ]
  const names = new Map<string, string>()
  for (const [who, rest] of people) {
    const emails = [
      { value: `${who}.work.${nickName}@example.com`, type: 'work', primary: true },
      { value: `${who}.home.${nickName}@example.org`, type: 'home' },
    ]
    const extension = who === 'eve' ? {} : { schemas: [USER, ENTERPRISE], [ENTERPRISE]: { department: `Dep ${who}` } }
    names.set((await lab.user({ ...rest, nickName, emails, ...extension })).id, who)
  }
  return async (filter) => {
    const found: Body[] = await lab.find('/Users', `nickName eq "${nickName}" and (${filter})`)
    return found.map(({ id }) => names.get(id) ?? id).sort()
  }
}

type Case = readonly [filter: string, expected: string]

/** Each filter finds the people whose names are listed. */
function finds(cases: readonly Case[]): (lab: Lab) => Promise<void> {
  return async (lab) => {
    const found = await three(lab)
    for (const [filter, expected] of cases)
      sameSet(await found(filter), expected.split(' ').filter(Boolean), `what ${filter} finds`)
  }
}

export const FILTER = checksOf('RFC 7644 §3.4.2.2', [
  [
    101,
    'must',
    'active eq "True" is understood as true',
    async (lab) => {
      const found = await three(lab)
      sameSet(await found('active eq "True"'), ['ann', 'eve'], 'the people')
    },
  ],
  [102, 'should', 'ne is true where there is no value', finds([['title ne "Alpha One"', 'bob eve']])],
  [
    83,
    'must',
    'eq ne co sw ew pr gt ge lt le, in any letter case',
    finds([
      ['name.givenName eq "Ann"', 'ann'],
      ['name.givenName EQ "Ann"', 'ann'],
      ['name.givenName ne "Ann"', 'bob eve'],
      ['title co "ta"', 'bob'],
      ['title sw "Alpha"', 'ann'],
      ['title ew "One"', 'ann'],
      ['title pr', 'ann bob'],
      ['title PR', 'ann bob'],
      ['name.givenName gt "Ann"', 'bob eve'],
      ['name.givenName ge "Bob"', 'bob eve'],
      ['name.givenName lt "Bob"', 'ann'],
      ['name.givenName le "Bob"', 'ann bob'],
    ]),
  ],
  [
    84,
    'must',
    'and binds closer than or, not takes brackets, brackets group',
    finds([
      ['name.givenName eq "Ann" or name.givenName eq "Bob" and active eq true', 'ann'],
      ['(name.givenName eq "Ann" or name.givenName eq "Bob") and active eq false', 'bob'],
      ['not (name.givenName eq "Ann")', 'bob eve'],
      ['NOT (title pr) AND active eq true', 'eve'],
    ]),
  ],
  [
    85,
    'must',
    'a filter in brackets behind a list',
    async (lab) => {
      const found = await three(lab)
      sameSet(await found(`emails[type eq "work" and value co "ann.work"]`), ['ann'], 'the people')
    },
  ],
  [
    86,
    'must',
    'attributes with their URN',
    finds([
      [`${USER}:title sw "Alpha"`, 'ann'],
      [`${ENTERPRISE}:department eq "Dep bob"`, 'bob'],
    ]),
  ],
  [87, 'must', 'parts of a complex attribute by a dot', finds([['name.familyName eq "Gamma"', 'eve']])],
  [
    88,
    'must',
    'true, false and null are values',
    finds([
      ['active eq false', 'bob'],
      ['active eq true', 'ann eve'],
      ['title eq null', 'eve'],
    ]),
  ],
  [
    89,
    'must',
    'quotes, backslashes, apostrophes, % and _ are letters like others',
    finds([
      ['title eq "Beta \\"Two\\""', 'bob'],
      ['name.familyName eq "O\'Neil"', 'ann'],
      ['name.familyName co "%"', 'bob'],
      ['name.familyName co "_"', 'bob'],
      ['name.familyName ew "\\\\"', 'bob'],
      ['name.familyName sw "1__"', ''],
    ]),
  ],
  [
    90,
    'must',
    'userName is found in any letter case, id in its own',
    async (lab) => {
      const user = await lab.user()
      same((await lab.find('/Users', `userName eq "${user.userName.toUpperCase()}"`)).length, 1, 'found by userName')
      same((await lab.find('/Users', `id eq "${user.id}"`)).length, 1, 'found by id')
      const other = user.id.toUpperCase() === user.id ? user.id.toLowerCase() : user.id.toUpperCase()
      if (other !== user.id) same(await lab.find('/Users', `id eq "${other}"`), [], 'found by id in another case')
    },
  ],
  [
    91,
    'must',
    'a list matches where one element does; emails means emails.value',
    async (lab) => {
      const found = await three(lab)
      const home = `eve.home.${lab.word}@example.org`
      sameSet(await found(`emails.value eq "${home}"`), ['eve'], 'by emails.value')
      sameSet(await found(`emails eq "${home}"`), ['eve'], 'by emails')
    },
  ],
  [
    92,
    'must',
    'in brackets all terms speak of one element',
    async (lab) => {
      const found = await three(lab)
      sameSet(await found(`emails[type eq "home" and value co "ann.work"]`), [], 'the people')
    },
  ],
  [
    93,
    'must',
    'pr of a complex attribute is true where a part of it has a value',
    finds([
      ['name pr', 'ann bob eve'],
      ['profileUrl pr', 'ann'],
    ]),
  ],
  [
    94,
    'must',
    'an order of booleans is 400 invalidFilter',
    async (lab) => {
      await lab.refused(400, ['invalidFilter'], 'GET', `/Users?filter=${encodeURIComponent('active gt true')}`)
    },
  ],
  [
    95,
    'must',
    'instants are compared as instants',
    async (lab) => {
      const user = await lab.user()
      const moment = new Date(Date.parse(user.meta.created) - 1_000)
      const shifted = new Date(moment.getTime() + 5 * 3_600_000).toISOString().replace('Z', '+05:00')
      const filter = `userName eq "${user.userName}" and meta.created gt "${shifted}"`
      same((await lab.find('/Users', filter)).length, 1, 'found after an instant of another zone')
      const later = `userName eq "${user.userName}" and meta.created lt "${moment.toISOString()}"`
      same(await lab.find('/Users', later), [], 'found before it')
    },
  ],
  [
    96,
    'must',
    'what is no filter is 400 invalidFilter',
    async (lab) => {
      for (const filter of [
        'userName',
        'userName xx "a"',
        'userName eq',
        'userName eq "a',
        '(userName pr',
        'userName eq "a" and',
      ])
        await lab.refused(400, ['invalidFilter'], 'GET', `/Users?filter=${encodeURIComponent(filter)}`)
    },
  ],
  [
    97,
    'should',
    'an unknown attribute finds nobody, or is 400 invalidFilter; never everybody',
    async (lab) => {
      await lab.user()
      const answer = await lab.client.send('GET', `/Users?filter=${encodeURIComponent('nonsense eq "x"')}`)
      if (answer.status !== 400) same(answer.body?.totalResults, 0, 'totalResults')
    },
  ],
  [
    98,
    'must',
    'a password cannot be searched by',
    async (lab) => {
      const user = await lab.user({ password: 't1meMa$heen' })
      const answer = await lab.client.send('GET', `/Users?filter=${encodeURIComponent('password sw "t1me"')}`)
      if (answer.status !== 400) holds(!answer.text.includes(user.id), 'somebody is found by her password')
    },
  ],
  [
    100,
    'must',
    'deep and long filters are answered, never with 5xx',
    async (lab) => {
      for (const filter of [
        `${'('.repeat(500)}userName pr${')'.repeat(500)}`,
        Array(300).fill('userName pr').join(' or '),
        'not ('.repeat(300),
      ]) {
        const { status } = await lab.client.send('GET', `/Users?count=1&filter=${encodeURIComponent(filter)}`)
        holds(status === 200 || (status >= 400 && status < 500), `the status is ${status}`)
      }
    },
  ],
])
