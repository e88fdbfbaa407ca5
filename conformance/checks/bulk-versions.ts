import { checksOf } from '../check.js'
import type { Body } from '../client.js'
import {
  BULK_REQUEST,
  BULK_RESPONSE,
  checkError,
  ENTERPRISE,
  holds,
  type Lab,
  patchBody,
  same,
  sameSet,
} from '../lab.js'

async function bulk(lab: Lab, Operations: object[], rest: object = {}): Promise<Body[]> {
  await lab.needs('bulk')
  const { body } = await lab.client.expect(200, 'POST', '/Bulk', {
    body: { schemas: [BULK_REQUEST], ...rest, Operations },
  })
  holds(body.schemas.includes(BULK_RESPONSE), `schemas lacks ${BULK_RESPONSE}`)
  for (const { method, status, location } of body.Operations)
    if (method === 'POST' && statusOf({ status }) === '201')
      lab.adopt(String(location).slice(lab.client.baseUrl.length))
  return body.Operations
}

/** Some servers write the status as an object with code. */
const statusOf = ({ status }: Body): string => String(status?.code ?? status)
const post = (bulkId: string, data: object) => ({ method: 'POST', path: '/Users', bulkId, data })

export const BULK = checksOf('RFC 7644 §3.7', [
  [
    151,
    'must',
    'a creation without bulkId is refused',
    async (lab) => {
      const { bulkId: _, ...nameless } = post('a', lab.userBody())
      await lab.needs('bulk')
      const body = { schemas: [BULK_REQUEST], Operations: [nameless] }
      const answer = await lab.client.expect([200, 400], 'POST', '/Bulk', { body })
      if (answer.status === 200) same(answer.body.Operations.map(statusOf), ['400'], 'the statuses')
    },
  ],
  [
    156,
    'must',
    'version is the version of each resource',
    async (lab) => {
      await lab.needs('etag')
      const [made] = await bulk(lab, [post('a', lab.userBody())])
      const read = await lab.get(String(made.location).slice(lab.client.baseUrl.length))
      same(made.version, read.meta.version, 'version')
    },
  ],
  [
    157,
    'should',
    'answers come in the order of the operations',
    async (lab) => {
      const answers = await bulk(lab, [post('a', lab.userBody()), post('b', lab.userBody()), post('c', lab.userBody())])
      same(
        answers.map(({ bulkId }) => bulkId),
        ['a', 'b', 'c'],
        'the order',
      )
    },
  ],
  [
    149,
    'may',
    'POST /Bulk answers 200 with one answer per operation, also where some fail',
    async (lab) => {
      const taken = await lab.user()
      const answers = await bulk(lab, [
        post('a', lab.userBody()),
        post('b', lab.userBody({ userName: taken.userName })),
      ])
      same(answers.map(statusOf), ['201', '409'], 'the statuses')
    },
  ],
  [
    150,
    'must',
    'failOnErrors stops after so many',
    async (lab) => {
      const bad = { method: 'DELETE', path: `/Users/${lab.word}` }
      const last = lab.userBody()
      same((await bulk(lab, [bad, post('a', last)], { failOnErrors: 1 })).map(statusOf), ['404'], 'the statuses')
      same(await lab.find('/Users', `userName eq "${last.userName}"`), [], 'who was created after the stop')
    },
  ],
  [
    152,
    'must',
    'bulkId stands for the id, also before it is made',
    async (lab) => {
      await lab.needs('bulk')
      const members = [{ value: 'bulkId:a' }]
      const group = { method: 'POST', path: '/Groups', bulkId: 'g', data: lab.groupBody({ members }) }
      const answers = await bulk(lab, [group, post('a', lab.userBody())])
      same(answers.map(statusOf), ['201', '201'], 'the statuses')
      const made = answers.find(({ bulkId }) => bulkId === 'g')
      const read = await lab.get(String(made.location).slice(lab.client.baseUrl.length))
      same(read.members.length, 1, 'the number of members')
    },
  ],
  [
    153,
    'should',
    'references in a circle are resolved, or refused',
    async (lab) => {
      await lab.needs('bulk')
      const by = (id: string) => ({ [ENTERPRISE]: { manager: { value: `bulkId:${id}` } } })
      const answers = await bulk(lab, [post('a', lab.userBody(by('b'))), post('b', lab.userBody(by('a')))])
      for (const answer of answers)
        holds(['201', '409', '400'].includes(statusOf(answer)), `the status is ${statusOf(answer)}`)
    },
  ],
  [
    154,
    'must',
    'an answer has method, bulkId, location and status as text; a failure its Error',
    async (lab) => {
      const taken = await lab.user()
      const [good, bad] = await bulk(lab, [
        post('a', lab.userBody()),
        post('b', lab.userBody({ userName: taken.userName })),
      ])
      same([good.method, good.bulkId, typeof good.location, good.status], ['POST', 'a', 'string', '201'], 'a success')
      same([bad.method, bad.bulkId, bad.location, bad.status], ['POST', 'b', undefined, '409'], 'a failure')
      checkError({ ...EMPTY, status: 409, body: bad.response, text: JSON.stringify(bad.response) })
    },
  ],
  [
    155,
    'must',
    'more operations than maxOperations are 413',
    async (lab) => {
      const { maxOperations } = await lab.needs('bulk')
      if (maxOperations > 5_000) return
      const Operations = Array.from({ length: maxOperations + 1 }, () => ({
        method: 'DELETE',
        path: `/Users/${lab.word}`,
      }))
      await lab.refused(413, [], 'POST', '/Bulk', { body: { schemas: [BULK_REQUEST], Operations } })
    },
  ],
])

