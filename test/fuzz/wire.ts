import { connect } from 'node:net'

/** What came back, or why nothing did. */
export interface Reply {
  /** 0 where there was no answer. */
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly ms: number
  /** Why there is no answer: `timeout`, `closed`, or what the socket says. */
  readonly failure?: string
}

const LONGEST_MS = 15_000

/** Write these bytes on a connection of their own and read one answer. `half` closes our side, for what is no whole request. */
export function fire(port: number, bytes: Buffer, half = false): Promise<Reply> {
  const begun = performance.now()
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
    const parts: Buffer[] = []
    const finish = (failure?: string): void => {
      clearTimeout(timer)
      socket.destroy()
      const answer = parsed(Buffer.concat(parts), true)
      const ms = performance.now() - begun
      resolve(
        answer === undefined
          ? { status: 0, headers: {}, text: '', ms, failure: failure ?? 'closed' }
          : { ...answer, ms },
      )
    }
    const timer = setTimeout(() => finish('timeout'), LONGEST_MS)
    socket.on('connect', () => {
      socket.write(bytes)
      if (half) socket.end()
    })
    socket.on('data', (part: Buffer) => {
      parts.push(part)
      if (parsed(Buffer.concat(parts), false) !== undefined) finish()
    })
    socket.on('end', () => finish())
    // An answer that was sent before the connection broke has arrived.
    socket.on('error', (error: NodeJS.ErrnoException) => finish(error.code ?? error.message))
  })
}

/** An answer, if it is whole or will not become longer. Interim answers are passed over. */
function parsed(bytes: Buffer, ended: boolean): Omit<Reply, 'ms'> | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1] ?? 0)
  const rest = bytes.subarray(end + 4)
  if (status >= 100 && status < 200 && status !== 101) return parsed(rest, ended)
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const length = headers['content-length']
  const chunked = headers['transfer-encoding'] === 'chunked'
  const isWhole =
    ended || (length !== undefined && rest.length >= Number(length)) || (chunked && rest.includes('\r\n0\r\n\r\n'))
  if (!isWhole && ![101, 204, 304].includes(status)) return undefined
  return { status, headers, text: (chunked ? unchunked(rest) : rest).toString() }
}

function unchunked(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; ; ) {
    const end = bytes.indexOf('\r\n', at)
    const size = end === -1 ? 0 : Number.parseInt(bytes.subarray(at, end).toString('latin1'), 16)
    if (!(size > 0)) return Buffer.concat(parts)
    parts.push(bytes.subarray(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
}
