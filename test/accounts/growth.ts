import assert from 'node:assert/strict'
import { composed } from '../../db/statement.js'
import { aUser, type Body, patchOf, replace, type StatementCount, type TestConnection, useApp } from '../harness/app.js'
import { cloneMembers, clonePeople, copyId, NUMBER, type Original } from '../harness/clone-people.js'
import type { TestDatabase } from '../harness/database.js'

const SMALL = 10
const PAGE = 10
/** Beside the people of a page and their groups: the token, how many there are, and what a list asks once. */
const AROUND_A_PAGE = 4

/** Filters over the crowd: of an index and of none, that find everybody, and sorted or from the middle. */
const FILTERS = (crowd: string, somebody: string): [resource: 'Users' | 'Groups', query: string][] => [
  ['Users', ''],
  ['Users', 'filter=active eq true'],
  ['Users', 'filter=userName sw "crowd"'],
  ['Users', 'filter=userName co "x"&sortBy=displayName&sortOrder=descending'],
  ['Users', 'filter=emails.value sw "crowd"&startIndex=500'],
  ['Users', 'filter=emails[type eq "work"].value co "@x"'],
  ['Users', 'filter=displayName eq "grace hopper"'],
  ['Users', 'filter=name.familyName eq "Hopper" and not (title pr)'],
  ['Users', 'filter=meta.lastModified gt "2020-01-01T00:00:00Z"&sortBy=meta.lastModified'],
  ['Users', `filter=groups.value eq "${crowd}"`],
  ['Users', `filter=groups.display eq "Crowd" and active eq true&startIndex=700`],
  ['Users', 'cursor='],
  ['Users', 'cursor=&sortBy=displayName&sortOrder=descending'],
  ['Groups', `filter=members.value eq "${somebody}"&excludedAttributes=members`],
  ['Groups', 'filter=displayName eq "crowd"&excludedAttributes=members'],
]

/**
 * Work does not grow (DESIGN 1, promise 6), counted at the driver: what a request sends to the database and what comes
 * back of it is the same in a store and a group of ten people, and in one of `size` with a log as long.
 */
