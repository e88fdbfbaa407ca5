/** One value of the directory's document under the path by which rules and mappings know it. */
export interface Said {
  readonly path: string
  readonly value: string
}

/** Attributes that stand beside what we made of them; the others are only kept, and seen by rules. */
const PAIRED = new Set(['userName', 'externalId', 'displayName', 'active', 'name.givenName', 'name.familyName'])

/** The desired document as a flat list, in its own order; of what has several values each one, with its type. */
export function saidBy(document: Readonly<Record<string, unknown>>): Said[] {
  return Object.entries(document).flatMap(([name, value]) =>
    name === 'schemas' ? [] : flat(name.startsWith('urn:') ? `${name}:` : name, value),
  )
}

/** What has no counterpart on our side. */
export function keptOnly(said: readonly Said[]): Said[] {
  return said.filter(({ path }) => !PAIRED.has(path) && !path.startsWith('emails'))
}

export function valueAt(said: readonly Said[], path: string): string | undefined {
  return said.find((one) => one.path === path)?.value
}

/** Primary, else the first: what becomes the address of a person (DESIGN 3). */
export function addressIn(document: Readonly<Record<string, unknown>>): string | undefined {
  const emails = Array.isArray(document.emails) ? (document.emails as Record<string, unknown>[]) : []
  const chosen = emails.find(({ primary }) => primary === true) ?? emails[0]
  return typeof chosen?.value === 'string' ? chosen.value : undefined
}

function flat(path: string, value: unknown): Said[] {
  if (Array.isArray(value)) return value.flatMap((one) => ofMany(path, one as unknown))
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, inner]) => flat(join(path, name), inner))
  return [{ path, value: String(value) }]
}

const join = (path: string, name: string): string => (path.endsWith(':') ? `${path}${name}` : `${path}.${name}`)

function ofMany(path: string, one: unknown): Said[] {
  if (typeof one !== 'object' || one === null) return [{ path, value: String(one) }]
  const { value, type, primary, display, ...others } = one as Record<string, unknown>
  const kind = typeof type === 'string' ? `${path}[type eq "${type}"]` : path
  if (value === undefined) return Object.entries(others).flatMap(([name, inner]) => flat(join(kind, name), inner))
  const said = display === undefined || display === value ? String(value) : `${String(display)} (${String(value)})`
  return [{ path: kind, value: primary === true ? `${said} ★` : said }]
}
