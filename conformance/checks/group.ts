import { checksOf } from '../check.js'
import { holds, same } from '../lab.js'

export const GROUP_RESOURCE = checksOf('RFC 7643 §4.2', [
  [
    55,
    'must',
    'displayName of a group is required',
    async (lab) => {
      const { displayName: _, ...body } = lab.groupBody()
      await lab.refused(400, ['invalidValue', 'invalidSyntax'], 'POST', '/Groups', { body })
    },
  ],
  [
    57,
    'should',
    'a member may be sent with display, type and $ref',
    async (lab) => {
      const user = await lab.user()
      const members = [{ value: user.id, display: 'Ada', type: 'User', $ref: `../Users/${user.id}` }]
      const group = (await lab.create('/Groups', lab.groupBody({ members }))).body
      same(
        group.members.map(({ value }: { value: string }) => value),
        [user.id],
        'members',
      )
    },
  ],
  [
    58,
    'should',
    'a member without a type is found by its id',
    async (lab) => {
      const user = await lab.user()
      same((await lab.group([user])).members?.[0]?.value, user.id, 'the member')
    },
  ],
  [
    59,
    'must',
    'a group as member is taken, or refused with 400 invalidValue',
    async (lab) => {
      const inner = await lab.group()
      const body = lab.groupBody({ members: [{ value: inner.id, type: 'Group' }] })
      const answer = await lab.client.send('POST', '/Groups', { body })
      if (answer.status === 201) return lab.adopt(`/Groups/${answer.body.id}`)
      same([answer.status, answer.body?.scimType], [400, 'invalidValue'], 'status and scimType')
    },
  ],
  [
    60,
    'should',
    'an unknown member is refused by name, and the group is not made',
    async (lab) => {
      const body = lab.groupBody({ members: [{ value: `nobody-${lab.word}` }] })
      const answer = await lab.refused(400, ['invalidValue'], 'POST', '/Groups', { body })
      holds(answer.text.includes(`nobody-${lab.word}`), 'detail does not name the member')
      same(await lab.find('/Groups', `displayName eq "${body.displayName}"`), [], 'what is found')
    },
  ],
])
