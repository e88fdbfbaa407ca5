import { checksOf } from '../check.js'
import { ENTERPRISE, holds, LIST_RESPONSE, patchBody, SEARCH_REQUEST, same, USER } from '../lab.js'

export const SORT = checksOf('RFC 7644 §3.4.2.3', [
  [
    105,
    'must',
    'a list sorts by its primary element, else its first',
    async (lab) => {
      await lab.needs('sort')
      const made: string[] = []
      for (const [first, second] of [
        ['b', 'z'],
        ['a', 'y'],
      ]) {
        const emails = [first, second].map((name) => ({
          value: `${name}.${lab.word}@example.com`,
          type: name,
          primary: name === second,
        }))
        made.push((await lab.user({ nickName: lab.word, emails })).id)
      }
      const found = await lab.find('/Users', `nickName eq "${lab.word}"`, { sortBy: 'emails' })
      same(
        found.map(({ id }) => id),
        made.reverse(),
        'the order',
      )
    },
  ],
  [
    103,
    'may',
    'sortBy and sortOrder order the list',
    async (lab) => {
      await lab.needs('sort')
      for (const title of ['b', 'a', 'c']) await lab.user({ title, nickName: lab.word })
      const titles = async (sortOrder: string) =>
        (await lab.find('/Users', `nickName eq "${lab.word}"`, { sortBy: 'title', sortOrder })).map(
          ({ title }) => title,
        )
      same(await titles('ascending'), ['a', 'b', 'c'], 'ascending')
      same(await titles('descending'), ['c', 'b', 'a'], 'descending')
    },
  ],
  [
    104,
    'must',
    'missing values come last when ascending, first when descending',
    async (lab) => {
      await lab.needs('sort')
      for (const title of ['a', undefined]) await lab.user({ title, nickName: lab.word })
      const titles = async (sortOrder: string) =>
        (await lab.find('/Users', `nickName eq "${lab.word}"`, { sortBy: 'title', sortOrder })).map(
          ({ title }) => title ?? null,
        )
      same(await titles('ascending'), ['a', null], 'ascending')
      same(await titles('descending'), [null, 'a'], 'descending')
    },
  ],
])

export const PROJECTION = checksOf('RFC 7644 §3.4.2.5', [
  [
    109,
    'must',
    'attributes and excludedAttributes together are answered, or refused with 400',
    async (lab) => {
      const user = await lab.user()
      await lab.client.expect([200, 400], 'GET', `/Users/${user.id}?attributes=userName&excludedAttributes=userName`)
    },
  ],
  [
    114,
    'must',
    'what is never returned is not returned when asked for either',
    async (lab) => {
      const user = await lab.user({ password: 't1meMa$heen' })
      const answer = await lab.client.expect(200, 'GET', `/Users/${user.id}?attributes=password`)
      holds(!/t1meMa|password/i.test(answer.text), `the answer is ${answer.text.slice(0, 200)}`)
    },
  ],
  [
    107,
    'must',
    'attributes returns those, with id and schemas',
    async (lab) => {
      const user = await lab.user({ title: 'x' })
      const read = await lab.get(`/Users/${user.id}?attributes=userName`)
      same(
        [read.id, read.userName, read.title, read.emails],
        [user.id, user.userName, undefined, undefined],
        'the attributes',
      )
      const [listed] = (await lab.list('/Users', { filter: `userName eq "${user.userName}"`, attributes: 'title' }))
        .Resources
      same([listed.id, listed.title, listed.userName], [user.id, 'x', undefined], 'the attributes in a list')
    },
  ],
  [
    108,
    'must',
    'excludedAttributes takes away, but never id',
    async (lab) => {
      const user = await lab.user({ title: 'x' })
      const read = await lab.get(`/Users/${user.id}?excludedAttributes=title,emails,id`)
      same(
        [read.id, read.userName, read.title, read.emails],
        [user.id, user.userName, undefined, undefined],
        'the attributes',
      )
    },
  ],
  [
    110,
    'must',
    'both work on POST, PUT and PATCH',
    async (lab) => {
      const body = lab.userBody({ title: 'x' })
      const made = await lab.create('/Users?attributes=userName', body)
      same([made.body.userName, made.body.title], [body.userName, undefined], 'the answer to POST')
      const path = `/Users/${made.body.id}?attributes=title`
      const put = await lab.client.expect(200, 'PUT', path, { body })
      same([put.body.title, put.body.userName], ['x', undefined], 'the answer to PUT')
      const patch = patchBody([{ op: 'replace', path: 'title', value: 'y' }])
      const patched = await lab.client.expect(200, 'PATCH', path, { body: patch })
      same([patched.body.title, patched.body.userName], ['y', undefined], 'the answer to PATCH')
    },
  ],
  [
    111,
    'must',
    'names in any letter case, with a URN, with a dot',
    async (lab) => {
      const user = await lab.user({ schemas: [USER, ENTERPRISE], [ENTERPRISE]: { department: 'D', division: 'V' } })
      const read = await lab.get(`/Users/${user.id}?attributes=USERNAME,name.familyName,${ENTERPRISE}:department`)
      same(
        [read.userName, read.name, read[ENTERPRISE]],
        [user.userName, { familyName: 'Lovelace' }, { department: 'D' }],
        'the attributes',
      )
    },
  ],
  [
    112,
    'must',
    'unknown names are ignored',
    async (lab) => {
      const user = await lab.user()
      same((await lab.get(`/Users/${user.id}?attributes=userName,nonsense.x`)).userName, user.userName, 'userName')
      same((await lab.get(`/Users/${user.id}?excludedAttributes=nonsense`)).userName, user.userName, 'userName')
    },
  ],
])

export const SEARCH = checksOf('RFC 7644 §3.4.3', [
  [
    115,
    'may',
    'POST to .search finds what GET finds',
    async (lab) => {
      const user = await lab.user()
      const filter = `userName eq "${user.userName}"`
      const body = { schemas: [SEARCH_REQUEST], filter, attributes: ['userName'] }
      const answer = await lab.client.expect(200, 'POST', '/Users/.search', { body })
      holds(answer.body.schemas.includes(LIST_RESPONSE), `schemas lacks ${LIST_RESPONSE}`)
      same(
        [answer.body.totalResults, answer.body.Resources[0]?.id, answer.body.Resources[0]?.emails],
        [1, user.id, undefined],
        'the answer',
      )
    },
  ],
  [
    116,
    'must',
    'a search without its schema, or with a wrong filter, is 400',
    async (lab) => {
      await lab.refused(400, ['invalidSyntax', 'invalidValue'], 'POST', '/Users/.search', {
        body: { filter: 'userName pr' },
      })
      await lab.refused(400, ['invalidFilter'], 'POST', '/Users/.search', {
        body: { schemas: [SEARCH_REQUEST], filter: 'userName' },
      })
    },
  ],
])
