/** The lowest UUIDv7 of a millisecond since 1970 (RFC 9562 §5.7): ids of later events sort behind it. */
export function idAt(milliseconds: number): string {
  const clamped = Math.min(Math.max(Math.trunc(milliseconds), 0), 2 ** 48 - 1)
  const hex = clamped.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}

/** The millisecond since 1970 in which a UUIDv7 was made. */
export function timeOfId(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Could this be an id of ours? Texts from addresses may hold what no database takes. */
export function isId(text: string): boolean {
  return ID.test(text)
}
