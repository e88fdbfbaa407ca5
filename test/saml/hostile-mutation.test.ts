import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { VerifiedAssertion } from '../../saml/check-assertion.js'
import { SamlError } from '../../saml/errors.js'
import { runs } from '../harness/effort.js'
import { ADMIN, answer, base64, useWorld, verifyText, verifyXml } from './hostile.js'

const GROUPS = ['Engineering', 'Sales & Marketing']
const SIGNED = [['response'], ['assertion'], ['response', 'assertion']] as const
/** What turns one meaning into another, if anything does. */
const SCRAPS = [
  '<',
  '>',
  '&',
  '"',
  "'",
  '/',
  ' ',
  '\n',
  '\r',
  '\u00a0',
  '\u2028',
  'A',
  '=',
  '#',
  ':',
  '&amp;',
  '&#13;',
  '&#x41;',
  '<!-- -->',
  '<?x?>',
  '<![CDATA[',
  ']]>',
  '<a/>',
  '<x>',
  '</x>',
  ' x="y"',
  ' xmlns="urn:x"',
  ' xmlns:saml="urn:x"',
  ' xmlnsx="y"',
  ' ID="_x"',
  ' Id="_x"',
  ADMIN,
  '<saml:NameID>',
  '</saml:NameID>',
  '</saml:Assertion>',
] as const

describe('any change of a signed document (Core §5)', () => {
  const world = useWorld()
  const documents: string[] = []
  const claims: string[] = []

  before(async function () {
    this.timeout(20_000)
    for (const sign of SIGNED) {
      const xml = await answer(world, { attributes: { groups: GROUPS, email: ['ada@acme.example'] } }, { sign })
      documents.push(xml)
      claims.push(claimsOf(await verifyXml(world, xml)))
    }
  })

  /** Everything that is believed of an assertion, as text. */
  function claimsOf({ attributes, ...rest }: VerifiedAssertion): string {
    return JSON.stringify({ ...rest, attributes: [...attributes] })
  }

  /** Refused, or understood exactly as it was signed. */
  async function assertHarmless(text: string, index: number): Promise<void> {
    const result = await verifyText(world, text).catch((reason: unknown) => reason as Error)
    if (result instanceof Error) assert.ok(result instanceof SamlError, `${result.name}: ${result.stack}`)
    else assert.equal(claimsOf(result), claims[index])
  }

  const place = fc.noBias(fc.integer({ min: 0, max: 0xffff_ffff })).map((number) => number / 2 ** 32)
  const which = fc.nat(SIGNED.length - 1)
  const check = (property: fc.IAsyncProperty<[number, number, unknown]>, numRuns: number) =>
    fc.assert(property, { numRuns: runs(numRuns) })

  it('by a byte that is another one', () =>
    check(
      fc.asyncProperty(which, place, fc.integer({ min: 0, max: 255 }), async (index, at, byte) => {
        const bytes = Buffer.from(documents[index]!)
        bytes[Math.floor(at * bytes.length)] = byte
        await assertHarmless(bytes.toString('base64'), index)
      }),
      40,
    ))

  it('by a text that is put in', () =>
    check(
      fc.asyncProperty(which, place, fc.constantFrom(...SCRAPS), async (index, at, scrap) => {
        const xml = documents[index]!
        const where = Math.floor(at * xml.length)
        await assertHarmless(base64(xml.slice(0, where) + scrap + xml.slice(where)), index)
      }),
      40,
    ))

  it('by a part that is left out', () =>
    check(
      fc.asyncProperty(which, place, fc.integer({ min: 1, max: 400 }), async (index, at, length) => {
        const xml = documents[index]!
        const where = Math.floor(at * xml.length)
        await assertHarmless(base64(xml.slice(0, where) + xml.slice(where + length)), index)
      }),
      40,
    ))

  it('by an element that is repeated, moved, or left out', () =>
    check(
      fc.asyncProperty(which, fc.nat(), fc.tuple(fc.nat(), fc.boolean()), async (index, from, [to, keep]) => {
        const xml = documents[index]!
        const elements = [...xml.matchAll(/<([\w:]+)[^<>]*(?:\/>|>[^<]*<\/\1>)/g)].map(([text]) => text)
        const starts = [...xml.matchAll(/</g)].map((match) => match.index)
        const moved = elements[from % elements.length]!
        const where = starts[to % starts.length]!
        const rest = xml.slice(0, where) + moved + xml.slice(where)
        await assertHarmless(base64(keep ? rest : rest.replace(moved, '')), index)
      }),
      40,
    ))

  it('by words of the assertion that are others', () =>
    check(
      fc.asyncProperty(which, fc.nat(), fc.constantFrom('', 'x', ADMIN, '9', '_other'), async (index, from, to) => {
        const xml = documents[index]!
        const words = [...xml.matchAll(/(?<=")[^"<>]+(?=")|(?<=>)[^<>]+(?=<)/g)]
        const word = words[from % words.length]!
        const changed = xml.slice(0, word.index) + to + xml.slice(word.index + word[0].length)
        await assertHarmless(base64(changed), index)
      }),
      40,
    ))

  it('by its end, which is missing', async () => {
    const xml = documents[2]!
    for (let length = 0; length < xml.length; length += 97) {
      await assert.rejects(verifyXml(world, xml.slice(0, length)), SamlError)
    }
  })
})
