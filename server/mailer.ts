import { createTransport } from 'nodemailer'
import type { Deps } from '../accounts/deps.js'
import { MailRefused } from '../accounts/mails.js'
import type { Config } from '../config/config.js'

const TIMEOUT_MS = 15_000

/** What sends mails through SMTP_URL; undefined where it is not set. */
export function mailerFor({ smtpUrl, mailFrom }: Config, publicUrl: string): Deps['mailer'] {
  if (smtpUrl === undefined) return undefined
  const from = mailFrom ?? `usher@${new URL(publicUrl).hostname}`
  // What stands in a mail is text of ours: nothing of it is ever read from a file or an address.
  const guarded = { disableFileAccess: true, disableUrlAccess: true } as const
  const patience = { connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS } as const
  const transport = createTransport({ url: smtpUrl, ...guarded, ...patience })
  return {
    async send({ to, subject, text }) {
      try {
        await transport.sendMail({ from, to: { name: '', address: to }, subject, text })
      } catch (error) {
        const { responseCode } = error as { readonly responseCode?: number }
        if (responseCode !== undefined && responseCode >= 500)
          throw new MailRefused(error instanceof Error ? error.message : String(error), { cause: error })
        throw error
      }
    },
  }
}
