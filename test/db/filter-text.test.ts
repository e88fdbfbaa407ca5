import assert from 'node:assert/strict'
import { USER_SCHEMA } from '../../filter/schemas/user.js'
import { TEXT_CASES } from '../filter/text-cases.js'
import { forEachDatabase } from '../harness/database.js'
import { useSearchable } from './filter-database.js'
import type { Person } from './filter-population.js'

const people = TEXT_CASES.map(
  ([text], index): Person => ({
    id: `user-${index}`,
    document: {
      userName: `u${index}`,
      active: true,
      title: text,
      displayName: text,
      emails: [{ type: 'work', value: text }],
      addresses: [{ type: 'work', locality: text }],
    },
    managerId: null,
    createdAt: 0,
    lastModified: 0,
  }),
)

/** In a column, in the document, in an element of a list, and in the index of addresses. */
const PATHS = ['displayName', 'title', 'addresses.locality', 'emails.value', 'emails[type eq "work"].value']

forEachDatabase((database) => {
  describe('text in SQL filters (RFC 7644 §3.4.2.2)', () => {
    const { found } = useSearchable(database, { people, groups: [] })

    for (const [index, [stored, op, value, holds]] of TEXT_CASES.entries()) {
      const [text, literal] = [JSON.stringify(stored), JSON.stringify(value)]
      it(`${text} ${op} ${literal} ${holds ? 'holds' : 'does not hold'}, wherever the text is stored`, async () => {
        for (const path of PATHS) {
          const ids = await found('user', USER_SCHEMA, `${path} ${op} ${literal}`)
          assert.equal(ids.includes(`user-${index}`), holds, path)
          const others = await found('user', USER_SCHEMA, `not (${path} ${op} ${literal})`)
          assert.equal(ids.length + others.length, people.length, path)
        }
      })
    }
  })
})
