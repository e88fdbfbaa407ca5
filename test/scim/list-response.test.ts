import assert from 'node:assert/strict'
import { LIST_RESPONSE_URN, listResponse, parsePaging } from '../../scim/list-response.js'
import { assertRefused } from './refusal.js'

const paging = (query: string) => parsePaging(new URLSearchParams(query))

describe('paging (RFC 7644 §3.4.2.4)', () => {
  const rows: [query: string, startIndex: number, count: number][] = [
    ['', 1, 100],
    ['startIndex=101&count=50', 101, 50],
    ['startIndex=0', 1, 100],
    ['startIndex=-3&count=-1', 1, 0],
    ['count=0', 1, 0],
    ['count=1000', 1, 1000],
    ['count=100000', 1, 1000],
    ['startIndex=&count=', 1, 100],
    [`startIndex=${'9'.repeat(400)}`, Number.MAX_SAFE_INTEGER, 100],
    [`startIndex=-${'9'.repeat(400)}`, 1, 100],
  ]
  for (const [query, startIndex, count] of rows)
    it(`reads "${query.slice(0, 40)}"`, () => assert.deepEqual(paging(query), { startIndex, count }))

  for (const text of ['x', '1.5', '1e3', '0x10', '1;drop', '%00', 'NaN', '٣'])
    it(`refuses ${text}: 400 invalidValue (check 80)`, () => {
      assertRefused(() => paging(`startIndex=${text}`), 'paging_bad', 'invalidValue', /startIndex/)
      assertRefused(() => paging(`count=${text}`), 'paging_bad', 'invalidValue', /count/)
    })

  it('answers with integers and the size of the page (trap 24)', () =>
    assert.deepEqual(listResponse({ resources: ['a', 'b'], total: 7, startIndex: 6 }), {
      schemas: [LIST_RESPONSE_URN],
      totalResults: 7,
      startIndex: 6,
      itemsPerPage: 2,
      Resources: ['a', 'b'],
    }))

  it('answers no match with an empty list (trap 1)', () => {
    const { totalResults, Resources } = listResponse({ resources: [], total: 0, startIndex: 1 })
    assert.deepEqual([totalResults, Resources], [0, []])
  })
})
