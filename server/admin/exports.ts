import { z } from 'zod'
import { cancelExport, getExport, openExport, startExport } from '../../accounts/exports.js'
import { eventFilters } from './events.js'
import { holds } from './gate.js'
import { route } from './route.js'
import { ActorSchema, Id, Time } from './schemas.js'
import { userFilters } from './users.js'

const Format = z.enum(['csv', 'jsonl'])

const ExportSchema = z
  .object({
    id: Id,
    kind: z.enum(['events', 'users']),
    format: Format,
    state: z.enum(['running', 'finished', 'failed', 'cancelled']),
    rows: z.int().meta({ description: 'How many there are so far.' }),
    progress: z.number().meta({ description: 'From 0 to 1, as far as it can be told.' }),
    filter: z.looseObject({}),
    createdAt: Time,
    by: ActorSchema,
  })
  .meta({ id: 'Export', description: 'A file that is made in the background and kept for a day.' })

const EXPORTS = '/accounts/{accountId}/exports'
const Events = z.strictObject({ kind: z.literal('events'), format: Format, filter: z.strictObject(eventFilters) })
const Users = z.strictObject({ kind: z.literal('users'), format: Format, filter: z.strictObject(userFilters) })

export const EXPORT_ROUTES = [
  route({
    method: 'post',
    path: EXPORTS,
    tag: 'Exports',
    summary: 'Begin to make a file of what a list shows; also needs what the list needs',
    requires: 'logs.export',
    alsoRequires: ({ kind }) => [kind === 'events' ? 'logs.view' : 'users.view'],
    status: 202,
    body: z.discriminatedUnion('kind', [Events, Users]),
    answer: z.object({ id: Id }),
    run: ({ deps, administrator, params, body }) =>
      startExport(deps, administrator, params.accountId, body, holds(administrator, 'logs.payload')),
  }),
  route({
    method: 'get',
    path: `${EXPORTS}/{exportId}`,
    tag: 'Exports',
    summary: 'How far a file is; for whoever asked for it',
    requires: 'logs.export',
    answer: ExportSchema,
    run: ({ deps, administrator, params }) => getExport(deps.db, administrator, params.accountId, params.exportId),
  }),
  route({
    method: 'get',
    path: `${EXPORTS}/{exportId}/file`,
    tag: 'Exports',
    summary: 'The file of a finished export; for whoever asked for it',
    requires: 'logs.export',
    file: true,
    run: ({ deps, administrator, params }) => openExport(deps.db, administrator, params.accountId, params.exportId),
  }),
  route({
    method: 'delete',
    path: `${EXPORTS}/{exportId}`,
    tag: 'Exports',
    summary: 'Stop making a file',
    requires: 'logs.export',
    run: ({ deps, administrator, params }) => cancelExport(deps, administrator, params.accountId, params.exportId),
  }),
]
