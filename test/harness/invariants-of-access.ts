import { type Connection, connectionFromRow } from '../../accounts/connection.js'
import { documentFromRow, emailKeys, identityFromDocument, searchTerms } from '../../accounts/directory-document.js'
import { evaluate } from '../../accounts/evaluate.js'
import { effectiveAccess } from '../../accounts/evaluate-access.js'
import { diffGrants } from '../../accounts/evaluate-diff.js'
import type { EffectiveProduct, Features, Grant, Person } from '../../accounts/evaluate-types.js'
import { type LoadedPolicy, loadCatalog, loadPolicy } from '../../accounts/policy.js'
import { statusOf } from '../../accounts/status.js'
import type { ConnectionRow } from '../../db/connections.js'
import type { Queries } from '../../db/database.js'
import type { DirectoryGroupRow } from '../../db/directory-groups.js'
import type { DirectoryUserRow } from '../../db/directory-users.js'
import type { GrantRow } from '../../db/grants.js'
import type { JobRow } from '../../db/jobs.js'
import type { LicenseRow } from '../../db/licenses.js'
import type { UserRow } from '../../db/users.js'
import { fold } from '../../filter/fold.js'
import { grouped, type Rows } from './invariants.js'

interface Member {
  readonly group_id: string
  readonly directory_user_id: string
}

/** A connection whose people follow its rules at this moment. */
interface Ruled {
  readonly connection: Connection
  readonly policy: LoadedPolicy
  /** A job is still settling people, so grants may lie behind. */
  readonly behind: boolean
}

/** Everything known of one user. */
interface Known {
  readonly user: UserRow
  readonly link: DirectoryUserRow | undefined
  readonly ruled: Ruled | undefined
  readonly person: Person | undefined
  readonly grants: readonly Grant[]
  readonly licenses: readonly LicenseRow[]
}

/** Grants follow from rules, role and licenses from grants, status from facts, keys from documents: computed anew here. */
export async function accessViolations(db: Queries, rows: Rows, accountId: string, now: Date): Promise<string[]> {
  const catalog = await loadCatalog(db, accountId)
  const ruled = await ruledConnections(db, rows)
  const links = new Map((await rows<DirectoryUserRow>('directory_users')).map((link) => [link.user_id, link]))
  const groups = new Map((await rows<DirectoryGroupRow>('directory_groups')).map((group) => [group.id, group]))
  const members = grouped(await rows<Member>('directory_members'), (row) => row.directory_user_id)
  const grants = grouped(await rows<GrantRow>('grants'), (row) => row.user_id)
  const licenses = grouped(await rows<LicenseRow>('licenses'), (row) => row.user_id)
  const found: string[] = []
  for (const user of await rows<UserRow>('users')) {
    const link = links.get(user.id)
    const known: Known = {
      user,
      link,
      ruled: link && ruled.get(link.connection_id),
      person: link && {
        document: documentFromRow(link),
        groups: (members.get(link.id) ?? []).flatMap(({ group_id: id }) => {
          const group = groups.get(id)
          return group === undefined ? [] : [{ id, display: group.display_name }]
        }),
      },
      grants: (grants.get(user.id) ?? []).map(grantFromRow),
      licenses: licenses.get(user.id) ?? [],
    }
    const wrong = [...ofStatus(known), ...ofGrants(known), ...ofEffect(known, catalog, now)]
    found.push(...wrong.map((text) => `user ${user.id} (${user.email}): ${text}`))
  }
  found.push(...(await keyViolations(rows, links)))
  return found
}

async function ruledConnections(db: Queries, rows: Rows): Promise<Map<string, Ruled>> {
  const open = (await rows<JobRow>('jobs')).filter(({ state, kind }) => state === 'open' && kind === 'settle')
  const busy = new Set(open.map(({ payload }) => (JSON.parse(payload) as { connectionId: string }).connectionId))
  const ruled = new Map<string, Ruled>()
  for (const row of await rows<ConnectionRow>('connections')) {
    if (row.mode === 'disabled') continue
    const connection = connectionFromRow(row)
    ruled.set(row.id, { connection, policy: await loadPolicy(db, connection), behind: busy.has(row.id) })
  }
  return ruled
}

