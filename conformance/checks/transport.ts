import { checksOf } from '../check.js'
import { checkError, holds, patchBody, same } from '../lab.js'

const MEDIA = /^application\/(scim\+)?json\b/i

export const TRANSPORT = checksOf('RFC 7644 §3.8', [
  [
    1,
    'must',
    'bodies are UTF-8: names of every script come back as they were sent',
    async (lab) => {
      const displayName = 'Ærøskøbing 東京 \u{1F600} é'
      const user = await lab.user({ displayName })
      same((await lab.get(`/Users/${user.id}`)).displayName, displayName, 'displayName')
    },
  ],
  [
    2,
    'must',
    'application/scim+json is taken and answered',
    async (lab) => {
      const { headers } = await lab.client.expect(200, 'GET', '/Users?count=1')
      const type = headers.get('content-type') ?? ''
      holds(/^application\/scim\+json\b/i.test(type), `Content-Type is ${type}`)
    },
  ],
  [
    3,
    'should',
    'application/json is taken, and answered when Accept asks for it',
    async (lab) => {
      const headers = { 'Content-Type': 'application/json', Accept: 'application/json' }
      const answer = await lab.create('/Users', lab.userBody(), headers)
      const type = answer.headers.get('content-type') ?? ''
      holds(MEDIA.test(type), `Content-Type is ${type}`)
    },
  ],
  [
    4,
    'must',
    'a charset parameter of the media type is ignored',
    async (lab) => {
      await lab.create('/Users', lab.userBody(), { 'Content-Type': 'application/scim+json; charset=utf-8' })
    },
  ],
  [
    5,
    'should',
    'a body of another media type is 415',
    async (lab) => {
      await lab.refused(415, [], 'POST', '/Users', {
        body: 'a=b',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      })
    },
  ],
  [
    8,
    'should',
    'a slash at the end of an endpoint is tolerated',
    async (lab) => {
      same((await lab.client.expect(200, 'GET', '/Users/?count=1')).status, 200, 'the status')
    },
  ],
  [
    9,
    'must',
    'no token and a wrong token are 401 with WWW-Authenticate',
    async (lab) => {
      for (const Authorization of [undefined, 'Bearer wrong', 'Basic d3Jvbmc6dG9rZW4=']) {
        const answer = await lab.client.expect(401, 'GET', '/Users?count=1', { headers: { Authorization } })
        holds(answer.headers.has('www-authenticate'), 'WWW-Authenticate is missing')
      }
    },
  ],
  [
    11,
    'must',
    'who is not authenticated changes nothing',
    async (lab) => {
      const body = lab.userBody()
      await lab.client.expect(401, 'POST', '/Users', { body, headers: { Authorization: undefined } })
      same(await lab.find('/Users', `userName eq "${body.userName}"`), [], 'what is found')
    },
  ],
  [
    13,
    'must',
    '204 has no body',
    async (lab) => {
      const user = await lab.user()
      same((await lab.client.expect(204, 'DELETE', `/Users/${user.id}`)).text, '', 'the body')
    },
  ],
  [
    14,
    'should',
    'an unknown endpoint is 404 with an Error',
    async (lab) => {
      await lab.refused(404, [], 'GET', `/${lab.word}`)
    },
  ],
  [
    15,
    'should',
    'a wrong method is 405 with Allow',
    async (lab) => {
      const answer = await lab.refused(405, [], 'DELETE', '/Users')
      holds((answer.headers.get('allow') ?? '').includes('GET'), 'Allow does not name GET')
    },
  ],
  [
    161,
    'must',
    'errors of the transport are Error messages too',
    async (lab) => {
      checkError(await lab.client.expect(401, 'GET', '/Users?count=1', { headers: { Authorization: 'Bearer wrong' } }))
      checkError(await lab.client.expect(404, 'GET', `/Users/${lab.word}`))
      checkError(await lab.client.expect(400, 'POST', '/Users', { body: '{' }))
      checkError(await lab.client.expect([400, 404], 'PATCH', `/Users/${lab.word}`, { body: patchBody([]) }))
    },
  ],
])
