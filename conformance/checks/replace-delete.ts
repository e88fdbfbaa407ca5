import { checksOf } from '../check.js'
import { ENTERPRISE, holds, same, USER } from '../lab.js'

export const PUT = checksOf('RFC 7644 §3.5.1', [
  [
    120,
    'must',
    'an id that is the same is no change of it',
    async (lab) => {
      const user = await lab.user()
      const body = { ...lab.userBody({ userName: user.userName, emails: user.emails }), id: user.id }
      same((await lab.client.expect(200, 'PUT', `/Users/${user.id}`, { body })).body.id, user.id, 'id')
    },
  ],
  [
    121,
    'should',
    'active and the password stay where PUT does not name them',
    async (lab) => {
      const user = await lab.user({ active: false })
      const { active: _, ...body } = lab.userBody({ userName: user.userName, emails: user.emails })
      const put = await lab.client.expect(200, 'PUT', `/Users/${user.id}`, { body })
      holds(typeof put.body.active === 'boolean', `active is ${put.body.active}`)
    },
  ],
  [
    117,
    'must',
    'PUT replaces: what is not sent is gone',
    async (lab) => {
      const user = await lab.user({ title: 'x', nickName: 'y' })
      const body = lab.userBody({ userName: user.userName, emails: user.emails, title: 'z' })
      await lab.client.expect(200, 'PUT', `/Users/${user.id}`, { body })
      const read = await lab.get(`/Users/${user.id}`)
      same([read.title, read.nickName], ['z', undefined], 'title and nickName')
    },
  ],
  [
    118,
    'must',
    'PUT never creates: an unknown id is 404',
    async (lab) => {
      await lab.refused(404, [], 'PUT', `/Users/${lab.word}`, { body: lab.userBody() })
    },
  ],
  [
    119,
    'must',
    'readOnly attributes of the body are ignored',
    async (lab) => {
      const user = await lab.user()
      const body = { ...user, groups: [{ value: 'x' }], meta: { created: '1999-01-01T00:00:00Z' } }
      const { body: put } = await lab.client.expect(200, 'PUT', `/Users/${user.id}`, { body })
      same([put.groups ?? [], put.meta.created], [[], user.meta.created], 'groups and meta.created')
    },
  ],
  [
    122,
    'must',
    'what is required and missing is 400 invalidValue',
    async (lab) => {
      const user = await lab.user()
      const { userName: _, ...body } = lab.userBody()
      await lab.refused(400, ['invalidValue', 'invalidSyntax'], 'PUT', `/Users/${user.id}`, { body })
      same((await lab.get(`/Users/${user.id}`)).userName, user.userName, 'userName')
    },
  ],
  [
    123,
    'must',
    'another id in the body is ignored',
    async (lab) => {
      const user = await lab.user()
      const body = { ...lab.userBody({ userName: user.userName, emails: user.emails }), id: 'other' }
      same((await lab.client.expect(200, 'PUT', `/Users/${user.id}`, { body })).body.id, user.id, 'id')
    },
  ],
  [
    124,
    'must',
    'a userName that is taken is 409 uniqueness',
    async (lab) => {
      const [one, other] = [await lab.user(), await lab.user()]
      const body = lab.userBody({ userName: other.userName })
      await lab.refused(409, ['uniqueness'], 'PUT', `/Users/${one.id}`, { body })
    },
  ],
])

export const DELETE = checksOf('RFC 7644 §3.6', [
  [
    145,
    'must',
    'DELETE is 204; afterwards everything is 404, and no list shows it',
    async (lab) => {
      const user = await lab.user()
      const path = `/Users/${user.id}`
      await lab.client.expect(204, 'DELETE', path)
      await lab.refused(404, [], 'GET', path)
      await lab.refused(404, [], 'DELETE', path)
      await lab.refused(404, [], 'PUT', path, { body: lab.userBody() })
      same(await lab.find('/Users', `userName eq "${user.userName}"`), [], 'what is found')
    },
  ],
  [
    146,
    'must',
    'who was deleted can be created again, under a new id',
    async (lab) => {
      const user = await lab.user()
      await lab.client.expect(204, 'DELETE', `/Users/${user.id}`)
      const again = await lab.user({ userName: user.userName })
      holds(again.id !== user.id, 'the id is the old one')
    },
  ],
  [
    147,
    'must',
    'who is deleted is in no group and manages nobody',
    async (lab) => {
      const boss = await lab.user()
      const user = await lab.user({ schemas: [USER, ENTERPRISE], [ENTERPRISE]: { manager: { value: boss.id } } })
      const group = await lab.group([boss, user])
      await lab.client.expect(204, 'DELETE', `/Users/${boss.id}`)
      const members = (await lab.get(`/Groups/${group.id}`)).members ?? []
      same(
        members.map(({ value }: { value: string }) => value),
        [user.id],
        'members',
      )
      same((await lab.get(`/Users/${user.id}`))[ENTERPRISE]?.manager, undefined, 'manager')
    },
  ],
])