const EMPTY = { method: 'POST', path: '/Bulk', headers: new Headers() }

export const ME = checksOf('RFC 7644 §3.11', [
  [
    158,
    'may',
    '/Me is who asks, a redirect to her, 404 or 501',
    async (lab) => {
      const { status } = await lab.client.send('GET', '/Me')
      holds([200, 308, 404, 501].includes(status), `the status is ${status}`)
    },
  ],
])

export const ERRORS = checksOf('RFC 7644 §3.12', [
  [
    159,
    'must',
    'an Error has its schema, its status as text, and a detail',
    async (lab) => {
      const answer = await lab.refused(404, [], 'GET', `/Users/${lab.word}`)
      holds(typeof answer.body.detail === 'string' && answer.body.detail !== '', 'detail is missing')
      const { userName } = await lab.user()
      await lab.refused(409, ['uniqueness'], 'POST', '/Users', { body: lab.userBody({ userName }) })
    },
  ],
  [
    160,
    'must',
    'scimType is one of those of the RFC',
    async (lab) => {
      for (const filter of ['userName eq', 'active gt true'])
        await lab.refused(400, ['invalidFilter'], 'GET', `/Users?filter=${encodeURIComponent(filter)}`)
    },
  ],
  [
    162,
    'must',
    'detail says which attribute is wrong',
    async (lab) => {
      const answer = await lab.refused(400, [], 'POST', '/Users', { body: lab.userBody({ emails: 'x', userName: '' }) })
      holds(/userName|emails/i.test(answer.body.detail), `detail is ${answer.body.detail}`)
    },
  ],
])

export const VERSIONS = checksOf('RFC 7644 §3.14', [
  [
    167,
    'must',
    'a malformed If-Match does not succeed; without one the last write wins',
    async (lab) => {
      await lab.needs('etag')
      const user = await lab.user()
      const body = patchBody([{ op: 'replace', path: 'title', value: 'x' }])
      await lab.client.expect([400, 412], 'PATCH', `/Users/${user.id}`, { body, headers: { 'If-Match': 'nonsense' } })
      await lab.client.expect([200, 204], 'PATCH', `/Users/${user.id}`, { body })
    },
  ],
  [
    164,
    'may',
    'ETag is meta.version',
    async (lab) => {
      await lab.needs('etag')
      const { body, headers } = await lab.create('/Users', lab.userBody())
      same(headers.get('etag'), body.meta.version, 'ETag')
      const read = await lab.client.expect(200, 'GET', `/Users/${body.id}`)
      same(read.headers.get('etag'), read.body.meta.version, 'ETag of GET')
    },
  ],
  [
    165,
    'must',
    'a stale If-Match is 412, a current one and * succeed',
    async (lab) => {
      await lab.needs('etag')
      const user = await lab.user()
      const change = (version: string, value: string) => ({
        body: patchBody([{ op: 'replace', path: 'title', value }]),
        headers: { 'If-Match': version },
      })
      await lab.client.expect([200, 204], 'PATCH', `/Users/${user.id}`, change(user.meta.version, 'a'))
      await lab.refused(412, [], 'PATCH', `/Users/${user.id}`, change(user.meta.version, 'b'))
      await lab.client.expect([200, 204], 'PATCH', `/Users/${user.id}`, change('*', 'c'))
      same((await lab.get(`/Users/${user.id}`)).title, 'c', 'title')
    },
  ],
  [
    166,
    'must',
    'If-None-Match of the current version is 304 without a body',
    async (lab) => {
      await lab.needs('etag')
      const user = await lab.user()
      const answer = await lab.client.expect(304, 'GET', `/Users/${user.id}`, {
        headers: { 'If-None-Match': user.meta.version },
      })
      same(answer.text, '', 'the body')
    },
  ],
  [
    168,
    'must',
    'the version changes where the resource does, and only there',
    async (lab) => {
      await lab.needs('etag')
      const user = await lab.user()
      same((await lab.get(`/Users/${user.id}`)).meta.version, user.meta.version, 'the version of what is the same')
      const changed = await lab.patched(user, { op: 'replace', path: 'title', value: 'x' })
      holds(changed.meta.version !== user.meta.version, 'the version stayed')
      sameSet([changed.title], ['x'], 'title')
    },
  ],
])
