import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EVENT_ACTIONS } from '../../accounts/event-actions.js'
import { CODES_BY_MENDER } from '../../console/pages/log/who-mends.js'
import { ADMIN_ROUTES } from '../../server/admin/routes.js'
import { REFUSAL_CODES } from '../../server/sign-in/codes.js'
import { CHECKOUT, filesIn } from '../house/rooms.js'

type Texts = { readonly [key: string]: string | Texts | undefined }

const LANGUAGES = ['en', 'fr', 'it']
const read = (path: string): string => readFileSync(join(CHECKOUT, path), 'utf8')
const textsOf = (language: string, area: string): Texts =>
  JSON.parse(read(`console/texts/${language}/${area}.json`)) as Texts

/** What stands at a key such as `user.created.label`. */
function textAt(texts: Texts, key: string): string | Texts | undefined {
  return key
    .split('.')
    .reduce<string | Texts | undefined>((at, step) => (typeof at === 'object' ? at[step] : undefined), texts)
}

/** Every match of the first group of a pattern in the text of a source file. */
const namedIn = (path: string, pattern: RegExp): string[] =>
  [...read(path).matchAll(pattern)].map(([, name = '']) => name)

/** The members of a type that is a union of texts. */
function membersOf(path: string, type: string): string[] {
  const [, union = ''] = new RegExp(`type ${type} =([^;{]*?)(?=\\n\\n|\\nexport|\\n\\}|$)`).exec(read(path)) ?? []
  const members = [...union.matchAll(/'(\w+)'/g)].map(([, word = '']) => word)
  assert.ok(members.length > 1, `${type} in ${path}`)
  return members
}

// What a directory meets, and what the token endpoint says.
const WIRE = [
  ...namedIn('scim/errors.ts', /^ {2}(\w+): \{ status: \d+/gm),
  ...namedIn('scim/refusals.ts', /^ {2}(\w+): \{ status: \d+/gm),
  ...namedIn('accounts/authenticate-token.ts', /refused\(\s*'(\w+)'/g),
  ...namedIn('server/oauth/refusals.ts', /^ {2}(\w+): \{ status: \d+/gm),
]

// What the admin API answers.
const PROBLEMS = [
  ...namedIn('server/problem.ts', /^ {2}(\w+): \d{3},/gm),
  ...namedIn('server/problem.ts', /problem\(50\d, '(\w+)'/g),
  ...filesIn('server').flatMap((path) => namedIn(path, /\bcode: '(\w+)',? detail/g)),
]

// What an event carries beside its refusal.
const NOTICES = [
  ...filesIn('accounts').flatMap((path) =>
    namedIn(path, /\bcode: '(\w+)'[,;]?\s+(?:readonly )?(?:message|value|ruleId)\b/g),
  ),
  ...namedIn('saml/idp-warnings.ts', /code: '(\w+)'/g),
  ...namedIn('accounts/settle-deliveries.ts', /'(webhook_\w+)'/g),
  ...['expiring', 'expired', 'fetch_failed', 'bad_metadata'],
]

const CODES = [...new Set([...WIRE, ...REFUSAL_CODES, ...PROBLEMS, ...NOTICES])].sort()

describe('texts of codes (PRODUCT 3.5, GA-38)', () => {
  it('knows the lists of the server', () => {
    assert.ok(WIRE.length > 45 && PROBLEMS.length > 60 && NOTICES.length > 10 && CODES.length > 140)
    // The pages of the guide are held to the code by a test of their own, and say the same.
    const guide = ['docs/idp/troubleshooting.md', 'docs/sign-in.md'].flatMap((page) => namedIn(page, /^### `(\w+)`/gm))
    assert.deepEqual(
      guide.filter((code) => !CODES.includes(code)),
      [],
    )
  })

  for (const language of LANGUAGES) {
    const texts = textsOf(language, 'codes')

    it(`${language}: every code says what happened, and what to do`, () => {
      const missing = CODES.filter((code) => typeof textAt(texts, `${code}.title`) !== 'string')
      const helpless = CODES.filter((code) => typeof textAt(texts, `${code}.next`) !== 'string')
      assert.deepEqual([missing, helpless], [[], []])
    })
  }

  it('says of whatever stands in the log as a failure who can fix it', () => {
    const known = Object.values(CODES_BY_MENDER).flat() as string[]
    assert.deepEqual(
      [...new Set([...WIRE, ...REFUSAL_CODES, ...NOTICES])].filter((code) => !known.includes(code)),
      [],
    )
    assert.equal(new Set(known).size, known.length)
  })
})

/** Words of the log that the console shows, by the key under which it asks for them. */
const WORDS: readonly (readonly [area: string, above: string, words: readonly string[]])[] = [
  ['events', 'source', membersOf('accounts/events.ts', 'EventSource')],
  ['events', 'effect', [...new Set(namedIn('accounts/events.ts', /readonly kind: '(\w+)'/g))]],
  ['events', 'license', membersOf('accounts/status.ts', 'LicenseState')],
  ['events', 'check', membersOf('accounts/sign-in-checks.ts', 'SignInCheck')],
  ['events', 'reason', membersOf('accounts/status.ts', 'StatusReason')],
  ['events', 'reason', membersOf('db/sessions.ts', 'EndReason')],
  ['events', 'object', [...new Set(Object.keys(EVENT_ACTIONS).map((action) => action.split('.')[0] ?? ''))]],
  ['shell', 'outcome', membersOf('accounts/events.ts', 'Outcome')],
  ['shell', 'status', membersOf('accounts/status.ts', 'UserStatus')],
]

describe('texts of the log (PRODUCT 2.9)', () => {
  it('knows what an event can be', () => {
    const search = ADMIN_ROUTES.find(({ method, path }) => method === 'get' && path.endsWith('/events'))
    assert.ok(search)
    assert.ok(Object.keys(EVENT_ACTIONS).length > 60)
  })

  for (const language of LANGUAGES) {
    it(`${language}: every action has a label and a sentence`, () => {
      const texts = textsOf(language, 'actions')
      const missing = Object.keys(EVENT_ACTIONS).filter((action) =>
        ['label', 'sentence'].some((part) => typeof textAt(texts, `${action}.${part}`) !== 'string'),
      )
      assert.deepEqual(missing, [])
    })

    for (const [area, above, words] of WORDS) {
      it(`${language}: ${area} has a word for every ${above} (${words.length})`, () => {
        const texts = textsOf(language, area)
        assert.deepEqual(
          words.filter((word) => typeof textAt(texts, `${above}.${word}`) !== 'string'),
          [],
        )
      })
    }
  }
})
