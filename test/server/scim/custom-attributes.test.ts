import assert from 'node:assert/strict'
import {
  ACCOUNT_URN,
  aUser,
  type Body,
  ENTERPRISE_URN,
  patchOf,
  replace,
  type TestAccount,
  type TestConnection,
  USER_URN,
  useApp,
} from '../../harness/app.js'
import { forEachDatabase } from '../../harness/database.js'
import { ATTRIBUTES, VALUES } from './attributes-of-account.js'

/** The extension as it is sent, what is stored of it, and why. */
const UNDERSTOOD: readonly (readonly [title: string, sent: object, stored: object | undefined])[] = [
  ['keeps every type as it was sent', VALUES, VALUES],
  ['takes names in any letter case', { COSTCODE: 'x', headCount: 1 }, { costCode: 'x', headcount: 1 }],
  [
    'takes the words that Entra makes of numbers, booleans and days',
    { headcount: '-12.50', contractor: 'False', contractEnd: '2026-12-31' },
    { headcount: -12.5, contractor: false, contractEnd: '2026-12-31T00:00:00Z' },
  ],
  ['drops what the account does not have', { costCode: 'x', shoeSize: 44 }, { costCode: 'x' }],
  [
    'drops null, and the empty text where it can be no value',
    { costCode: null, headcount: '', contractEnd: '', region: '' },
    undefined,
  ],
  ['counts 256 characters by code point', { costCode: '😀'.repeat(256) }, { costCode: '😀'.repeat(256) }],
]

const REFUSED: readonly (readonly [attribute: string, value: unknown, text: RegExp])[] = [
  ['costCode', 'x'.repeat(257), /costCode has 257 characters, limit 256/],
  ['costCode', 7, /costCode must be text/],
  ['costCode', ['x'], /costCode must be text/],
  ['headcount', 'many', /headcount must be a number/],
  ['headcount', '007', /headcount must be a number/],
  ['headcount', true, /headcount must be a number/],
  ['contractor', 'perhaps', /contractor must be true or false/],
  ['contractEnd', 'Tuesday', /contractEnd must be a date and time/],
  ['contractEnd', '2026-02-30', /contractEnd must be a date and time/],
  ['region', 'Moon', /region must be one of "EMEA", "North America", "APAC", got "Moon"/],
  ['region', 3, /region must be text/],
]

const NEXT = { costCode: 'Red 1', headcount: 3, contractor: false, contractEnd: '2030-01-01T00:00:00Z', region: 'APAC' }
const dotted = (values: object) => Object.entries(values).map(([name, value]) => [`${ACCOUNT_URN}:${name}`, value])

/** PATCHes of a person who has VALUES, and what she has afterwards. */
const PATCHES: readonly (readonly [title: string, operations: readonly object[], after: object | undefined])[] = [
  ['a path of URN and name', [{ op: 'replace', path: `${ACCOUNT_URN}:region`, value: 'APAC' }], { region: 'APAC' }],
  [
    "Entra's Add of each path",
    dotted(NEXT).map(([path, value]) => ({ op: 'Add', path, value: String(value) })),
    { ...NEXT },
  ],
  ['the URN as path and an object', [{ op: 'replace', path: ACCOUNT_URN, value: NEXT }], NEXT],
  ['an object under the URN, without path', [{ op: 'add', value: { [ACCOUNT_URN]: NEXT } }], NEXT],
  ['keys of URN and name, without path', [{ op: 'replace', value: Object.fromEntries(dotted(NEXT)) }], NEXT],
  ['a bare name', [{ op: 'replace', path: 'COSTcode', value: 'x' }], { costCode: 'x' }],
  ['a URN in capitals', [{ op: 'add', path: `${ACCOUNT_URN.toUpperCase()}:HEADCOUNT`, value: 4 }], { headcount: 4 }],
  ['Remove', [{ op: 'Remove', path: `${ACCOUNT_URN}:region` }], { region: undefined }],
  ['replace with null', [{ op: 'replace', path: `${ACCOUNT_URN}:region`, value: null }], { region: undefined }],
  [
    'replace with an empty text',
    [{ op: 'replace', path: `${ACCOUNT_URN}:headcount`, value: '' }],
    { headcount: undefined },
  ],
  ['a name that the account does not have', [{ op: 'add', path: `${ACCOUNT_URN}:shoeSize`, value: 44 }], {}],
  ['removal of the whole extension', [{ op: 'remove', path: ACCOUNT_URN }], undefined],
]

const sent = { costCode: 'x', shoeSize: 44 }
const BODY = () => aUser({ [ACCOUNT_URN]: sent })

