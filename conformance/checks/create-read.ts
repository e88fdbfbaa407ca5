import { checksOf } from '../check.js'
import { holds, idsOf, LIST_RESPONSE, same } from '../lab.js'

export const CREATE = checksOf('RFC 7644 §3.3', [
  [
    65,
    'must',
    'what is required and missing is 400',
    async (lab) => {
      const { userName: _, ...body } = lab.userBody()
      await lab.refused(400, ['invalidValue', 'invalidSyntax'], 'POST', '/Users', { body })
    },
  ],
  [
    67,
    'must',
    'what the server adds is in its answer',
    async (lab) => {
      const { body } = await lab.create('/Users', lab.userBody())
      const read = await lab.get(`/Users/${body.id}`)
      same([read.active, read.meta.created], [body.active, body.meta.created], 'active and meta.created')
    },
  ],
  [
    61,
    'must',
    'a creation is 201 with the whole resource and Location',
    async (lab) => {
      const body = lab.userBody({ title: 'Countess' })
      const answer = await lab.create('/Users', body)
      holds(answer.headers.has('location'), 'Location is missing')
      same([answer.body.userName, answer.body.title], [body.userName, 'Countess'], 'userName and title')
    },
  ],
  [
    62,
    'must',
    'readOnly attributes of the body are ignored',
    async (lab) => {
      const user = await lab.user({ groups: [{ value: 'x', display: 'x' }], meta: { version: 'x' } })
      same(user.groups ?? [], [], 'groups')
    },
  ],
  [
    63,
    'must',
    'an id of the client is ignored',
    async (lab) => {
      holds((await lab.user({ id: lab.word })).id !== lab.word, 'id was taken from the client')
    },
  ],
  [
    64,
    'must',
    'what has to be unique and is taken is 409 uniqueness',
    async (lab) => {
      const { userName } = await lab.user()
      await lab.refused(409, ['uniqueness'], 'POST', '/Users', { body: lab.userBody({ userName }) })
    },
  ],
  [
    66,
    'must',
    'a body that is no JSON, or no object, is 400 invalidSyntax',
    async (lab) => {
      for (const body of ['{', 'nope', '[]', '"text"', '1'])
        await lab.refused(400, ['invalidSyntax', 'invalidValue'], 'POST', '/Users', { body })
    },
  ],
  [
    68,
    'must',
    'creation happens on the endpoint alone: POST to a resource is 405',
    async (lab) => {
      const user = await lab.user()
      await lab.client.expect([404, 405], 'POST', `/Users/${user.id}`, { body: lab.userBody() })
    },
  ],
])

export const READ = checksOf('RFC 7644 §3.4.1, §3.4.2', [
  [
    70,
    'must',
    'a resource is read by its id, an unknown one is 404',
    async (lab) => {
      const user = await lab.user()
      same((await lab.get(`/Users/${user.id}`)).id, user.id, 'id')
      await lab.refused(404, [], 'GET', `/Users/${lab.word}`)
      await lab.refused(404, [], 'GET', `/Groups/${lab.word}`)
    },
  ],
  [
    72,
    'must',
    'a query is answered by a ListResponse',
    async (lab) => {
      await lab.user()
      const user = await lab.user()
      const list = await lab.list('/Users', { filter: `userName eq "${user.userName}"` })
      holds(list.schemas.includes(LIST_RESPONSE), `schemas lacks ${LIST_RESPONSE}`)
      same([list.totalResults, idsOf(list.Resources)], [1, [user.id]], 'totalResults and Resources')
    },
  ],
  [
    73,
    'must',
    'no match is 200 with an empty list',
    async (lab) => {
      await lab.user()
      const list = await lab.list('/Users', { filter: `userName eq "${lab.word}"` })
      same([list.totalResults, list.Resources ?? []], [0, []], 'totalResults and Resources')
    },
  ],
  [
    74,
    'must',
    'unknown parameters are ignored',
    async (lab) => {
      await lab.get('/Users?count=1&nonsense=1&aadOptscim062020')
    },
  ],
  [
    77,
    'must',
    'startIndex counts from 1; less means 1',
    async (lab) => {
      const user = await lab.user()
      const filter = `userName eq "${user.userName}"`
      for (const startIndex of ['0', '-5', '1']) {
        const list = await lab.list('/Users', { filter, startIndex })
        same(idsOf(list.Resources ?? []), [user.id], `startIndex=${startIndex}`)
      }
    },
  ],
  [
    78,
    'must',
    'count 0 tells the total alone, and so does less',
    async (lab) => {
      const user = await lab.user()
      for (const count of ['0', '-1']) {
        const list = await lab.list('/Users', { filter: `userName eq "${user.userName}"`, count })
        same([list.totalResults, list.Resources ?? []], [1, []], `count=${count}`)
      }
    },
  ],
  [
    79,
    'must',
    'no more than count are returned',
    async (lab) => {
      for (let number = 0; number < 3; number++) await lab.user()
      const list = await lab.list('/Users', { count: '2' })
      holds(list.Resources.length <= 2, `${list.Resources.length} resources`)
      same(list.itemsPerPage ?? list.Resources.length, list.Resources.length, 'itemsPerPage')
    },
  ],
  [
    80,
    'should',
    'a startIndex or count that is no number is 400 invalidValue',
    async (lab) => {
      await lab.refused(400, ['invalidValue', 'invalidCount'], 'GET', '/Users?count=many')
      await lab.refused(400, ['invalidValue', 'invalidSyntax'], 'GET', '/Users?startIndex=first')
    },
  ],
  [
    81,
    'must',
    'a page behind the end is empty and tells the true total',
    async (lab) => {
      const user = await lab.user()
      const list = await lab.list('/Users', { filter: `userName eq "${user.userName}"`, startIndex: '50' })
      same([list.totalResults, list.Resources ?? []], [1, []], 'totalResults and Resources')
    },
  ],
  [
    82,
    'should',
    'pages together hold everyone once, in one order',
    async (lab) => {
      const title = lab.word
      const made: string[] = []
      for (let number = 0; number < 5; number++) made.push((await lab.user({ title })).id)
      const seen: string[] = []
      for (const startIndex of ['1', '3', '5'])
        seen.push(
          ...idsOf((await lab.list('/Users', { filter: `title eq "${title}"`, startIndex, count: '2' })).Resources),
        )
      same([...seen].sort(), [...made].sort(), 'the people of all pages')
    },
  ],
])
