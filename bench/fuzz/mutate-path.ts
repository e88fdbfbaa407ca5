import type { Random } from '../../test/harness/random.js'
import { aFilter } from './grammar.js'
import { aWord } from './words.js'

const PARAMETERS = [
  ...[
    'filter',
    'attributes',
    'excludedAttributes',
    'sortBy',
    'sortOrder',
    'startIndex',
    'count',
    'cursor',
    'limit',
    'q',
    'mode',
  ],
  ...[
    'from',
    'to',
    'run',
    'source',
    'action',
    'userId',
    'target',
    'test',
    'lang',
    'status',
    'id',
    'email',
    'RelayState',
    'SigAlg',
  ],
  ...['SAMLRequest', 'Signature', 'aadOptscim062020'],
]
/** What an address may hold: together with the headers it may have 16 KB. */
const MOST = 12_000

/** Another segment, parameter, or spelling of an address. */
export function mutatePath(path: string, random: Random): string {
  const mark = path.indexOf('?')
  const [place, query] = mark === -1 ? [path, ''] : [path.slice(0, mark), path.slice(mark + 1)]
  const luck = random.next()
  if (luck < 0.6) return `${place}?${mutateQuery(query, random)}`.slice(0, MOST)
  return `${mutatePlace(place, random)}${mark === -1 ? '' : `?${query}`}`.slice(0, MOST)
}

function mutateQuery(query: string, random: Random): string {
  const pairs = query === '' ? [] : query.split('&')
  const luck = random.next()
  if (luck < 0.15) return pairs.filter(() => random.chance(0.5)).join('&')
  if (luck < 0.25) return [...pairs, ...pairs].join('&')
  const name = random.oneOf([...pairs.map((pair) => pair.split('=')[0] ?? ''), ...PARAMETERS])
  const others = random.chance(0.7) ? pairs.filter((pair) => !pair.startsWith(`${name}=`)) : pairs
  return [...others, `${name}=${encoded(valueFor(name, random), random)}`].join('&')
}

function valueFor(name: string, random: Random): string {
  if (name === 'filter' && random.chance(0.9)) return aFilter(random)
  if (/^(startIndex|count|limit)$/.test(name) && random.chance(0.6))
    return random.oneOf(['0', '-1', '1', '1000', '99999999999', '1.5', ' 1', '+1', ''])
  if (/ttributes$|sortBy/.test(name) && random.chance(0.7)) {
    return Array.from({ length: random.oneOf([1, 3, 300]) }, () =>
      random.oneOf(['name', 'emails.value', 'x', 'members', 'meta', '', 'name.']),
    ).join(',')
  }
  return aWord(random)
}

function mutatePlace(place: string, random: Random): string {
  const segments = place.split('/')
  const at = 1 + random.below(segments.length)
  const luck = random.next()
  if (luck < 0.2) return place + random.oneOf(['/', '//', '/.', '/..', ';a=b', '%2f', '.json', '/.search', '%'])
  if (luck < 0.3) return place.toUpperCase().replaceAll(/\{\{(\w+)\}\}/g, (whole) => whole.toLowerCase())
  if (luck < 0.4) return segments.filter((_, index) => index !== at).join('/')
  segments.splice(at, random.chance(0.7) ? 1 : 0, encoded(aWord(random), random))
  return segments.join('/')
}

/** Mostly as it has to be; a name in braces stays one. */
function encoded(text: string, random: Random): string {
  if (random.chance(0.1)) return text.replaceAll(/[\s\0]/g, '+')
  return encodeURIComponent(Buffer.from(text.slice(0, MOST)).toString()).replaceAll(
    '%20',
    random.chance(0.5) ? '+' : '%20',
  )
}