export function describeGrowth(database: TestDatabase, size: number): void {
  describe(`what a request costs in a group of ${SMALL} and of ${size.toLocaleString('en')} people (DESIGN 1, promise 6)`, function () {
    this.timeout(300_000)
    const app = useApp(database)
    let okta: TestConnection
    let original: Original
    let small: Body
    let crowd: Body
    let few: Map<string, StatementCount>
    let many: Map<string, StatementCount>

    before(async () => {
      okta = await app.aConnection()
      await okta.account.aProduct({ key: 'meet', seats: 2 * size })
      const condition = 'groups.display eq "Small" or groups.display eq "Crowd"'
      await okta.aRule({ condition, effects: { products: [{ key: 'meet' }] } })
      const first = await okta.provision(aUser({ userName: `crowd${NUMBER}@x.example` }))
      original = { accountId: okta.account.id, connectionId: okta.id, scimId: first.id }
      const { db } = app.server.deps
      await clonePeople(db, original, SMALL)
      small = await okta.aGroup('Small')
      crowd = await okta.aGroup('Crowd')
      await cloneMembers(db, original, small.id, [1, SMALL])
      // Once before it counts: kinds of events are written down when they first happen.
      await costs(small)
      few = await costs(small)
      await clonePeople(db, original, size)
      await cloneMembers(db, original, crowd.id, [1, size])
      await lengthenLog()
      many = await costs(crowd)
    })

    const members = (op: string, ...people: Body[]) =>
      patchOf({ op, path: 'members', value: people.map(({ id }) => ({ value: id })) })

    /** The log grows by as many events as there are people, as if they had been written one by one. */
    async function lengthenLog(): Promise<void> {
      const columns = 'account_id, parent_id, facet_id, user_id, occurred_at, detail'
      const text = `INSERT INTO events (id, ${columns})
        WITH RECURSIVE counted(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < ${size})
        SELECT e.id || '-' || i, ${columns
          .split(', ')
          .map((name) => `e.${name}`)
          .join(', ')}
        FROM counted CROSS JOIN (SELECT * FROM events WHERE account_id = ? ORDER BY id DESC LIMIT 1) AS e`
      await app.server.deps.db.transaction((tx) => tx.run(composed(text), [original.accountId]))
    }

    /** Every kind of write and read that touches a group or its people, on new people each time. */
    async function costs(group: Body): Promise<Map<string, StatementCount>> {
      const path = `/Groups/${group.id}`
      const [ada, bob] = [await okta.provision(aUser()), await okta.provision(aUser())]
      const steps: [name: string, step: () => PromiseLike<unknown>][] = [
        ['add one member', () => okta.patch(path, members('add', ada)).expect(204)],
        ['add her again', () => okta.patch(path, members('add', ada)).expect(204)],
        ['add another one', () => okta.patch(path, members('add', bob)).expect(204)],
        ['change a member', () => okta.patch(`/Users/${ada.id}`, replace('title', 'Countess')).expect(200)],
        ['switch a member off', () => okta.patch(`/Users/${ada.id}`, replace('active', false)).expect(200)],
        ['read a member', () => okta.get(`/Users/${ada.id}`).expect(200)],
        ['remove one by value', () => okta.patch(path, members('remove', ada)).expect(204)],
        ['remove one by filter', () => okta.patch(path, withoutValue(`members[value eq "${bob.id}"]`)).expect(204)],
        ['add both', () => okta.patch(path, members('add', ada, bob)).expect(204)],
        ['delete a member', () => okta.delete(`/Users/${bob.id}`).expect(204)],
        ['change the externalId', () => okta.patch(path, replace('externalId', `x-${ada.id}`)).expect(204)],
        ['read the group without members', () => okta.get(`${path}?excludedAttributes=members`).expect(200)],
        ['create a person', () => okta.post('/Users', aUser()).expect(201)],
        ['create a person of a taken name', () => okta.post('/Users', aUser(ada)).expect(409)],
        ['find a person', () => okta.get(`/Users?filter=userName eq "${ada.userName}"`).expect(200)],
        ['read the log', () => okta.account.events('limit=1&outcome=success')],
        ['read the log of a person', () => okta.account.events('limit=1&q=crowd00000001')],
      ]
      const counts = new Map<string, StatementCount>()
      for (const [name, step] of steps) counts.set(name, await app.counting(async () => step()))
      await okta.patch(path, members('remove', ada)).expect(204)
      return counts
    }
    const withoutValue = (path: string) => patchOf({ op: 'remove', path })

    it('every request sends the same statements and reads as many rows', () => {
      assert.deepEqual([...many.keys()], [...few.keys()])
      for (const [name, count] of many) {
        assert.ok(count.statements > 0 && count.rows > 0, name)
        assert.deepEqual(count, few.get(name), name)
      }
    })

    it('and these are few: at most 30 statements and 20 rows', () => {
      for (const [name, { statements, rows }] of many)
        assert.ok(statements <= 30 && rows <= 20, `${name}: ${statements} statements, ${rows} rows`)
    })

    it('a group without its members is read without them (trap 21)', () => {
      const { texts, rows } = many.get('read the group without members')!
      assert.deepEqual(
        texts.filter((text) => text.includes('directory_members')),
        [],
      )
      assert.equal(rows, 2, 'the token and the group')
    })

    it('one PATCH with 1,000 members sends as many statements as one with 100', async () => {
      const joining = async (group: string, count: number) => {
        const { id } = await okta.aGroup(group)
        const value = Array.from({ length: count }, (_, n) => ({ value: copyId(original.scimId, n + 1) }))
        const cost = await app.counting(async () =>
          okta.patch(`/Groups/${id}`, patchOf({ op: 'add', path: 'members', value })).expect(204),
        )
        const read = await okta.get(`/Groups/${id}`).expect(200)
        assert.equal(read.body.members.length, count)
        return cost
      }
      await joining('Team of 50', 50)
      const [hundred, thousand] = [await joining('Team of 100', 100), await joining('Team of 1,000', 1_000)]
      assert.deepEqual(thousand.texts, hundred.texts)
      assert.ok(thousand.statements <= 25, `${thousand.statements} statements`)
      const perMember = (thousand.rows - hundred.rows) / 900
      assert.ok(perMember <= 7, `${perMember} rows for each member`)
    })

    it('a filter reads no more rows into the process than the page that it returns', async () => {
      for (const [resource, query] of FILTERS(crowd.id, copyId(original.scimId, 5))) {
        const url = `/${resource}?count=${PAGE}&${query.replaceAll(' ', '%20').replaceAll('"', '%22')}`
        let page: Body
        const { rows, statements } = await app.counting(async () => {
          page = JSON.parse((await okta.get(url).expect(200)).text)
        })
        const groups = page.Resources.flatMap((user: Body) => user.groups ?? []).length
        assert.ok(page.Resources.length > 0, query)
        if (resource === 'Users') assert.ok(page.totalResults >= size, query)
        const most = page.Resources.length + groups + AROUND_A_PAGE
        assert.ok(rows <= most, `${query}: ${rows} rows for a page of ${page.Resources.length} and ${groups} groups`)
        assert.ok(statements <= 6, `${query}: ${statements} statements`)
      }
    })
  })
}
