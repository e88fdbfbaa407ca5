import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import express, { type Request, type RequestHandler, type Response } from 'express'
import type { Deps } from '../accounts/deps.js'
import type { SignInOptions } from './sign-in/router.js'
import { mayEnterConsole, signedInOf } from './sign-in/session-routes.js'

/** Where the console is after `npm run build`: beside the compiled server, or in dist/ for who runs the sources. */
const PLACES = ['../www/', '../dist/www/'].map((place) => fileURLToPath(new URL(place, import.meta.url)))
const YEAR_MS = 31_536_000_000

/** Addresses of programs. What is not known there is never a page. */
const PROGRAMS = /^\/(api|scim|saml|sso|oauth|\.well-known)(\/|$)/

/**
 * The console: one page, which the browser fills by calls of the admin API, at every address that is nothing else. It is
 * given to who is signed in with a role that may do something; others are led to where they belong.
 */
export function consoleRouter(deps: Deps, options: SignInOptions): express.Router {
  const router = express.Router()
  const folder = PLACES.find((place) => existsSync(`${place}index.html`))
  const index = folder === undefined ? undefined : readFileSync(`${folder}index.html`, 'utf8')
  if (folder !== undefined) {
    // Names hold a digest of what is inside, so a browser need not ask again.
    router.use('/assets', compressed(`${folder}assets`))
    router.use('/assets', express.static(`${folder}assets`, { immutable: true, maxAge: YEAR_MS, index: false }))
    router.get(['/icon.svg', '/scheme.js'], express.static(folder, { index: false, maxAge: 0 }))
  }
  router.get(/.*/, page(deps, options, index))
  return router
}

const TYPES = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' }

/** Serve the compressed twin of a file to whoever understands it (RFC 9110 §12.5.3); the build has made them. */
function compressed(folder: string): RequestHandler {
  const twins = new Set(readdirSync(folder).filter((name) => name.endsWith('.gz')))
  return (request, response, next) => {
    const [name = '', , type = ''] = /^\/([\w.-]+\.(js|css))$/.exec(request.path) ?? []
    if (!twins.has(`${name.slice(1)}.gz`)) return next()
    response.vary('Accept-Encoding')
    if (request.acceptsEncodings('gzip') !== 'gzip') return next()
    request.url = `${name}.gz`
    response.set('Content-Encoding', 'gzip').type(TYPES[type as keyof typeof TYPES])
    next()
  }
}

function page(deps: Deps, options: SignInOptions, index: string | undefined): RequestHandler {
  return async (request, response, next) => {
    if (!isPage(request)) return next()
    const signedIn = await signedInOf(deps, options, request)
    if (signedIn === undefined) return toSignIn(request, response)
    if (mayEnterConsole(signedIn)) return sendConsole(response, index)
    response.set('Cache-Control', 'no-store').redirect(303, '/')
  }
}

/** Programs ask for anything, or for JSON; a browser that goes somewhere asks for HTML by name. */
function isPage({ path, headers: { accept = '' } }: Request): boolean {
  return path === '/' || (accept.includes('text/html') && !PROGRAMS.test(path))
}

function toSignIn(request: Request, response: Response): void {
  const target = new URLSearchParams({ target: request.originalUrl })
  response.set('Cache-Control', 'no-store').redirect(303, `/sign-in?${target}`)
}

function sendConsole(response: Response, index: string | undefined): void {
  // The document must be read anew after each release: it names the files of that release.
  response.set('Cache-Control', 'no-store')
  if (index !== undefined) response.type('html').send(index)
  else
    response
      .status(503)
      .type('text')
      .send('The console is not built. Run `npm run build`, then start the server again.')
}
