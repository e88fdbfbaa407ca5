import type { Document } from '../filter/attribute.js'
import { ACCOUNT_URN } from '../filter/schemas/account-user.js'
import { ENTERPRISE_URN } from '../filter/schemas/enterprise-user.js'
import { GROUP_URN } from '../filter/schemas/group.js'
import { USER_URN } from '../filter/schemas/user.js'
import type { Change, Effect, Subject } from './events.js'
import type { LogEvent } from './events-read.js'

/** Whom an event is about: a SCIM resource by its URI (RFC 9967 §2.1), a local user by that of the admin API (RFC 9493). */
export type SubjectIdentifier =
  | { readonly format: 'scim'; readonly uri: string; readonly externalId?: string; readonly id: string }
  | { readonly format: 'uri'; readonly uri: string }

/** The claims of a Security Event Token (RFC 8417) in the profile for SCIM (RFC 9967). */
export interface SecurityEvent {
  readonly iss: string
  /** Seconds since 1970. */
  readonly iat: number
  /** The event of the log; a repeat has the same. */
  readonly jti: string
  readonly aud?: string
  readonly sub_id: SubjectIdentifier
  /** The request that caused it. */
  readonly txn: string
  /** Payload by the URI of its kind. */
  readonly events: Readonly<Record<string, Payload>>
  /** The same in words of ours, so that whoever knows our log finds it there. */
  readonly usher: {
    readonly accountId: string
    readonly action: string
    readonly userId?: string
    readonly connectionId?: string
  }
}

/** `notice` names what changed, `full` holds it. */
export type FeedMode = 'notice' | 'full'

type Payload = Readonly<Record<string, unknown>>

const SCIM_EVENT = 'urn:ietf:params:scim:event'
/** What somebody may use is no SCIM attribute, so it has a kind of its own: desired and effective state are never mixed. */
const ACCESS_EVENT = 'urn:usher:scim:event:access'

/** What the feed tells of, without `:notice` and `:full`, for filters. */
export const FEED_EVENTS = {
  'feed:add': `${SCIM_EVENT}:feed:add`,
  'prov:create': `${SCIM_EVENT}:prov:create`,
  'prov:patch': `${SCIM_EVENT}:prov:patch`,
  'prov:put': `${SCIM_EVENT}:prov:put`,
  'prov:delete': `${SCIM_EVENT}:prov:delete`,
  'prov:activate': `${SCIM_EVENT}:prov:activate`,
  'prov:deactivate': `${SCIM_EVENT}:prov:deactivate`,
  access: ACCESS_EVENT,
} as const

export type FeedEvent = keyof typeof FEED_EVENTS

/** Kinds that have no payload, and so no forms. */
const BARE: readonly FeedEvent[] = ['feed:add', 'prov:delete', 'prov:activate', 'prov:deactivate']

/** Every URI under which an event may stand in a token. */
export const EVENT_URIS: readonly string[] = (Object.keys(FEED_EVENTS) as FeedEvent[]).flatMap((kind) =>
  BARE.includes(kind) ? [FEED_EVENTS[kind]] : [uriOf(kind, 'notice'), uriOf(kind, 'full')],
)

/** Everything that a token is made of. */
export interface FeedSource {
  /** Without a trailing slash. */
  readonly publicUrl: string
  readonly accountId: string
  readonly event: LogEvent
  /** The person as her directory has her now; absent where none has. */
  readonly link?: LinkedPerson | undefined
}

export interface LinkedPerson {
  readonly connectionId: string
  readonly id: string
  readonly externalId: string | null
  readonly document: Document
}

/** What happened, to one subject. */
type Happened = readonly [kind: FeedEvent, payload: Payload, mode?: FeedMode]

/** The token of an event of the log; undefined where it says nothing to the outside, as a sign-in that changed nothing. */
export function securityEventOf(source: FeedSource, mode: FeedMode): SecurityEvent | undefined {
  const { publicUrl, accountId, event } = source
  const subject = subjectOf(source)
  const happened = event.subject?.type === 'group' ? happenedToGroup(event, mode) : happenedToUser(source, mode)
  if (subject === undefined || happened.length === 0) return undefined
  return {
    iss: publicUrl,
    iat: Math.floor(event.time.getTime() / 1000),
    jti: event.id,
    sub_id: subject,
    txn: event.correlationId,
    events: Object.fromEntries(happened.map(([kind, payload, form]) => [uriOf(kind, form), payload])),
    usher: {
      accountId,
      action: event.action,
      ...(event.userId !== undefined && { userId: event.userId }),
      ...(event.connectionId !== undefined && { connectionId: event.connectionId }),
    },
  }
}

/** Does a token hold an event of one of these kinds? No kinds are all kinds. */
export function isAbout({ events }: SecurityEvent, kinds: readonly FeedEvent[]): boolean {
  if (kinds.length === 0) return true
  return Object.keys(events).some((uri) => kinds.some((kind) => uri === FEED_EVENTS[kind] || isForm(uri, kind)))
}

function isForm(uri: string, kind: FeedEvent): boolean {
  return uri === uriOf(kind, 'notice') || uri === uriOf(kind, 'full')
}

function uriOf(kind: FeedEvent, form: FeedMode | undefined): string {
  return form === undefined ? FEED_EVENTS[kind] : `${FEED_EVENTS[kind]}:${form}`
}

