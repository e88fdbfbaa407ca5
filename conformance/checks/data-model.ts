import { checksOf } from '../check.js'
import { ENTERPRISE, GROUP, holds, same, sameInstant, USER } from '../lab.js'

export const DATA_MODEL = checksOf('RFC 7643 §2, §3', [
  [
    17,
    'must',
    'attribute names are read in any letter case',
    async (lab) => {
      const { userName, ...rest } = lab.userBody({ TITLE: 'Countess' })
      const { body } = await lab.create('/Users', { ...rest, USERNAME: userName })
      same([body.userName, body.title], [userName, 'Countess'], 'userName and title')
    },
  ],
  [
    20,
    'must',
    'booleans are booleans in every answer',
    async (lab) => {
      const user = await lab.user({ active: false })
      same((await lab.get(`/Users/${user.id}`)).active, false, 'active')
    },
  ],
  [
    22,
    'must',
    'instants carry a time zone',
    async (lab) => {
      const { meta } = await lab.user()
      for (const name of ['created', 'lastModified'])
        holds(
          /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(meta[name]),
          `meta.${name} is ${meta[name]}`,
        )
    },
  ],
  [
    26,
    'must',
    'null and the empty list mean no value',
    async (lab) => {
      const user = await lab.user({ title: null, phoneNumbers: [] })
      const read = await lab.get(`/Users/${user.id}`)
      holds(read.title === undefined || read.title === null, `title is ${JSON.stringify(read.title)}`)
      same(read.phoneNumbers ?? [], [], 'phoneNumbers')
    },
  ],
  [
    27,
    'should',
    'what has no value is not returned',
    async (lab) => {
      const user = await lab.user({ nickName: null })
      holds(!('nickName' in user), 'nickName is returned')
    },
  ],
  [
    28,
    'must',
    'no more than one element is primary',
    async (lab) => {
      const emails = ['a', 'b'].map((name) => ({ value: `${name}.${lab.word}@example.com`, type: name, primary: true }))
      const answer = await lab.client.send('POST', '/Users', { body: lab.userBody({ emails }) })
      if (answer.status === 400) return
      same(answer.status, 201, 'the status')
      lab.adopt(`/Users/${answer.body.id}`)
      const primary = answer.body.emails.filter((email: { primary?: boolean }) => email.primary === true)
      holds(primary.length <= 1, `${primary.length} elements are primary`)
    },
  ],
  [
    32,
    'must',
    'schemas is required, and in every answer',
    async (lab) => {
      const { schemas: _, ...body } = lab.userBody()
      await lab.refused(400, ['invalidSyntax', 'invalidValue'], 'POST', '/Users', { body })
      holds(Array.isArray((await lab.list('/Users', { count: '1' })).schemas), 'schemas of the list is missing')
    },
  ],
  [
    33,
    'must',
    'the schema of the resource type is listed',
    async (lab) => {
      holds((await lab.user()).schemas.includes(USER), `schemas lacks ${USER}`)
      holds((await lab.group()).schemas.includes(GROUP), `schemas lacks ${GROUP}`)
    },
  ],
  [
    34,
    'must',
    'an extension lives under its URN, which schemas lists',
    async (lab) => {
      const user = await lab.user({ schemas: [USER, ENTERPRISE], [ENTERPRISE]: { department: 'Research' } })
      const read = await lab.get(`/Users/${user.id}`)
      same(read[ENTERPRISE]?.department, 'Research', 'department')
      holds(read.schemas.includes(ENTERPRISE), `schemas lacks ${ENTERPRISE}`)
    },
  ],
  [
    36,
    'must',
    'id is made by the server, and stays',
    async (lab) => {
      const user = await lab.user({ id: 'mine' })
      holds(user.id !== 'mine' && user.id !== '', `id is ${user.id}`)
      same((await lab.patched(user, { op: 'replace', path: 'title', value: 'x' })).id, user.id, 'id')
    },
  ],
  [
    37,
    'must',
    'externalId comes back, and is found in its own letter case alone',
    async (lab) => {
      const user = await lab.user({ externalId: `${lab.word}X` })
      same(
        (await lab.find('/Users', `externalId eq "${lab.word}X"`)).map(({ id }) => id),
        [user.id],
        'found as it is',
      )
      same(await lab.find('/Users', `externalId eq "${lab.word}x"`), [], 'found in another case')
    },
  ],
  [
    38,
    'must',
    'meta holds resourceType, created, lastModified and location',
    async (lab) => {
      const { meta } = await lab.user()
      same(meta.resourceType, 'User', 'meta.resourceType')
      for (const name of ['created', 'lastModified', 'location'])
        holds(typeof meta[name] === 'string', `meta.${name} is missing`)
    },
  ],
  [
    39,
    'must',
    'meta in a request is ignored',
    async (lab) => {
      const { meta } = await lab.user({
        meta: { resourceType: 'Group', created: '1999-01-01T00:00:00Z', location: 'https://x.example' },
      })
      same(meta.resourceType, 'User', 'meta.resourceType')
      holds(!meta.created.startsWith('1999') && !meta.location.includes('x.example'), 'meta of the request was taken')
    },
  ],
  [
    40,
    'must',
    'meta.location is where the resource is, and equals Location',
    async (lab) => {
      const { body, headers } = await lab.create('/Users', lab.userBody())
      same(headers.get('location'), body.meta.location, 'Location')
      holds(body.meta.location.endsWith(`/Users/${body.id}`), `meta.location is ${body.meta.location}`)
    },
  ],
  [
    41,
    'must',
    'lastModified equals created until something changes',
    async (lab) => {
      const { meta } = await lab.user()
      holds(sameInstant(meta.created, meta.lastModified), `${meta.created} and ${meta.lastModified} differ`)
    },
  ],
  [
    29,
    'should',
    'the same value of the same type is not returned twice',
    async (lab) => {
      const email = { value: `${lab.word}@example.com`, type: 'work' }
      const answer = await lab.client.send('POST', '/Users', { body: lab.userBody({ emails: [email, email] }) })
      if (answer.status === 400) return
      same(answer.status, 201, 'the status')
      lab.adopt(`/Users/${answer.body.id}`)
      same(answer.body.emails.length, 1, 'the number of addresses')
    },
  ],
  [
    30,
    'should',
    'references carry $ref beside value',
    async (lab) => {
      const user = await lab.user()
      const group = await lab.group([user])
      const [member] = (await lab.get(`/Groups/${group.id}`)).members
      holds(String(member.$ref).endsWith(`/Users/${user.id}`), `$ref of the member is ${member.$ref}`)
    },
  ],
  [
    35,
    'should',
    'an unknown extension is no reason to refuse, and is not returned',
    async (lab) => {
      const urn = `urn:example:${lab.word}`
      const answer = await lab.create('/Users', lab.userBody({ schemas: [USER, urn], [urn]: { x: 1 } }))
      holds(!answer.text.includes(urn), 'the unknown extension is returned')
    },
  ],
])
