import assert from 'node:assert/strict'
import { ACCOUNT_URN, aUser, type Body, type TestConnection, useApp } from '../../harness/app.js'
import { forEachDatabase } from '../../harness/database.js'
import { ATTRIBUTES, VALUES } from './attributes-of-account.js'

/** Filters, and which of ada, bob and eve they find; all three have the same title. */
const FILTERS: readonly (readonly [filter: string, found: string])[] = [
  [`${ACCOUNT_URN}:costCode eq "BLUE 7"`, 'ada'],
  ['costCode sw "b"', 'ada'],
  ['costCode co "reen"', 'bob'],
  ['costCode ew "7"', 'ada bob'],
  ['costCode ne "blue 7"', 'bob eve'],
  ['costCode pr', 'ada bob'],
  ['not (costCode pr)', 'eve'],
  ['headcount eq 12.50', 'ada'],
  ['headcount gt 9', 'ada bob'],
  ['headcount lt 100', 'ada'],
  ['headcount ne 12.5', 'bob eve'],
  ['contractor eq true', 'ada'],
  ['contractor eq "False"', 'bob'],
  ['contractor ne true', 'bob eve'],
  ['contractEnd eq "2027-01-30T23:00:00.000Z"', 'ada'],
  ['contractEnd ge "2027-01-31T00:00:00Z"', 'bob'],
  ['region eq "Emea"', 'ada'],
  ['region eq "Moon"', ''],
  ['region pr and headcount le 12.5', 'ada'],
  [`schemas eq "${ACCOUNT_URN}"`, 'ada bob'],
]

const SORTS: readonly (readonly [query: string, order: string])[] = [
  ['sortBy=headcount', 'ada bob eve'],
  [`sortBy=${ACCOUNT_URN}:headcount&sortOrder=descending`, 'eve bob ada'],
  ['sortBy=costCode', 'ada bob eve'],
  ['sortBy=contractEnd&sortOrder=descending', 'eve bob ada'],
]

const PROJECTIONS: readonly (readonly [query: string, extension: object | undefined])[] = [
  [`attributes=${ACCOUNT_URN}:costCode`, { costCode: 'Blue 7' }],
  [`attributes=${ACCOUNT_URN.toUpperCase()}`, VALUES],
  ['attributes=region,userName', { region: 'emea' }],
  ['attributes=userName', undefined],
  [`excludedAttributes=${ACCOUNT_URN}`, undefined],
  [`excludedAttributes=${ACCOUNT_URN}:costCode,headcount,contractor,contractEnd`, { region: 'emea' }],
]

const FILTERS_REFUSED = ['headcount eq "12"', 'contractor gt true', 'contractEnd eq "Tuesday"', 'shoeSize eq 1']

forEachDatabase((database) => {
  describe('attributes of an account in lists (JM-19)', () => {
    const app = useApp(database)
    const person = (extension: object, more: object = {}) => aUser({ ...more, [ACCOUNT_URN]: extension })
    const parsed = (text: string): Body => JSON.parse(text)
    const names = (resources: readonly Body[]) => resources.map(({ displayName }) => displayName).join(' ')

    let seen: TestConnection
    before(async () => {
      const account = await app.anAccount()
      for (const attribute of ATTRIBUTES) await account.anAttribute(attribute)
      seen = await account.aConnection()
      const later = {
        costCode: 'Green 7',
        headcount: 100,
        contractor: 'false',
        contractEnd: '2028-01-01',
        region: 'APAC',
      }
      await seen.provision(person(VALUES, { displayName: 'ada' }))
      await seen.provision(person(later, { displayName: 'bob' }))
      await seen.provision(aUser({ displayName: 'eve' }))
    })

    for (const [filter, found] of FILTERS)
      it(`RFC 7644 §3.4.2.2 ${filter} finds ${found || 'nobody'}`, async () => {
        assert.equal(names(await seen.find('Users', filter)), found)
      })

    for (const filter of FILTERS_REFUSED)
      it(`RFC 7644 §3.4.2.2 ${filter} is refused`, async () => {
        const answer = await seen.get(`/Users?filter=${encodeURIComponent(filter)}`).expect(400)
        assert.equal(parsed(answer.text).scimType, 'invalidFilter')
      })

    for (const [query, order] of SORTS)
      it(`RFC 7644 §3.4.2.3 ${query}, by index and by cursor`, async () => {
        for (const paging of ['', '&cursor='])
          assert.equal(names(parsed((await seen.get(`/Users?${query}${paging}`).expect(200)).text).Resources), order)
      })

    it('a walk by cursor goes on behind a number', async () => {
      const first = parsed((await seen.get('/Users?sortBy=headcount&count=1&cursor=').expect(200)).text)
      const next = `/Users?sortBy=headcount&count=1&cursor=${encodeURIComponent(first.nextCursor)}`
      assert.equal(names(parsed((await seen.get(next).expect(200)).text).Resources), 'bob')
    })

    for (const [query, extension] of PROJECTIONS)
      it(`RFC 7644 §3.9 ${query}`, async () => {
        const { Resources } = parsed((await seen.get(`/Users?filter=headcount+eq+12.5&${query}`).expect(200)).text)
        assert.deepEqual(Resources[0][ACCOUNT_URN], extension)
      })
  })
})
