import type { Random } from '../../test/harness/random.js'

/** Texts that are special to something: to JSON, Unicode, SQL, URLs, XML, dates, regular expressions. */
const WORDS = [
  '',
  ' ',
  '\0',
  '\ud800',
  'a\u0301',
  'İ',
  'ß',
  'ﬁ',
  '\u2028',
  '\u202e',
  '\ufeff',
  '\u{10ffff}',
  '%',
  '_',
  '\\',
  "'",
  '"',
  '`',
  '$1',
  '?',
  '<b>',
  '&amp;',
  '&#0;',
  ']]>',
  '<!DOCTYPE a [<!ENTITY b "c">]>',
  '../..',
  '%2e%2e%2f',
  '%00',
  '%ff',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'null',
  'true',
  'False',
  '-0',
  '1e999',
  '9007199254740993',
  '0x10',
  'NaN',
  '2026-02-30T25:61:00Z',
  '2026-01-01',
  '9999-12-31T23:59:59.999Z',
  '-271821-04-20T00:00:00.000Z',
  '2026-01-01T00:00:00+14:00',
  'a@b',
  '@',
  'a@@b.example',
  '"a b"@x.example',
  'a@xn--80ak6aa92e.com',
  'http://[::1]:99999/',
  'javascript:alert(1)',
  'data:text/plain,x',
  'file:///etc/passwd',
  'urn:ietf:params:scim:schemas:core:2.0:User',
  'urn:ietf:params:scim:schemas:core:2.0:User:userName',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value',
  'bulkId:a',
  'bulkId:',
  'W/"1"',
  '*',
  'eq',
  'emails[type eq "work"].value',
  'members',
  'userName',
  '{{person}}',
  '{{group}}',
  '{{candidate}}',
  '{{account}}',
  '{{fresh}}',
  '{"value":"helper"}',
] as const

/** What a text is repeated in: where reading it takes long, it is by many of these. */
const PIECES = [
  ...['a', ' ', '(', '[', '.', ':', '"', '\\', '-', '=', ',', '@', '\n', '\t', '\u0301', '😀', '/', '%20', '&', ';'],
  ...[
    'a.',
    'a:',
    'not (',
    '[a',
    'or ',
    '<a>',
    '&#65;',
    'urn:',
    'W/"1", ',
    'a@',
    'x.',
    'en,',
    '..',
    '\u200d',
    'ﷺ',
    'a=b&',
  ],
  ...['a eq 1 or ', 'emails[type eq "a"] and ', '{"a":', '1', '0', '=?', '- ', ' \n', '"\\"', '<!--', ']]>', 'İ'],
] as const

const COUNTS = [3, 30, 300, 3_000, 30_000, 200_000] as const

export function aWord(random: Random): string {
  const luck = random.next()
  if (luck < 0.7) return random.oneOf(WORDS)
  if (luck < 0.85) return repeated(random)
  return `${random.oneOf(WORDS)}${random.oneOf(WORDS)}${random.oneOf(WORDS)}`
}

/** One piece many times, and something else at its end, so that what has matched so far does not. */
export function repeated(random: Random): string {
  const piece = random.oneOf(PIECES)
  const most = Math.max(1, Math.floor(400_000 / Buffer.byteLength(piece)))
  return `${random.oneOf(['', 'a', '"'])}${piece.repeat(Math.min(most, random.oneOf(COUNTS)))}${random.oneOf(['', '!', ')', ']', '"', '\0'])}`
}

const NUMBERS = [0, -0, 1, -1, 1.5, 2 ** 31, 2 ** 53, 1e308, -1e308, 1e-308, 999_999_999_999]

/** Any JSON value; lists and objects of a few. */
export function aValue(random: Random, depth = 0): unknown {
  const luck = random.next()
  if (luck < 0.4 || depth > 3) return aWord(random)
  if (luck < 0.55) return random.oneOf(NUMBERS)
  if (luck < 0.7) return random.oneOf([null, true, false])
  const some = Array.from({ length: random.below(4) }, () => aValue(random, depth + 1))
  if (luck < 0.85) return some
  return Object.fromEntries(some.map((value) => [aWord(random).slice(0, 200), value]))
}
