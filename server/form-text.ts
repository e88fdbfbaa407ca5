import express, { type RequestHandler, type Response } from 'express'

/** The body as it came, whatever its type: it may be signed or refused as it is, and is never unpacked. */
export function readForm(maxBytes: number): RequestHandler {
  return express.text({ type: () => true, limit: maxBytes, inflate: false })
}

/** Is this a form that could not be read, and still can be refused like one that says the wrong thing? */
export function isUnreadable(error: unknown, response: Response): boolean {
  const status: unknown = (error as { status?: unknown } | undefined)?.status
  return !response.headersSent && typeof status === 'number' && status >= 400 && status <= 499
}
