/**
 * The token of an Authorization header: behind `Bearer`, or bare, as some IdPs send it. Undefined where there is none,
 * or more than one word, such as `Bearer Bearer x`.
 */
export function bearerOf(header: string | undefined): string | undefined {
  const text = header?.trim() ?? ''
  const token = text.replace(/^bearer +/i, '')
  return token === '' || /\s/.test(token) ? undefined : token
}
