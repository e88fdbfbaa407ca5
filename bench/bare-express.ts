import type { AddressInfo } from 'node:net'
import express from 'express'

/**
 * The measure of all figures: an Express 5 server that parses the same body and returns as many bytes, and does nothing
 * in between. It runs as a forked process: it is told Usher's answers, and tells its port.
 */
export interface SampleAnswers {
  readonly created: object
  readonly read: object
  readonly found: object
  readonly patched: object
}

const app = express()
app.use(express.json({ type: ['application/scim+json', 'application/json'] }))

let answers: SampleAnswers | undefined
process.on('message', (told: SampleAnswers) => {
  answers = told
})
process.on('disconnect', () => process.exit(0))

app.post('/Users', (request, response) => {
  const { userName, externalId, displayName, emails, name } = request.body
  response.status(201).type('application/scim+json')
  response.json({ ...answers?.created, userName, externalId, displayName, emails, name })
})
app.get('/Users/:id', (_, response) => {
  response.type('application/scim+json').json(answers?.read)
})
app.get('/Users', (_, response) => {
  response.type('application/scim+json').json(answers?.found)
})
app.patch('/Users/:id', (request, response) => {
  const active = request.body.Operations[0].value === 'True'
  response.type('application/scim+json').json({ ...answers?.patched, active })
})

const server = app.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