function subjectOf({ publicUrl, accountId, event, link }: FeedSource): SubjectIdentifier | undefined {
  const { subject, connectionId, userId } = event
  if (subject?.type === 'group') return scimSubject(publicUrl, connectionId, 'Groups', subject.id, subject.externalId)
  const { scimId, externalId } = subject ?? {}
  if (scimId !== undefined) return scimSubject(publicUrl, connectionId, 'Users', scimId, externalId)
  if (link !== undefined) return scimSubject(publicUrl, link.connectionId, 'Users', link.id, link.externalId)
  if (userId === undefined) return undefined
  return { format: 'uri', uri: `${publicUrl}/api/v1/accounts/${accountId}/users/${userId}` }
}

function scimSubject(
  publicUrl: string,
  connectionId: string | undefined,
  endpoint: 'Users' | 'Groups',
  id: string | null,
  externalId: string | null | undefined,
): SubjectIdentifier | undefined {
  if (connectionId === undefined || id === null) return undefined
  const uri = `${publicUrl}/scim/v2/${connectionId}/${endpoint}/${id}`
  return { format: 'scim', uri, ...(externalId != null && { externalId }), id }
}

function happenedToUser(source: FeedSource, mode: FeedMode): Happened[] {
  const { event, link } = source
  const changes = event.source === 'admin' ? event.changes.flatMap(asScim) : event.changes
  return [...provisioned(event, changes, link, mode), ...accessOf(event.effects, mode)]
}

function provisioned(
  { action, http }: LogEvent,
  changes: readonly Change[],
  link: LinkedPerson | undefined,
  mode: FeedMode,
): Happened[] {
  switch (action) {
    case 'user.linked':
      return [['feed:add', {}], whole('prov:create', changes, link, mode)]
    case 'user.created':
    case 'user.restored':
      return [whole('prov:create', changes, link, mode)]
    case 'user.deleted':
      return [['prov:delete', {}]]
    case 'user.deactivated':
      return [['prov:deactivate', {}], ...patched(withoutActive(changes), mode)]
    case 'user.reactivated':
      return [['prov:activate', {}], ...patched(withoutActive(changes), mode)]
    case 'user.updated':
      if (http?.method === 'PUT' && changes.length > 0) return [whole('prov:put', changes, link, mode)]
      return patched(changes, mode)
    default:
      return []
  }
}

/** The whole resource as the account has it now; where it has none, the names alone. */
function whole(
  kind: 'prov:create' | 'prov:put',
  changes: readonly Change[],
  link: LinkedPerson | undefined,
  mode: FeedMode,
): Happened {
  if (mode === 'notice' || link === undefined) return [kind, { attributes: namesOf(changes) }, 'notice']
  const { id, document } = link
  const extensions = [ENTERPRISE_URN, ACCOUNT_URN].filter((urn) => document[urn] !== undefined)
  return [kind, { data: { schemas: [USER_URN, ...extensions], id, ...document } }, 'full']
}

function patched(changes: readonly Change[], mode: FeedMode): Happened[] {
  if (changes.length === 0) return []
  if (mode === 'notice') return [['prov:patch', { attributes: namesOf(changes) }, mode]]
  const Operations = changes.map(({ attribute: path, after }) =>
    after === null ? { op: 'remove', path } : { op: 'replace', path, value: after },
  )
  return [['prov:patch', { data: { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations } }, mode]]
}

const withoutActive = (changes: readonly Change[]): Change[] =>
  changes.filter(({ attribute }) => attribute !== 'active')
const namesOf = (changes: readonly Change[]): string[] => [...new Set(changes.map(({ attribute }) => attribute))]

/** What an administrator changes by hand, in the words of SCIM; what SCIM has no word for stays inside. */
function asScim({ attribute, before, after }: Change): Change[] {
  if (attribute === 'email') return [{ attribute: 'emails', before: asEmails(before), after: asEmails(after) }]
  const path = SCIM_PATHS[attribute]
  return path === undefined ? [] : [{ attribute: path, before, after }]
}

const SCIM_PATHS: Readonly<Record<string, string>> = {
  givenName: 'name.givenName',
  familyName: 'name.familyName',
  displayName: 'displayName',
}

const asEmails = (value: unknown): unknown => (value === null ? null : [{ value, type: 'work', primary: true }])

/** The part of the effects that a person has, by the name under which a notice tells of it. */
const ACCESS: Readonly<Partial<Record<Effect['kind'], string>>> = {
  status: 'status',
  role: 'role',
  license: 'licenses',
  grant: 'grants',
  group: 'groups',
}

function accessOf(effects: readonly Effect[], mode: FeedMode): Happened[] {
  const own = effects.filter(({ kind }) => ACCESS[kind] !== undefined)
  if (own.length === 0) return []
  if (mode === 'full') return [['access', { effects: own }, mode]]
  return [['access', { attributes: [...new Set(own.map(({ kind }) => ACCESS[kind]))] }, mode]]
}

function happenedToGroup({ action, subject, changes, effects }: LogEvent, mode: FeedMode): Happened[] {
  const members: Happened[] = effects.some(({ kind }) => kind === 'members')
    ? [['prov:patch', { attributes: ['members'] }, 'notice']]
    : []
  if (action === 'group.deleted') return [['prov:delete', {}]]
  if (action === 'group.created') return [createdGroup(subject, changes, mode), ...members]
  if (mode === 'notice' && members.length > 0)
    return [['prov:patch', { attributes: [...namesOf(changes), 'members'] }, 'notice']]
  return [...patched(changes, mode), ...members]
}

function createdGroup(subject: Subject | null, changes: readonly Change[], mode: FeedMode): Happened {
  if (mode === 'notice') return ['prov:create', { attributes: namesOf(changes) }, mode]
  const { id, displayName, externalId } = subject ?? {}
  const data = { schemas: [GROUP_URN], id, displayName, ...(externalId !== undefined && { externalId }) }
  return ['prov:create', { data }, mode]
}
