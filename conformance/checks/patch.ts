import { checksOf } from '../check.js'
import type { Body } from '../client.js'
import { ENTERPRISE, holds, patchBody, same, sameInstant, sameSet, USER } from '../lab.js'

const values = (list: Body[] | undefined) => (list ?? []).map(({ value }) => value)

export const PATCH = checksOf('RFC 7644 §3.5.2', [
  [
    125,
    'must',
    'the body is a PatchOp with operations',
    async (lab) => {
      const user = await lab.user()
      const path = `/Users/${user.id}`
      const Operations = [{ op: 'replace', path: 'title', value: 'x' }]
      await lab.refused(400, ['invalidSyntax', 'invalidValue'], 'PATCH', path, { body: { Operations } })
      await lab.refused(400, ['invalidSyntax', 'invalidValue'], 'PATCH', path, {
        body: { schemas: [USER], Operations },
      })
    },
  ],
  [
    126,
    'must',
    'where one operation fails, none is done',
    async (lab) => {
      const user = await lab.user({ title: 'before' })
      const body = patchBody([
        { op: 'replace', path: 'title', value: 'after' },
        { op: 'replace', path: 'userName', value: '' },
      ])
      await lab.client.expect(400, 'PATCH', `/Users/${user.id}`, { body })
      same((await lab.get(`/Users/${user.id}`)).title, 'before', 'title')
    },
  ],
  [
    127,
    'must',
    'operations follow one another',
    async (lab) => {
      const user = await lab.patched(
        await lab.user(),
        { op: 'replace', path: 'title', value: 'a' },
        { op: 'replace', path: 'title', value: 'b' },
      )
      same(user.title, 'b', 'title')
    },
  ],
  [
    128,
    'must',
    'op in any letter case; an unknown one is 400',
    async (lab) => {
      const user = await lab.user()
      same((await lab.patched(user, { op: 'Replace', path: 'title', value: 'x' })).title, 'x', 'title')
      const body = patchBody([{ op: 'upsert', path: 'title', value: 'y' }])
      await lab.refused(400, ['invalidSyntax', 'invalidValue'], 'PATCH', `/Users/${user.id}`, { body })
    },
  ],
  [
    130,
    'must',
    'add to a single value replaces it; adding what is there changes nothing',
    async (lab) => {
      const user = await lab.user({ title: 'a' })
      same((await lab.patched(user, { op: 'add', path: 'title', value: 'b' })).title, 'b', 'title')
      const before = await lab.get(`/Users/${user.id}`)
      const after = await lab.patched(user, { op: 'add', path: 'title', value: 'b' })
      holds(sameInstant(before.meta.lastModified, after.meta.lastModified), 'lastModified moved without a change')
    },
  ],
  [
    131,
    'must',
    'add to a list appends without doubles; a new primary unsets the old one',
    async (lab) => {
      const user = await lab.user()
      const value = { value: `${lab.word}@example.org`, type: 'home', primary: true }
      await lab.patched(user, { op: 'add', path: 'emails', value: [value] })
      const read = await lab.patched(user, { op: 'add', path: 'emails', value: [value] })
      same(read.emails.length, 2, 'the number of addresses')
      sameSet(values(read.emails.filter((email: Body) => email.primary === true)), [value.value], 'the primary address')
    },
  ],
  [
    132,
    'must',
    'add to a complex attribute leaves its other parts',
    async (lab) => {
      const user = await lab.patched(await lab.user(), { op: 'add', path: 'name', value: { middleName: 'B.' } })
      same([user.name.givenName, user.name.middleName], ['Ada', 'B.'], 'name')
    },
  ],
  [
    133,
    'must',
    'without a path the value holds the attributes',
    async (lab) => {
      const user = await lab.patched(await lab.user(), { op: 'add', value: { title: 'x', nickName: 'y' } })
      same([user.title, user.nickName], ['x', 'y'], 'title and nickName')
      const again = await lab.patched(user, { op: 'replace', value: { title: 'z' } })
      same([again.title, again.nickName], ['z', 'y'], 'title and nickName')
    },
  ],
  [
    134,
    'must',
    'remove without a path is 400 noTarget',
    async (lab) => {
      const user = await lab.user()
      await lab.refused(400, ['noTarget'], 'PATCH', `/Users/${user.id}`, { body: patchBody([{ op: 'remove' }]) })
    },
  ],
  [
    135,
    'must',
    'what is required or readOnly cannot be removed: 400 mutability',
    async (lab) => {
      const user = await lab.user()
      for (const path of ['userName', 'id'])
        await lab.refused(400, ['mutability', 'invalidValue'], 'PATCH', `/Users/${user.id}`, {
          body: patchBody([{ op: 'remove', path }]),
        })
    },
  ],
  [
    136,
    'must',
    'remove with a filter takes what matches',
    async (lab) => {
      const home = { value: `${lab.word}@example.org`, type: 'home' }
      const user = await lab.user()
      await lab.patch(`/Users/${user.id}`, { op: 'add', path: 'emails', value: [home] })
      const read = await lab.patched(user, { op: 'remove', path: 'emails[type eq "home"]' })
      same(values(read.emails), [user.emails[0].value], 'emails')
    },
  ],
  [
    137,
    'must',
    'removing what is not there is no error',
    async (lab) => {
      const user = await lab.user()
      await lab.patch(`/Users/${user.id}`, { op: 'remove', path: 'title' })
    },
  ],
  [
    138,
    'must',
    'replace sets what is absent, and leaves the other parts of a complex attribute',
    async (lab) => {
      const user = await lab.patched(
        await lab.user(),
        { op: 'replace', path: 'title', value: 'x' },
        { op: 'replace', path: 'name', value: { familyName: 'Byron' } },
      )
      same([user.title, user.name.givenName, user.name.familyName], ['x', 'Ada', 'Byron'], 'title and name')
    },
  ],
  [
    139,
    'must',
    'replace with a filter changes the element that matches',
    async (lab) => {
      const user = await lab.user()
      const value = `new.${lab.word}@example.com`
      const read = await lab.patched(user, { op: 'replace', path: 'emails[type eq "work"].value', value })
      same(values(read.emails), [value], 'emails')
    },
  ],
  [
    140,
    'must',
    'a path that is none, or of an unknown attribute, is 400',
    async (lab) => {
      const user = await lab.user()
      for (const path of ['emails[type eq', 'nonsense', 'name.nonsense'])
        await lab.refused(400, ['invalidPath', 'noTarget', 'invalidFilter'], 'PATCH', `/Users/${user.id}`, {
          body: patchBody([{ op: 'replace', path, value: 'x' }]),
        })
    },
  ],
  [
    141,
    'must',
    'readOnly attributes cannot be changed: 400 mutability',
    async (lab) => {
      const user = await lab.user()
      const body = patchBody([{ op: 'replace', path: 'meta.created', value: '1999-01-01T00:00:00Z' }])
      const answer = await lab.client.send('PATCH', `/Users/${user.id}`, { body })
      if (answer.status !== 400)
        same((await lab.get(`/Users/${user.id}`)).meta.created, user.meta.created, 'meta.created')
    },
  ],
  [
    142,
    'must',
    'paths may carry a URN',
    async (lab) => {
      const user = await lab.patched(
        await lab.user(),
        { op: 'add', path: `${USER}:title`, value: 'x' },
        { op: 'add', path: `${ENTERPRISE}:department`, value: 'D' },
      )
      same([user.title, user[ENTERPRISE]?.department], ['x', 'D'], 'title and department')
    },
  ],
  [
    143,
    'must',
    'a value of a wrong type is 400 invalidValue',
    async (lab) => {
      const user = await lab.user()
      for (const [path, value] of [
        ['title', { a: 1 }],
        ['active', 'perhaps'],
        ['emails', 'x'],
      ] as const) {
        const answer = await lab.client.send('PATCH', `/Users/${user.id}`, {
          body: patchBody([{ op: 'replace', path, value }]),
        })
        holds(answer.status === 400 || path === 'emails', `${path} took ${JSON.stringify(value)}: ${answer.status}`)
      }
    },
  ],
])

