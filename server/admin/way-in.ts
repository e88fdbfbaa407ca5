import { z } from 'zod'
import { inviteUser } from '../../accounts/invitations.js'
import { listMails } from '../../accounts/mails.js'
import { createSetUpLink } from '../../accounts/set-up.js'
import { route } from './route.js'
import { Id, listOf, PageQuery, Time } from './schemas.js'

const setUp = [
  route({
    method: 'post',
    path: '/accounts/{accountId}/setup-link',
    tag: 'Accounts',
    summary:
      'Make a link by which an account gets an owner with a password; it works once, and those before it no more',
    requires: 'operator',
    status: 201,
    body: z.strictObject({}),
    answer: z.object({ url: z.string().meta({ description: 'Shown this once.' }), expiresAt: Time }),
    run: ({ deps, administrator, params }) => createSetUpLink(deps, administrator, params.accountId),
  }),
]

const Posted = z.enum(['sent', 'kept']).meta({ description: '`kept`: this server sends no mail (SMTP_URL).' })

const MailSchema = z
  .object({
    id: Id,
    userId: Id,
    to: z.string(),
    kind: z.enum(['invitation', 'reset']),
    subject: z.string(),
    text: z.string().meta({
      description:
        'The link of an invitation that was kept is in it for who may invite; that of a new password is not.',
    }),
    state: z.enum(['queued', 'sent', 'kept', 'failed']),
    failure: z.string().nullable(),
    createdAt: Time,
    sentAt: Time.nullable(),
  })
  .meta({ id: 'Mail', description: 'A mail to a person of the account.' })

const people = [
  route({
    method: 'post',
    path: '/accounts/{accountId}/users/{userId}/invitation',
    tag: 'Users',
    summary: 'Invite a local user, or again: a link to set a password, good for seven days; those before it end',
    requires: 'users.create',
    status: 201,
    body: z.strictObject({}),
    answer: z.object({
      url: z.string().optional().meta({ description: 'Shown this once, where no mail leaves.' }),
      expiresAt: Time,
      mail: Posted,
    }),
    run: ({ deps, administrator, params }) => inviteUser(deps, administrator, params.accountId, params.userId),
  }),
  route({
    method: 'get',
    path: '/accounts/{accountId}/mails',
    tag: 'Users',
    summary: 'List what was mailed to people, or kept where this server sends no mail, the newest first; for 30 days',
    requires: 'users.create',
    query: PageQuery,
    answer: listOf(MailSchema),
    run: ({ deps, administrator, params, query }) => listMails(deps, administrator, params.accountId, query),
  }),
]

export const WAY_IN_ROUTES = [...setUp, ...people]
