import assert from 'node:assert/strict'
import fc from 'fast-check'
import { canonicalDateTime, instantFromDateTime } from '../../filter/date-time.js'

/** xsd:dateTime with a time zone, and the instant in UTC. */
const READ = [
  ['2011-05-13T04:42:34Z', '2011-05-13T04:42:34.000Z'],
  ['2011-05-13T04:42:34.5Z', '2011-05-13T04:42:34.500Z'],
  ['2011-05-13T04:42:34.123999Z', '2011-05-13T04:42:34.123Z'],
  ['2011-05-13T04:42:34+02:00', '2011-05-13T02:42:34.000Z'],
  ['2011-05-13T04:42:34-05:30', '2011-05-13T10:12:34.000Z'],
  ['2011-12-31T23:30:00-14:00', '2012-01-01T13:30:00.000Z'],
  ['2011-05-13T24:00:00Z', '2011-05-14T00:00:00.000Z'],
  ['2012-02-29T00:00:00Z', '2012-02-29T00:00:00.000Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
] as const

const REFUSED = [
  ...[
    '',
    'now',
    '2011-05-13',
    '2011-05-13T04:42:34',
    '2011-05-13T04:42Z',
    '2011-05-13 04:42:34Z',
    '2011-5-13T04:42:34Z',
  ],
  ...[
    '2011-05-13T04:42:34z',
    '2011-05-13t04:42:34Z',
    '2011-05-13T04:42:34.Z',
    '2011-05-13T04:42:34+2',
    ' 2011-05-13T04:42:34Z',
  ],
  ...[
    '2011-13-01T00:00:00Z',
    '2011-00-01T00:00:00Z',
    '2011-02-29T00:00:00Z',
    '2011-04-31T00:00:00Z',
    '2011-05-00T00:00:00Z',
  ],
  '2011-05-13T25:00:00Z',
  '2011-05-13T24:00:01Z',
  '2011-05-13T04:60:00Z',
  '2011-05-13T04:42:60Z',
  '2011-05-13T04:42:34+14:01',
  '2011-05-13T04:42:34+02:60',
  '12011-05-13T04:42:34Z',
  '-2011-05-13T04:42:34Z',
  '0000-01-01T00:00:00+01:00',
  '9999-12-31T23:59:59-01:00',
  '２０１１-05-13T04:42:34Z',
]

describe('dateTime (RFC 7643 §2.3.5, checks 22 and 95)', () => {
  for (const [text, utc] of READ) {
    it(`reads ${text} as ${utc}`, () => {
      assert.equal(canonicalDateTime(text), utc)
      assert.equal(instantFromDateTime(text), Date.parse(utc))
    })
  }
  for (const text of REFUSED) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(canonicalDateTime(text), undefined))
  }

  it('reads every instant from its ISO text, and sorts them as text', () => {
    const range = {
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    }
    fc.assert(
      fc.property(fc.date(range), fc.date(range), (one, other) => {
        assert.equal(instantFromDateTime(one.toISOString()), one.getTime())
        assert.equal(one.toISOString() < other.toISOString(), one < other)
      }),
    )
  })
})
