import assert from 'node:assert/strict'
import { GROUP_SCHEMA } from '../../../filter/schemas/group.js'
import { USER_SCHEMA } from '../../../filter/schemas/user.js'
import { type AttributeTable, attributeTable } from '../../../scim/attribute-table.js'
import { aUser, type Body, GROUP_URN, type TestConnection, useApp } from '../../harness/app.js'
import { forEachDatabase } from '../../harness/database.js'

let drawn = 1
/** Text of so many code points of four bytes each that no database can press together. */
function textOf(length: number): string {
  return Array.from({ length }, () => {
    drawn = (drawn * 48_271) % 2_147_483_647
    return String.fromCodePoint(0x20_000 + (drawn % 40_000))
  }).join('')
}

const ADDRESS = '@x.com'

/** Every attribute that can be written, with the longest text that it can have; `except` are left out. */
function largest({ slots }: AttributeTable, except: readonly string[]): Body {
  const parts = slots.filter(({ attribute, path }) => attribute.mutability !== 'readOnly' && !except.includes(path))
  const entries = parts.map(({ attribute, parts: inside, maxLength }): [string, unknown] => {
    const { name, type, multiValued } = attribute
    if (type === 'boolean') return [name, true]
    if (type === 'binary') return [name, 'A'.repeat(maxLength)]
    const value = type === 'complex' ? largest(inside, except) : textOf(maxLength)
    return [name, multiValued ? [value] : value]
  })
  return Object.fromEntries(entries)
}

forEachDatabase((database) => {
  describe('the longest text that each attribute can have', () => {
    const app = useApp(database)
    let okta: TestConnection
    before(async () => {
      okta = await app.aConnection()
    })

    const aLargeUser = (except: readonly string[] = []): Body => ({
      ...largest(attributeTable(USER_SCHEMA), ['manager.$ref', ...except]),
      schemas: aUser().schemas,
    })

    for (const except of [[], ['displayName'], ['emails']])
      it(`is stored and found for a user with ${except.length === 0 ? 'every attribute' : `all but ${except}`}`, async () => {
        const sent = aLargeUser(except)
        const user = await okta.provision(sent)
        for (const name of ['userName', 'externalId', 'title', 'displayName'])
          assert.equal(user[name], sent[name], name)
        assert.deepEqual((await okta.find('Users', `userName eq "${user.userName}"`)).length, 1)
        const other = {
          ...aLargeUser(except),
          userName: textOf(250) + ADDRESS,
          emails: [{ value: textOf(122) + ADDRESS }],
        }
        await okta.put(`/Users/${user.id}`, other).expect(200)
        await okta.delete(`/Users/${user.id}`).expect(204)
        await app.settle()
      })

    it('is stored and found for a group', async () => {
      const { displayName, externalId } = largest(attributeTable(GROUP_SCHEMA), ['members'])
      const body = { schemas: [GROUP_URN], displayName, externalId }
      const group = JSON.parse((await okta.post('/Groups', body).expect(201)).text)
      assert.deepEqual([group.displayName, group.externalId], [displayName, externalId])
      await okta.delete(`/Groups/${group.id}`).expect(204)
    })
  })
})