function ofStatus({ user }: Known): string[] {
  const { status, reason } = statusOf({
    accepted: user.accepted_at !== null,
    suspendedByAdmin: user.suspended_by_admin === 1,
    transferDeclined: user.transfer_declined === 1,
    transferredOut: user.transferred_out === 1,
    deleted: user.deleted_at !== null,
    desiredActive: user.desired_active === null ? null : user.desired_active === 1,
    suspendedByDirectoryEnd: user.suspended_by_end === 1,
  })
  const stored = `${user.status} (${user.status_reason})`
  return stored === `${status} (${reason})` ? [] : [`status is ${stored}, not ${status} (${reason})`]
}

function ofGrants({ link, ruled, person, grants }: Known): string[] {
  if (link === undefined || person === undefined || ruled === undefined || ruled.behind) return []
  const { add, remove, update } = diffGrants(grants, evaluate(ruled.policy.prepared, person).grants)
  const names = (list: readonly { value: string; sourceId: string }[]) => list.map((g) => `${g.value} of ${g.sourceId}`)
  const wrong = [...names(add).map((g) => `lacks ${g}`), ...names(remove).map((g) => `keeps ${g}`)]
  if (update.length > 0) wrong.push('grants have other features')
  if (link.rules_version !== ruled.connection.rulesVersion)
    wrong.push(`evaluated under rules ${link.rules_version}, not ${ruled.connection.rulesVersion}`)
  return wrong
}

/** Role and licenses; those of a switched-off connection stay as they were, under rules that may have changed since. */
function ofEffect(
  { user, link, ruled, grants, licenses }: Known,
  catalog: Awaited<ReturnType<typeof loadCatalog>>,
  now: Date,
): string[] {
  if (link !== undefined && ruled === undefined) return []
  const { role, products } = effectiveAccess({
    grants,
    roles: catalog.roles,
    products: catalog.products,
    rules: ruled?.policy.policy.rules ?? [],
    directoryManaged: link !== undefined,
    now: now.getTime(),
  })
  const wrong = user.role_id === role.id ? [] : [`role is ${user.role_id}, not ${role.id}`]
  const out = user.status === 'suspended' || user.status === 'deleted'
  const wanted = out ? new Map<string, EffectiveProduct>() : products
  for (const [id, product] of wanted) {
    const row = licenses.find((one) => one.product_id === id)
    if (row === undefined) wrong.push(`has no license of ${id}`)
    else if (!isOf(row, product)) wrong.push(`license of ${id} is ${JSON.stringify(row)}`)
    else if (user.status === 'active' ? /reserved|pending/.test(row.state) : row.state === 'assigned')
      wrong.push(`is ${user.status} and has ${id} ${row.state}`)
  }
  const extra = licenses.filter((row) => !wanted.has(row.product_id))
  return [...wrong, ...extra.map((row) => `has a license of ${row.product_id} that nothing grants`)]
}

function isOf(row: LicenseRow, product: EffectiveProduct): boolean {
  const same = row.source === product.source && row.source_id === (product.ruleId ?? '')
  return same && row.via_product_id === product.viaBundle && row.features === JSON.stringify(product.features)
}

/** Keys by which people are found follow from their documents. */
async function keyViolations(rows: Rows, links: ReadonlyMap<string, DirectoryUserRow>): Promise<string[]> {
  type EmailRow = { directory_user_id: string; value_key: string; ordinal: number }
  const emails = grouped(await rows<EmailRow>('directory_emails'), (row) => row.directory_user_id)
  const terms = grouped(await rows<{ user_id: string; term: string }>('user_terms'), (row) => row.user_id)
  return [...links.values()].flatMap((link) => {
    const document = documentFromRow(link)
    const userName = String(document.userName)
    const stored = (emails.get(link.id) ?? []).sort((a, b) => a.ordinal - b.ordinal).map((row) => row.value_key)
    const wanted = searchTerms(identityFromDocument(document), userName, link.external_id)
    const found = new Set((terms.get(link.user_id) ?? []).map(({ term }) => term))
    const right =
      link.user_name_key === fold(userName) &&
      link.external_id === (document.externalId ?? null) &&
      link.desired_active === (document.active === false ? 0 : 1) &&
      stored.join(' ') === emailKeys(document).join(' ') &&
      wanted.every((term) => found.has(term))
    return right ? [] : [`the keys of ${link.id} do not follow from its document`]
  })
}

function grantFromRow(row: GrantRow): Grant {
  return {
    kind: row.kind,
    value: row.value,
    source: row.source as Grant['source'],
    sourceId: row.source_id,
    effect: row.effect,
    features: row.features === null ? {} : (JSON.parse(row.features) as Features),
    reason: row.reason,
    expiresAt: row.expires_at,
  }
}
