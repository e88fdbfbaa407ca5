import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler, type Request, type RequestHandler } from 'express'
import { createKeyPair } from '../../../saml/key-pair.js'
import { Application, type ApplicationSettings, type Incoming, MANNERS, type Manner } from './application.js'
import { answerPage, frontPage, messagePage, pickPage } from './pages.js'

/** An identity provider without passwords: whoever comes says who she is. For demos and tests, and for nothing else. */
export interface DemoIdentityProvider {
  readonly url: string
  readonly metadataUrl: (key: string) => string
  /** Make a service provider known to an application, by its metadata. */
  trust(key: string, spMetadata: string): void
  close(): Promise<void>
}

const HOST = '127.0.0.1'

/**
 * Serve the applications on a free port of 127.0.0.1: to a browser another site than localhost, where Usher is, so that
 * cookies behave as they do between two companies. Two ports of one host would be one site.
 */
export async function startIdentityProvider(list: readonly ApplicationSettings[]): Promise<DemoIdentityProvider> {
  const app = express()
  const server = createServer(app)
  const url = `http://${HOST}:${await portOf(server)}`
  const key = await createKeyPair('identity provider of the demo', new Date())
  const applications = new Map(list.map((one) => [one.key, new Application(one, `${url}/${one.key}`, key)]))
  const named = (name: unknown): Application => {
    const application = applications.get(String(name))
    if (application === undefined) throw new Error(`there is no application ${String(name)}`)
    return application
  }
  app.use(express.urlencoded({ extended: false, limit: '300kb' }))
  app.get('/', (_, response) => void response.send(frontPage([...applications.values()])))
  app.get('/:key/metadata', (request, response) => {
    response.type('application/samlmetadata+xml').send(named(request.params.key).metadata())
  })
  app.all('/:key/sso', singleSignOn(named))
  app.post('/:key/answer', answer(named))
  app.all('/:key/slo', singleLogout(named))
  app.post('/:key/sign-out', signOut(named))
  app.use(failed)
  return {
    url,
    metadataUrl: (name) => `${url}/${name}/metadata`,
    trust: (name, spMetadata) => named(name).trust(spMetadata),
    close: () => closed(server),
  }
}

type Named = (key: unknown) => Application

function singleSignOn(named: Named): RequestHandler {
  return async (request, response) => {
    const application = named(request.params.key)
    const message = incoming(request)
    const id = await application.readRequest(message)
    response.send(pickPage(application, id, String(message.fields.RelayState ?? '')))
  }
}

function answer(named: Named): RequestHandler {
  return async (request, response) => {
    const application = named(request.params.key)
    const { person: address, request: id, manner, RelayState } = formOf(request)
    const person = application.settings.people.find((one) => one.address === address)
    const made = await (person === undefined
      ? application.deny(id ?? '')
      : application.answer(person, id ?? '', mannerOf(manner)))
    response.send(answerPage(made, RelayState ?? ''))
  }
}

function singleLogout(named: Named): RequestHandler {
  return async (request, response) => {
    const application = named(request.params.key)
    const message = incoming(request)
    if (message.fields.SAMLRequest !== undefined) {
      response.redirect(await application.endByRequest(message))
      return
    }
    await application.readLogoutAnswer(message)
    response.send(messagePage('Signed out everywhere', 'The service provider has ended the session as well.'))
  }
}

function signOut(named: Named): RequestHandler {
  return (request, response) => {
    response.redirect(303, named(request.params.key).beginLogout(formOf(request).person ?? ''))
  }
}

const failed: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  const text = error instanceof Error ? error.message : String(error)
  response.status(400).send(messagePage('The identity provider refused this message', text))
}

function incoming(request: Request): Incoming {
  const mark = request.originalUrl.indexOf('?')
  const rawQuery = mark === -1 ? '' : request.originalUrl.slice(mark + 1)
  if (request.method === 'POST') return { binding: 'post', fields: formOf(request), rawQuery }
  return { binding: 'redirect', fields: request.query, rawQuery }
}

function formOf({ body }: Request): Record<string, string | undefined> {
  return (body ?? {}) as Record<string, string | undefined>
}

function mannerOf(text: string | undefined): Manner {
  return MANNERS.find((manner) => manner === text) ?? 'assertion'
}

function portOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, HOST, () => resolve((server.address() as AddressInfo).port))
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
