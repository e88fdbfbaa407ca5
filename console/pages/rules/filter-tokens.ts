/** A piece of a filter: a word as it stands, a text without its quotes, a bracket. */
export interface Token {
  readonly kind: 'word' | 'text' | 'sign'
  readonly text: string
}

const TOKEN = /\s*(?:("(?:[^"\\\p{Cc}]|\\.)*")|([()[\]])|([^\s()[\]"]+))/uy

/** The pieces of a SCIM filter (RFC 7644 §3.4.2.2), or undefined where one cannot be read. */
export function readTokens(text: string): readonly Token[] | undefined {
  const tokens: Token[] = []
  const end = text.trimEnd().length
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < end) {
    const [, quoted, sign, word] = TOKEN.exec(text) ?? []
    if (quoted !== undefined) {
      const value = unquoted(quoted)
      if (value === undefined) return undefined
      tokens.push({ kind: 'text', text: value })
    } else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word })
    else return undefined
  }
  return tokens
}

function unquoted(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string
  } catch {
    // A backslash that is no JSON escape: the server says where, the builder has no rows for it.
    return undefined
  }
}
