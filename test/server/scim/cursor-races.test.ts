import assert from 'node:assert/strict'
import fc from 'fast-check'
import { aUser, type Body, type TestConnection, useApp } from '../../harness/app.js'
import { forEachDatabase } from '../../harness/database.js'
import { runs } from '../../harness/effort.js'

/** What happens between two pages: somebody of this letter comes, or the so-many-th of those who are there goes. */
type Happening = { readonly comes: string } | { readonly goes: number }

const someLetter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz')
const someHappening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ comes: someLetter }),
  fc.record({ goes: fc.nat({ max: 20 }) }),
)
const someWalk = fc.record({
  present: fc.array(someLetter, { minLength: 3, maxLength: 7 }),
  between: fc.array(fc.array(someHappening, { maxLength: 2 }), { minLength: 1, maxLength: 3 }),
  count: fc.integer({ min: 1, max: 3 }),
  query: fc.constantFrom(
    '',
    '&sortBy=userName',
    '&sortBy=title&sortOrder=descending',
    '&filter=title+pr&sortBy=emails',
  ),
})

forEachDatabase((database) => {
  describe('a walk by cursor while people come and go (RFC 9865)', function () {
    this.timeout(60_000)
    const app = useApp(database)
    let number = 0
    const person = (letter: string) => aUser({ userName: `${letter}${++number}@x.example`, title: letter })

    async function happen(connection: TestConnection, there: Body[], happening: Happening): Promise<void> {
      if ('comes' in happening) {
        there.push(await connection.provision(person(happening.comes)))
        return
      }
      const [gone] = there.splice(happening.goes % Math.max(1, there.length), 1)
      if (gone !== undefined) await connection.delete(`/Users/${gone.id}`).expect(204)
    }

    it('meets everyone who is there all the time exactly once, and nobody twice', async () => {
      await fc.assert(
        fc.asyncProperty(someWalk, async ({ present, between, count, query }) => {
          const connection = await app.aConnection()
          const there: Body[] = []
          for (const letter of present) there.push(await connection.provision(person(letter)))
          const before = new Set(there.map(({ id }) => id))
          const met: string[] = []
          let cursor: string | undefined = ''
          for (let page = 0; cursor !== undefined; page++) {
            for (const one of page === 0 ? [] : (between[page - 1] ?? [])) await happen(connection, there, one)
            const { text } = await connection.get(`/Users?count=${count}${query}&cursor=${cursor}`).expect(200)
            const list: Body = JSON.parse(text)
            met.push(...list.Resources.map(({ id }: Body) => id))
            cursor = list.nextCursor
          }
          assert.equal(new Set(met).size, met.length, 'nobody is met twice')
          const stayed = there.filter(({ id }) => before.has(id))
          assert.deepEqual(
            stayed.filter(({ id }) => !met.includes(id)),
            [],
            'who stays is met',
          )
        }),
        { numRuns: runs(5) },
      )
    })
  })
})
