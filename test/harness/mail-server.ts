import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'

/** A mail server of a test: it keeps what it is sent, and refuses whom it is told to. */
export interface MailServer {
  readonly url: string
  readonly mails: Email[]
  /** With which answer recipients are refused, if any. */
  refuseWith: number | undefined
}

/** One that listens: an app has to know its address when it starts. */
export async function aMailServer(): Promise<MailServer & { close(): Promise<void> }> {
  const mails: Email[] = []
  const state: { refuseWith: number | undefined } = { refuseWith: undefined }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onRcptTo(_address, _session, done) {
      const { refuseWith } = state
      if (refuseWith === undefined) done()
      else done(Object.assign(new Error('not now'), { responseCode: refuseWith }))
    },
    onData(stream, _session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        PostalMime.parse(Buffer.concat(parts)).then((mail) => {
          mails.push(mail)
          done()
        }, done)
      })
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    get refuseWith() {
      return state.refuseWith
    },
    set refuseWith(status) {
      state.refuseWith = status
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