/** Requests about the person who has this id. */
const PASSED_OVER: readonly (readonly [
  title: string,
  send: (on: TestConnection, id: string) => PromiseLike<unknown>,
])[] = [
  ['POST', (on) => on.post('/Users', BODY()).expect(201)],
  ['PUT', (on, id) => on.put(`/Users/${id}`, BODY()).expect(200)],
  ['PATCH', (on, id) => on.patch(`/Users/${id}`, replace(`${ACCOUNT_URN}:shoeSize`, 44)).expect(200)],
  [
    'PATCH with an object',
    (on, id) => on.patch(`/Users/${id}`, patchOf({ op: 'add', path: ACCOUNT_URN, value: sent })).expect(200),
  ],
  [
    'PATCH with keys',
    (on, id) => on.patch(`/Users/${id}`, patchOf({ op: 'add', value: { [ACCOUNT_URN]: sent } })).expect(200),
  ],
]

forEachDatabase((database) => {
  describe('attributes that an account adds to its users (JM-19, RFC 7643 §3.3)', () => {
    const app = useApp(database)
    let account: TestAccount
    let connection: TestConnection

    const person = (extension: object, more: object = {}) => aUser({ ...more, [ACCOUNT_URN]: extension })
    const parsed = (text: string): Body => JSON.parse(text)

    before(async () => {
      account = await app.anAccount()
      connection = await account.aConnection({ idpKind: 'entra' })
      for (const attribute of ATTRIBUTES) await account.anAttribute(attribute)
    })

    it('RFC 7643 §7 [175] [176] are discovered as they are, without a token too', async () => {
      const answer = await fetch(`${app.url}/scim/v2/${connection.id}/Schemas/${ACCOUNT_URN}`)
      const schema = (await answer.json()) as Body
      assert.deepEqual(
        schema.attributes.map(({ name, type, canonicalValues }: Body) => [name, type, canonicalValues]),
        [
          ['costCode', 'string', undefined],
          ['headcount', 'decimal', undefined],
          ['contractor', 'boolean', undefined],
          ['contractEnd', 'dateTime', undefined],
          ['region', 'string', ['EMEA', 'North America', 'APAC']],
        ],
      )
      assert.equal(schema.attributes[0].description, 'Who pays')
      const listed = parsed((await connection.get('/Schemas').expect(200)).text).Resources
      assert.deepEqual(
        listed.slice(0, 3).map(({ id }: Body) => id),
        [USER_URN, ENTERPRISE_URN, ACCOUNT_URN],
      )
      const type = parsed((await connection.get('/ResourceTypes/User').expect(200)).text)
      assert.deepEqual(type.schemaExtensions, [
        { schema: ENTERPRISE_URN, required: false },
        { schema: ACCOUNT_URN, required: false },
      ])
    })

    it('are known on every connection of the account, an older and a newer one, and on no other', async () => {
      const newer = await account.aConnection()
      const stranger = await app.aConnection()
      for (const own of [connection, newer]) {
        const made = await own.provision(person({ costCode: 'x' }))
        assert.deepEqual([made[ACCOUNT_URN], made.schemas.at(-1)], [{ costCode: 'x' }, ACCOUNT_URN])
      }
      const made = await stranger.provision(person({ costCode: 'x' }))
      assert.deepEqual([ACCOUNT_URN in made, made.schemas], [false, [USER_URN]])
      await stranger.get('/Users?filter=costCode+eq+%22x%22').expect(400)
      await stranger.get(`/Schemas/${ACCOUNT_URN}`).expect(404)
      await stranger.patch(`/Users/${made.id}`, replace(`${ACCOUNT_URN}:costCode`, 'x')).expect(200)
      assert.equal(ACCOUNT_URN in (await stranger.read(made.id)), false)
    })

    for (const [title, sent, stored] of UNDERSTOOD)
      it(`POST and PUT: ${title}`, async () => {
        const made = await connection.provision(person(sent))
        assert.deepEqual(made[ACCOUNT_URN], stored)
        assert.equal(made.schemas.includes(ACCOUNT_URN), stored !== undefined)
        const other = await connection.provision(aUser())
        const put = await connection.put(`/Users/${other.id}`, { ...other, [ACCOUNT_URN]: sent }).expect(200)
        assert.deepEqual(
          [parsed(put.text)[ACCOUNT_URN], (await connection.read(other.id))[ACCOUNT_URN]],
          [stored, stored],
        )
      })

    it('RFC 7644 §3.12 refuses what does not fit in POST, PUT and PATCH, and says why', async () => {
      const { id } = await connection.provision(person(VALUES))
      for (const [name, value, text] of REFUSED) {
        const body = person({ [name]: value })
        const answers = [
          await connection.post('/Users', body).expect(400),
          await connection.put(`/Users/${id}`, body).expect(400),
          await connection.patch(`/Users/${id}`, replace(`${ACCOUNT_URN}:${name}`, value)).expect(400),
        ]
        for (const answer of answers) {
          const { scimType, detail } = parsed(answer.text)
          assert.equal(scimType, 'invalidValue', detail)
          assert.match(detail, text)
        }
        assert.match(parsed(answers[2]!.text).detail, /^Operations\[0\]/)
      }
      assert.deepEqual((await connection.read(id))[ACCOUNT_URN], VALUES)
    })

    for (const [title, operations, after] of PATCHES)
      it(`RFC 7644 §3.5.2 PATCH: ${title}`, async () => {
        const { id } = await connection.provision(person(VALUES))
        const answer = await connection.patch(`/Users/${id}`, patchOf(...operations)).expect(200)
        const wanted = after && JSON.parse(JSON.stringify({ ...VALUES, ...after }))
        assert.deepEqual(parsed(answer.text)[ACCOUNT_URN], wanted)
        assert.deepEqual((await connection.read(id))[ACCOUNT_URN], wanted)
        const [event] = await account.events('action=user.updated&limit=1')
        const changed = event.changes.map(({ attribute }: Body) => attribute)
        assert.ok(
          changed.every((path: string) => path.startsWith(`${ACCOUNT_URN}:`)),
          changed.join(),
        )
      })

    for (const [title, send] of PASSED_OVER)
      it(`a value for what the account does not have is passed over, and the log warns: ${title}`, async () => {
        const { id } = await connection.provision(person({ costCode: 'x' }))
        await send(connection, id)
        const [event] = await account.events('limit=1')
        assert.deepEqual([event.code, event.http.status < 300], ['unknown_attribute', true])
        assert.match(event.message, /^The account has no attribute "shoeSize"\. Add it/)
        assert.deepEqual(await connection.read(id).then((read) => read[ACCOUNT_URN]), { costCode: 'x' })
      })

    it('what comes without a value, or is taken away, is no reason to warn', async () => {
      const { id } = await connection.provision(person({ shoeSize: null }))
      const operations = [
        { op: 'remove', path: `${ACCOUNT_URN}:shoeSize` },
        { op: 'replace', path: `${ACCOUNT_URN}:shoeSize`, value: null },
        { op: 'add', path: 'urn:other:2.0:User:shoeSize', value: 1 },
      ]
      await connection.patch(`/Users/${id}`, patchOf(...operations)).expect(200)
      const events = await account.events('limit=2')
      assert.deepEqual(
        events.map(({ outcome, code }) => [outcome, code]),
        [
          ['no_change', undefined],
          ['success', undefined],
        ],
      )
    })

    it('warns of the extension as a whole where the account has no attribute, and of strange names legibly', async () => {
      const stranger = await app.aConnection()
      const names = ['a\u0000b', '\ud800', 'c'.repeat(100), 'd', 'e', 'f', 'g']
      const extension = Object.fromEntries(names.map((name) => [name, 1]))
      const { id } = await stranger.provision(person(extension))
      await stranger.patch(`/Users/${id}`, patchOf({ op: 'add', path: ACCOUNT_URN, value: extension })).expect(200)
      for (const { code, message } of await stranger.account.events('action=user.created,user.updated')) {
        assert.equal(code, 'unknown_attribute')
        assert.match(message, /no attribute "a\\u0000b", "\\ud800", "c{64}", "d", "e" and 2 more\./)
      }
    })

    it('does not stumble over very many of them, and refuses more than any directory sends', async () => {
      const stranger = await app.aConnection()
      const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [n, 1]))
      const { id } = await stranger.provision(aUser({ [ACCOUNT_URN]: many(1_000) }))
      const adding = (count: number) => patchOf({ op: 'add', path: ACCOUNT_URN, value: many(count) })
      await stranger.patch(`/Users/${id}`, adding(1_000)).expect(200)
      const [event] = await stranger.account.events('limit=1')
      assert.match(event.message, /"4" and 995 more/)
      for (const count of [1_001, 100_000]) {
        const { body } = await stranger.patch(`/Users/${id}`, adding(count)).expect(400)
        assert.match(body.detail, /more than 1000 members/)
      }
    })

    it('cost no statement: POST, PATCH and GET are what they are without any (DESIGN 2)', async () => {
      const [without, other] = [await app.aConnection(), await app.aConnection()]
      for (const attribute of ATTRIBUTES) await other.account.anAttribute(attribute)
      const counted = []
      for (const own of [without, other]) {
        const { id } = await own.provision(person(VALUES))
        const writes = async () => {
          await own.provision(person(VALUES))
          await own.patch(`/Users/${id}`, replace('title', 'Countess')).expect(200)
          await own.read(id)
          await own.find('Users', 'userName eq "nobody"')
        }
        await writes()
        await own.patch(`/Users/${id}`, replace('title', 'Nobody')).expect(200)
        counted.push((await app.counting(writes)).statements)
      }
      assert.equal(counted[0], counted[1])
    })
  })
})
