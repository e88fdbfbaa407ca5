import { parse, serialize } from 'cookie'
import type { Request, Response } from 'express'

/** What browsers keep for us. On https the names have the prefix that binds a cookie to this very host (RFC 6265bis §4.1.3). */
export interface Cookies {
  read(request: Request, name: CookieName): string | undefined
  set(response: Response, name: CookieName, value: string, maxAgeSeconds: number): void
  clear(response: Response, name: CookieName): void
}

/**
 * `browser` binds a sign-in to where it began; `session` is who is signed in; `step` is what was done between two pages;
 * `device` tells that somebody signed in by password here before.
 */
export type CookieName = 'browser' | 'session' | 'step' | 'device'

const SECRET = /^[A-Za-z0-9_-]{43}$/

/** Cookies for a server at this address. Lax: they come along when another site sends the browser to us by GET. */
export function cookiesFor(publicUrl: string): Cookies {
  const secure = publicUrl.startsWith('https:')
  const nameOf = (name: CookieName) => (secure ? `__Host-usher-${name}` : `usher-${name}`)
  const attributes = { httpOnly: true, secure, sameSite: 'lax', path: '/' } as const
  return {
    read(request, name) {
      const value = parse(request.headers.cookie ?? '')[nameOf(name)]
      return value !== undefined && SECRET.test(value) ? value : undefined
    },
    set(response, name, value, maxAge) {
      response.append('Set-Cookie', serialize(nameOf(name), value, { ...attributes, maxAge }))
    },
    clear(response, name) {
      response.append('Set-Cookie', serialize(nameOf(name), '', { ...attributes, maxAge: 0 }))
    },
  }
}