export const GROUP_PATCH = checksOf('RFC 7644 §3.5.2', [
  [
    129,
    'must',
    'members are added and removed, one and many',
    async (lab) => {
      const [a, b, c] = [await lab.user(), await lab.user(), await lab.user()]
      const group = await lab.group([a])
      const path = `/Groups/${group.id}`
      const members = async () => values((await lab.get(path)).members)
      await lab.patch(path, { op: 'add', path: 'members', value: [{ value: b.id }, { value: c.id }] })
      sameSet(await members(), [a.id, b.id, c.id], 'members after add')
      await lab.patch(path, { op: 'remove', path: `members[value eq "${a.id}"]` })
      sameSet(await members(), [b.id, c.id], 'members after remove with a filter')
      await lab.patch(path, { op: 'remove', path: 'members', value: [{ value: b.id }] })
      sameSet(await members(), [c.id], 'members after remove with a list')
      await lab.patch(path, { op: 'replace', path: 'members', value: [{ value: a.id }] })
      sameSet(await members(), [a.id], 'members after replace')
      await lab.patch(path, { op: 'remove', path: 'members' })
      sameSet(await members(), [], 'members after remove of all')
    },
  ],
  [
    144,
    'must',
    'replacing members by an empty list empties the group; a new name does not',
    async (lab) => {
      const user = await lab.user()
      const group = await lab.group([user])
      const path = `/Groups/${group.id}`
      await lab.patch(path, { op: 'replace', value: { displayName: `Renamed ${lab.word}` } })
      const renamed = await lab.get(path)
      same([renamed.displayName, values(renamed.members)], [`Renamed ${lab.word}`, [user.id]], 'name and members')
      await lab.patch(path, { op: 'replace', path: 'members', value: [] })
      sameSet(values((await lab.get(path)).members), [], 'members')
    },
  ],
])
