import type { IncomingMessage } from 'node:http'

const MAX_LENGTH = 500

/** What a client calls itself, as far as the log keeps it. */
export function userAgentOf({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  return headers['user-agent']?.slice(0, MAX_LENGTH)
}
