import { checksOf } from '../check.js'
import { checkError, ENTERPRISE, holds, same, USER } from '../lab.js'

export const USER_RESOURCE = checksOf('RFC 7643 §4.1', [
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
