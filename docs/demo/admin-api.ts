import type { List } from './answers.js'

/** The admin API of a running server, with the operator's token. Paths are those below /api/v1. */
export interface AdminApi {
  get<Answer>(path: string): Promise<Answer>
  post<Answer>(path: string, body: object): Promise<Answer>
  put<Answer>(path: string, body: object): Promise<Answer>
  patch<Answer>(path: string, body: object): Promise<Answer>
  /** Every item of a list, page by page. */
  all<Item>(path: string): Promise<Item[]>
}

/** Whatever the server refuses is thrown, with its own words. */
export function adminApi(url: string, operatorToken: string): AdminApi {
  const send = async <Answer>(method: string, path: string, body?: object): Promise<Answer> => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${operatorToken}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${await response.text()}`)
    return (await response.json()) as Answer
  }
  const get = <Answer>(path: string) => send<Answer>('GET', path)
  const all = async <Item>(path: string): Promise<Item[]> => {
    const page = `${path}${path.includes('?') ? '&' : '?'}limit=200`
    const items: Item[] = []
    let cursor = ''
    do {
      const list = await get<List<Item>>(`${page}${cursor}`)
      items.push(...list.items)
      cursor = list.nextCursor === undefined ? '' : `&cursor=${encodeURIComponent(list.nextCursor)}`
    } while (cursor !== '')
    return items
  }
  return {
    get,
    all,
    post: (path, body) => send('POST', path, body),
    put: (path, body) => send('PUT', path, body),
    patch: (path, body) => send('PATCH', path, body),
  }
}
