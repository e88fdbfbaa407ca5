import { z } from 'zod'
import { getDirectoryGroup, listDirectoryGroups, listGroupPeople } from '../../accounts/directory-groups.js'
import { Condition } from './connections.js'
import { route } from './route.js'
import { Id, listOf, PageQuery, Time } from './schemas.js'

const GroupSchema = z
  .object({
    id: Id.meta({ description: 'The SCIM id.' }),
    displayName: z.string(),
    externalId: z.string().optional(),
    members: z.int(),
    created: Time,
    lastModified: Time,
    rules: z
      .array(
        z.object({
          id: Id,
          priority: z.int(),
          enabled: z.boolean(),
          condition: Condition,
          note: z.string().nullable(),
          state: z.enum(['ok', 'broken']),
        }),
      )
      .meta({ description: 'Rules whose condition names this group, in the order in which they decide.' }),
  })
  .meta({ id: 'DirectoryGroup', description: 'A group that the directory pushed; it is changed there.' })

const GroupPersonSchema = z
  .object({
    userId: Id,
    scimId: Id,
    userName: z.string(),
    displayName: z.string(),
    status: z.enum(['invited', 'active', 'suspended', 'deleted']),
  })
  .meta({ id: 'GroupPerson' })

const GROUPS = '/accounts/{accountId}/connections/{connectionId}/groups'

export const GROUP_ROUTES = [
  route({
    method: 'get',
    path: GROUPS,
    tag: 'Groups',
    summary: 'List the groups of a directory, by name',
    requires: 'connections.view',
    query: PageQuery.extend({
      cursor: z.string().max(2_048).default('').meta({ description: '`nextCursor` of the page before.' }),
      q: z.string().max(256).optional().meta({ description: 'Beginning of a name, in any case.' }),
    }),
    answer: listOf(GroupSchema),
    run: ({ deps, params, query }) => listDirectoryGroups(deps.db, params.accountId, params.connectionId, query),
  }),
  route({
    method: 'get',
    path: `${GROUPS}/{groupId}`,
    tag: 'Groups',
    summary: 'Read a group of a directory',
    requires: 'connections.view',
    answer: GroupSchema,
    run: ({ deps, params }) => getDirectoryGroup(deps.db, params.accountId, params.connectionId, params.groupId),
  }),
  route({
    method: 'get',
    path: `${GROUPS}/{groupId}/members`,
    tag: 'Groups',
    summary: 'List the people of a group',
    requires: 'users.view',
    query: PageQuery,
    answer: listOf(GroupPersonSchema),
    run: ({ deps, params, query }) =>
      listGroupPeople(deps.db, params.accountId, params.connectionId, params.groupId, query),
  }),
]
