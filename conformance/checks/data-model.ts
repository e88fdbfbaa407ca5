import { checksOf } from '../check.js'
import { checkError, ENTERPRISE, GROUP, holds, same, sameInstant, USER } from '../lab.js'

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

export const USER_SCHEMA_CHECKS = checksOf('RFC 7643 §4.1', [
  [
    42,
    'must',
    'userName is required, not empty, and unique in any letter case',
    async (lab) => {
      const { userName: _, ...nameless } = lab.userBody()
      await lab.refused(400, ['invalidValue', 'invalidSyntax'], 'POST', '/Users', { body: nameless })
      await lab.refused(400, ['invalidValue', 'invalidSyntax'], 'POST', '/Users', {
        body: lab.userBody({ userName: '' }),
      })
      const { userName } = await lab.user()
      const twin = lab.userBody({ userName: userName.toUpperCase() })
      await lab.refused(409, ['uniqueness'], 'POST', '/Users', { body: twin })
    },
  ],
  [
    43,
    'must',
    'the parts of name come back',
    async (lab) => {
      const name = {
        formatted: 'Dr. Ada B. Lovelace jr.',
        familyName: 'Lovelace',
        givenName: 'Ada',
        middleName: 'B.',
        honorificPrefix: 'Dr.',
        honorificSuffix: 'jr.',
      }
      const user = await lab.user({ name })
      for (const [part, value] of Object.entries(name)) same(user.name?.[part], value, `name.${part}`)
    },
  ],
  [
    44,
    'must',
    'a password is accepted and never returned',
    async (lab) => {
      const answer = await lab.create('/Users', lab.userBody({ password: 't1meMa$heen' }))
      const read = await lab.client.expect(200, 'GET', `/Users/${answer.body.id}?attributes=password,userName`)
      holds(!`${answer.text}${read.text}`.includes('t1meMa$heen'), 'the password is returned')
    },
  ],
  [
    45,
    'must',
    'active is true where it was not sent',
    async (lab) => {
      const { active: _, ...body } = lab.userBody()
      same((await lab.create('/Users', body)).body.active, true, 'active')
    },
  ],
  [
    46,
    'must',
    'groups of a user are told, and only told',
    async (lab) => {
      const user = await lab.user()
      const group = await lab.group([user])
      const read = await lab.get(`/Users/${user.id}`)
      same(
        read.groups?.map(({ value }: { value: string }) => value),
        [group.id],
        'groups',
      )
    },
  ],
  [
    47,
    'should',
    'other types of e-mail addresses than work and home are taken',
    async (lab) => {
      const emails = [{ value: `${lab.word}@example.com`, type: 'alias' }]
      same((await lab.user({ emails })).emails[0].type, 'alias', 'the type')
    },
  ],
  [
    48,
    'should',
    'phone numbers come back as they were sent',
    async (lab) => {
      const phoneNumbers = [{ value: 'ext. 12 / (0)30', type: 'work' }]
      same((await lab.user({ phoneNumbers })).phoneNumbers[0].value, 'ext. 12 / (0)30', 'the number')
    },
  ],
  [
    49,
    'must',
    'addresses keep their parts',
    async (lab) => {
      const address = {
        type: 'work',
        streetAddress: '1 Main St',
        locality: 'Rome',
        region: 'RM',
        postalCode: '00100',
        country: 'IT',
        formatted: '1 Main St, Rome',
      }
      const user = await lab.user({ addresses: [address] })
      for (const [part, value] of Object.entries(address)) same(user.addresses?.[0]?.[part], value, `addresses.${part}`)
    },
  ],
  [
    50,
    'must',
    'roles, entitlements and certificates are lists of complex values',
    async (lab) => {
      const lists = { roles: [{ value: 'r1' }], entitlements: [{ value: 'e1' }], x509Certificates: [{ value: 'MIIB' }] }
      const answer = await lab.client.send('POST', '/Users', { body: lab.userBody(lists) })
      // Which roles there are is the server's own affair.
      if (answer.status === 400) return checkError(answer)
      same(answer.status, 201, 'the status')
      lab.adopt(`/Users/${answer.body.id}`)
      for (const [name, [first]] of Object.entries(lists)) same(answer.body[name]?.[0]?.value, first?.value, name)
    },
  ],
  [
    52,
    'must',
    'photos and profileUrl are references',
    async (lab) => {
      const profileUrl = 'https://example.com/ada'
      const user = await lab.user({ profileUrl, photos: [{ value: `${profileUrl}.png`, type: 'photo' }] })
      same([user.profileUrl, user.photos?.[0]?.value], [profileUrl, `${profileUrl}.png`], 'profileUrl and photos')
    },
  ],
  [
    51,
    'should',
    'any preferredLanguage, locale and timezone comes back',
    async (lab) => {
      const words = { preferredLanguage: 'it-CH', locale: 'de-AT', timezone: 'Mars/Olympus' }
      const user = await lab.user(words)
      for (const [name, value] of Object.entries(words)) same(user[name], value, name)
    },
  ],
  [
    53,
    'must',
    'the enterprise extension keeps its attributes, the manager with value',
    async (lab) => {
      const boss = await lab.user()
      const extension = { employeeNumber: '7', costCenter: 'C', organization: 'O', division: 'D', department: 'E' }
      const user = await lab.user({
        schemas: [USER, ENTERPRISE],
        [ENTERPRISE]: { ...extension, manager: { value: boss.id } },
      })
      for (const [name, value] of Object.entries(extension)) same(user[ENTERPRISE]?.[name], value, name)
      same(user[ENTERPRISE].manager?.value, boss.id, 'manager.value')
    },
  ],
])

export const GROUP_SCHEMA_CHECKS = checksOf('RFC 7643 §4.2', [
  [
    55,
    'must',
    'displayName of a group is required',
    async (lab) => {
      const { displayName: _, ...body } = lab.groupBody()
      await lab.refused(400, ['invalidValue', 'invalidSyntax'], 'POST', '/Groups', { body })
    },
  ],
  [
    57,
    'should',
    'a member may be sent with display, type and $ref',
    async (lab) => {
      const user = await lab.user()
      const members = [{ value: user.id, display: 'Ada', type: 'User', $ref: `../Users/${user.id}` }]
      const group = (await lab.create('/Groups', lab.groupBody({ members }))).body
      same(
        group.members.map(({ value }: { value: string }) => value),
        [user.id],
        'members',
      )
    },
  ],
  [
    58,
    'should',
    'a member without a type is found by its id',
    async (lab) => {
      const user = await lab.user()
      same((await lab.group([user])).members?.[0]?.value, user.id, 'the member')
    },
  ],
  [
    59,
    'must',
    'a group as member is taken, or refused with 400 invalidValue',
    async (lab) => {
      const inner = await lab.group()
      const body = lab.groupBody({ members: [{ value: inner.id, type: 'Group' }] })
      const answer = await lab.client.send('POST', '/Groups', { body })
      if (answer.status === 201) return lab.adopt(`/Groups/${answer.body.id}`)
      same([answer.status, answer.body?.scimType], [400, 'invalidValue'], 'status and scimType')
    },
  ],
  [
    60,
    'should',
    'an unknown member is refused by name, and the group is not made',
    async (lab) => {
      const body = lab.groupBody({ members: [{ value: `nobody-${lab.word}` }] })
      const answer = await lab.refused(400, ['invalidValue'], 'POST', '/Groups', { body })
      holds(answer.text.includes(`nobody-${lab.word}`), 'detail does not name the member')
      same(await lab.find('/Groups', `displayName eq "${body.displayName}"`), [], 'what is found')
    },
  ],
])
