import assert from 'node:assert/strict'
import { atOnce, type Work } from '../../db/pace.js'
import { parseJson } from '../../server/parse-json.js'
import { type JsonLimits, PIECE, scanJson } from '../../server/scan-json.js'
import { randomFrom } from '../harness/random.js'

const LIMITS: JsonLimits = { depth: 64, members: 1_000, values: 1_000_000 }
const LONG = `"${'x'.repeat(PIECE)}"`

function parsed(text: string): unknown {
  const scanned = atOnce(scanJson(text, LIMITS))
  assert.equal(scanned.exceeded, undefined)
  return scanned.exceeded === undefined ? atOnce(parseJson(text, scanned)) : undefined
}

function pieces(work: Work<unknown>): number {
  let count = 1
  while (!work.next().done) count += 1
  return count
}

/** Texts around long values: what JSON.parse says of them, this parser says too. */
const TEXTS: readonly string[] = [
  ...[`[${LONG}]`, ` \n[ ${LONG} , 1 ]\t`, `{"a":${LONG}}`, `{"a" : ${LONG} , "b" : [ ] }`, `[[${LONG}],[${LONG}]]`],
  ...[`{"a":[${LONG}],"b":{"c":[${LONG},{}]},"d":1}`, `{"a":[${LONG}],"a":2}`, `{"a":2,"b":3,"a":[${LONG}]}`],
  ...[`{"__proto__":[${LONG}],"x":1}`, `{"x":${LONG},"__proto__":{"y":1}}`, `{"2":[${LONG}],"1":[],"b":1}`],
  ...[`["a\\"],[\\\\",[${LONG}]]`, `["\\\\",[${LONG}],"]"]`, `[ ${' '.repeat(PIECE)} ]`, `{${' '.repeat(PIECE)}}`],
  ...[`[${'1,'.repeat(PIECE)}2]`, `[${'{"a":[1]},'.repeat(20_000)}null]`, `[]${' '.repeat(PIECE)}`],
  // None of these is JSON.
  ...[`[,${LONG}]`, `[${LONG},]`, `[${LONG},,1]`, `[ ,[${LONG}]]`, `[[${LONG}],]`, `[[${LONG}] 1]`, `[1[${LONG}]]`],
  ...[`[[${LONG}][${LONG}]]`, `{"a":-[${LONG}]}`, `{"a":1[${LONG}]}`, `{[${LONG}]}`, `{"a"[${LONG}]}`, `{:[${LONG}]}`],
  ...[`{"a":[${LONG}],}`, `{,"a":[${LONG}]}`, `{"a":[${LONG}]"b":1}`, `[${LONG}}`, `{"a":${LONG}]`, `[${LONG}] x`],
  ...[`[${LONG}`, `[${LONG}]]`, `["${LONG}]`, `{"a":[${LONG}]`, `x[${LONG}]`, `[${'1,'.repeat(PIECE)}]`],
  ...[`[${'1,'.repeat(PIECE)},2]`, `[${LONG}:1]`, `{"a":{"b":[${LONG}}]}`, `[${'[],'.repeat(PIECE)}01]`],
]

describe('JSON that is parsed in pieces (bodies of 16 MB)', () => {
  for (const text of TEXTS) {
    it(`is what JSON.parse makes of ${text.replaceAll(/(x|1,|\[\],| |\{"a":\[1\]\},){40,}/g, '$1…')}`, () => {
      let expected: unknown
      try {
        expected = JSON.parse(text)
      } catch {
        assert.throws(() => parsed(text), SyntaxError)
        return
      }
      const value = parsed(text)
      assert.deepEqual(value, expected)
      assert.equal(JSON.stringify(value), JSON.stringify(expected))
    })
  }

  it('is what JSON.parse makes of it wherever something is inserted or missing', () => {
    const random = randomFrom(Number(process.env.SEED ?? 7))
    const long = `{"a": [${'{"value":"x\\"y"},'.repeat(5_000)} {}], "b" :{"c":[${'7,'.repeat(40_000)}[]]}, "d": [ ] }`
    const places = [0, 1, 5, 6, 7, 85_008, 85_010, 85_013, long.length - 12, long.length - 5, long.length - 1]
    for (let left = 60; left > 0; left--) {
      const at = Math.max(0, random.oneOf(places) + random.below(9) - 4)
      const piece = random.oneOf(['', ',', '[', ']', '{', '}', '"', ':', ' ', '1', '-', '\\', 'null', '"a":'])
      const text = long.slice(0, at) + piece + long.slice(at + random.below(3))
      const outcome = (parse: (text: string) => unknown): string => {
        try {
          return JSON.stringify(parse(text))
        } catch (error) {
          return (error as Error).name
        }
      }
      assert.ok(outcome(parsed) === outcome(JSON.parse), `${piece} at ${at}, seed ${random.seed}`)
    }
  })

  it('the longer it is, the more pieces it comes in', () => {
    const text = `{"Operations":[{"op":"add","value":[${'{"value":"0"},'.repeat(50_000)}{}]}]}`
    const scanned = atOnce(scanJson(text, LIMITS))
    assert.ok(scanned.exceeded === undefined)
    const least = Math.floor(text.length / PIECE) - 1
    assert.ok(pieces(scanJson(text, LIMITS)) > least)
    assert.ok(pieces(parseJson(text, scanned)) > least)
  })

  for (const [what, text] of [
    ['depth', '['.repeat(65)],
    ['members', `[{${Array.from({ length: 1_001 }, (_, n) => `"a${n}":0`).join(',')}}]`],
    ['values', `[${'0,'.repeat(1_000_001)}0]`],
  ] as const)
    it(`a text over the limit of ${what} is not parsed at all; strings do not count`, () => {
      assert.deepEqual(atOnce(scanJson(text, LIMITS)), { exceeded: what })
      assert.equal(atOnce(scanJson(JSON.stringify(text), LIMITS)).exceeded, undefined)
    })
})
