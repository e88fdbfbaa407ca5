/** A piece of SQL with a `?` for each of its parameters. */
export interface Fragment {
  readonly text: string
  readonly params: readonly (string | number)[]
}

/** SQL that is part of the program, never of a request. */
export function raw(text: string): Fragment {
  return { text, params: [] }
}

export const TRUE = raw('TRUE')
export const FALSE = raw('FALSE')

/** Compose SQL: a fragment is put in its place, a text or number becomes a parameter. */
export function sql(strings: TemplateStringsArray, ...parts: readonly (Fragment | string | number)[]): Fragment {
  let text = strings[0]!
  const params: (string | number)[] = []
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index]!
    if (typeof part === 'object') {
      text += part.text
      for (const param of part.params) params.push(param)
    } else {
      text += '?'
      params.push(part)
    }
    text += strings[index + 1]!
  }
  return { text, params }
}

/** `(a AND b AND c)`. */
export function joined(fragments: readonly Fragment[], operator: 'AND' | 'OR'): Fragment {
  if (fragments.length === 1) return fragments[0]!
  const text = fragments.map((fragment) => fragment.text).join(` ${operator} `)
  return { text: `(${text})`, params: fragments.flatMap((fragment) => fragment.params) }
}
