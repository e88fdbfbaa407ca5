import type { Dialect } from '../dialect.js'

/**
 * Every table leads with the account in its key and its unique indexes (DESIGN 1, promise 4). The exceptions route a
 * request to its account: connection id, verified domain, hashes of tokens, links and sessions.
 * Instants are milliseconds since 1970 in UTC, booleans 0 or 1, structured values JSON text.
 */
export const up = ({ text, integer, clustered }: Dialect): string[] => [
  `CREATE TABLE accounts (
    account_id ${text} NOT NULL PRIMARY KEY,
    name ${text} NOT NULL,
    settings ${text} NOT NULL,
    owner_user_id ${text},
    version ${integer} NOT NULL,
    created_at ${integer} NOT NULL,
    updated_at ${integer} NOT NULL
  )${clustered}`,

  `CREATE TABLE domains (
    account_id ${text} NOT NULL,
    name ${text} NOT NULL,
    state ${text} NOT NULL,
    txt_token ${text} NOT NULL,
    created_at ${integer} NOT NULL,
    verified_at ${integer},
    PRIMARY KEY (account_id, name)
  )${clustered}`,
  // Door: an address leads to the one account that proved the domain.
  `CREATE UNIQUE INDEX domains_verified ON domains (name) WHERE state = 'verified'`,

  `CREATE TABLE roles (
    account_id ${text} NOT NULL,
    id ${text} NOT NULL,
    key ${text} NOT NULL,
    name ${text} NOT NULL,
    permissions ${text} NOT NULL,
    system ${integer} NOT NULL,
    rank ${integer} NOT NULL,
    created_at ${integer} NOT NULL,
    PRIMARY KEY (account_id, id)
  )${clustered}`,
  `CREATE UNIQUE INDEX roles_key ON roles (account_id, key)`,

  // The product row is the seat pool and its lock (PRODUCT 2.5): used counts reserved and assigned seats, reserved the
  // first of them alone. They are counted here, since to count licenses would cost as much as there are people.
  `CREATE TABLE products (
    account_id ${text} NOT NULL,
    id ${text} NOT NULL,
    key ${text} NOT NULL,
    name ${text} NOT NULL,
    policy ${text} NOT NULL,
    features ${text} NOT NULL,
    includes ${text} NOT NULL,
    seats ${integer} NOT NULL,
    used ${integer} NOT NULL,
    reserved ${integer} NOT NULL,
    waiting ${integer} NOT NULL,
    version ${integer} NOT NULL,
    created_at ${integer} NOT NULL,
    updated_at ${integer} NOT NULL,
    PRIMARY KEY (account_id, id)
  )${clustered}`,
  `CREATE UNIQUE INDEX products_key ON products (account_id, key)`,

  // Facts are stored, status is derived from them by accounts/status.ts and kept for indexes and lists only.
  `CREATE TABLE users (
    account_id ${text} NOT NULL,
    id ${text} NOT NULL,
    given_name ${text},
    family_name ${text},
    display_name ${text} NOT NULL,
    email ${text},
    email_key ${text},
    origin ${text} NOT NULL,
    accepted_at ${integer},
    suspended_by_admin ${integer} NOT NULL,
    suspended_by_end ${integer} NOT NULL,
    transfer_declined ${integer} NOT NULL,
    transferred_out ${integer} NOT NULL,
    desired_active ${integer},
    status ${text} NOT NULL,
    status_reason ${text},
    role_id ${text} NOT NULL,
    role_source ${text} NOT NULL,
    role_source_id ${text} NOT NULL,
    overridden ${integer} NOT NULL,
    candidate_scim_id ${text},
    last_sign_in_at ${integer},
    version ${integer} NOT NULL,
    created_at ${integer} NOT NULL,
    updated_at ${integer} NOT NULL,
    deleted_at ${integer},
    PRIMARY KEY (account_id, id)
  )`,
  `CREATE UNIQUE INDEX users_email ON users (account_id, email_key) WHERE deleted_at IS NULL`,
  `CREATE UNIQUE INDEX users_candidate ON users (account_id, candidate_scim_id) WHERE candidate_scim_id IS NOT NULL`,
  `CREATE INDEX users_deleted ON users (deleted_at, account_id) WHERE deleted_at IS NOT NULL`,
  `CREATE INDEX users_status ON users (account_id, status, id)`,

  // What people are searched by: folded e-mail, userName, externalId, words of the name. Kept until erasure, so that
  // the log of a deleted person can be found.
  `CREATE TABLE user_terms (
    account_id ${text} NOT NULL,
    term ${text} NOT NULL,
    user_id ${text} NOT NULL,
    PRIMARY KEY (account_id, term, user_id)
  )${clustered}`,

  `CREATE TABLE connections (
    account_id ${text} NOT NULL,
    id ${text} NOT NULL,
    name ${text} NOT NULL,
    idp_kind ${text} NOT NULL,
    mode ${text} NOT NULL,
    on_disable ${text},
    disabled_at ${integer},
    settings ${text} NOT NULL,
    rules_version ${integer} NOT NULL,
    version ${integer} NOT NULL,
    created_at ${integer} NOT NULL,
    updated_at ${integer} NOT NULL,
    PRIMARY KEY (account_id, id)
  )${clustered}`,
  // Door: /scim/v2/{connectionId} leads to its account.
  `CREATE UNIQUE INDEX connections_id ON connections (id)`,

  `CREATE TABLE scim_tokens (
    account_id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    id ${text} NOT NULL,
    hash ${text} NOT NULL,
    last4 ${text} NOT NULL,
    created_at ${integer} NOT NULL,
    expires_at ${integer} NOT NULL,
    revoked_at ${integer},
    last_used_at ${integer},
    last_used_ip ${text},
    PRIMARY KEY (account_id, connection_id, id)
  )${clustered}`,
  // Door: the hash of a token leads to its connection and account.
  `CREATE UNIQUE INDEX scim_tokens_hash ON scim_tokens (hash)`,

  // Desired state: what the IdP last said. folded is the document as filters see it (DESIGN 4, Case). Only live rows:
  // so every index holds what lists and counts need, and a page never steps over the dead.
  `CREATE TABLE directory_users (
    account_id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    id ${text} NOT NULL,
    user_id ${text} NOT NULL,
    user_name_key ${text} NOT NULL,
    external_id ${text},
    display_key ${text},
    desired_active ${integer} NOT NULL,
    manager_id ${text},
    document ${text} NOT NULL,
    folded ${text} NOT NULL,
    rules_version ${integer} NOT NULL,
    version ${integer} NOT NULL,
    created_at ${integer} NOT NULL,
    last_modified ${integer} NOT NULL,
    PRIMARY KEY (account_id, connection_id, id)
  )`,
  // userName ignores case (RFC 7643 §4.1.1): the key is folded.
  `CREATE UNIQUE INDEX directory_users_user_name ON directory_users (account_id, connection_id, user_name_key)`,
  `CREATE UNIQUE INDEX directory_users_external_id ON directory_users (account_id, connection_id, external_id) WHERE external_id IS NOT NULL`,
  `CREATE INDEX directory_users_display ON directory_users (account_id, connection_id, display_key, id)`,
  `CREATE INDEX directory_users_active ON directory_users (account_id, connection_id, desired_active, id)`,
  `CREATE INDEX directory_users_modified ON directory_users (account_id, connection_id, last_modified, id)`,
  `CREATE INDEX directory_users_manager ON directory_users (account_id, connection_id, manager_id) WHERE manager_id IS NOT NULL`,
  // A user has at most one live link.
  `CREATE UNIQUE INDEX directory_users_link ON directory_users (account_id, user_id)`,

  // Deleted people, for 30 days: who comes back is restored, who does not is erased (DESIGN 4, Delete and restore).
  `CREATE TABLE deleted_directory_users (
    account_id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    id ${text} NOT NULL,
    user_id ${text} NOT NULL,
    user_name_key ${text} NOT NULL,
    external_id ${text},
    document ${text} NOT NULL,
    deleted_at ${integer} NOT NULL,
    PRIMARY KEY (account_id, connection_id, id)
  )`,
  `CREATE INDEX deleted_directory_users_user_name ON deleted_directory_users (account_id, connection_id, user_name_key, deleted_at)`,
  `CREATE INDEX deleted_directory_users_external_id ON deleted_directory_users (account_id, connection_id, external_id, deleted_at) WHERE external_id IS NOT NULL`,
  `CREATE INDEX deleted_directory_users_user ON deleted_directory_users (account_id, user_id)`,

  `CREATE TABLE directory_emails (
    account_id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    value_key ${text} NOT NULL,
    directory_user_id ${text} NOT NULL,
    ordinal ${integer} NOT NULL,
    PRIMARY KEY (account_id, connection_id, value_key, directory_user_id, ordinal)
  )${clustered}`,

  `CREATE TABLE directory_groups (
    account_id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    id ${text} NOT NULL,
    display_name ${text} NOT NULL,
    display_key ${text} NOT NULL,
    external_id ${text},
    version ${integer} NOT NULL,
    created_at ${integer} NOT NULL,
    last_modified ${integer} NOT NULL,
    PRIMARY KEY (account_id, connection_id, id)
  )`,
  // Group names are unique in a connection, ignoring case (SCIM.md 7.7).
  `CREATE UNIQUE INDEX directory_groups_display ON directory_groups (account_id, connection_id, display_key)`,
  `CREATE INDEX directory_groups_external_id ON directory_groups (account_id, connection_id, external_id) WHERE external_id IS NOT NULL`,
  `CREATE INDEX directory_groups_modified ON directory_groups (account_id, connection_id, last_modified, id)`,

  // Of a large deleted group the rows go in chunks, so a row counts only while its group stands.
  `CREATE TABLE directory_members (
    account_id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    group_id ${text} NOT NULL,
    directory_user_id ${text} NOT NULL,
    PRIMARY KEY (account_id, connection_id, group_id, directory_user_id)
  )${clustered}`,
  `CREATE INDEX directory_members_user ON directory_members (account_id, connection_id, directory_user_id, group_id)`,

  `CREATE TABLE mapping_rules (
    account_id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    id ${text} NOT NULL,
    priority ${integer} NOT NULL,
    enabled ${integer} NOT NULL,
    condition ${text},
    effects ${text} NOT NULL,
    note ${text},
    state ${text} NOT NULL,
    author ${text} NOT NULL,
    version ${integer} NOT NULL,
    created_at ${integer} NOT NULL,
    updated_at ${integer} NOT NULL,
    PRIMARY KEY (account_id, connection_id, id)
  )${clustered}`,

  // The truth about access, one row per source (DESIGN 4, Grants and licenses).
  `CREATE TABLE grants (
    account_id ${text} NOT NULL,
    user_id ${text} NOT NULL,
    kind ${text} NOT NULL,
    value ${text} NOT NULL,
    source ${text} NOT NULL,
    source_id ${text} NOT NULL,
    effect ${text} NOT NULL,
    features ${text},
    reason ${text},
    actor ${text},
    expires_at ${integer},
    created_at ${integer} NOT NULL,
    PRIMARY KEY (account_id, user_id, kind, value, source, source_id)
  )${clustered}`,

  // Derived from grants: one row per person and product with its seat. Written only under the product's lock.
  `CREATE TABLE licenses (
    account_id ${text} NOT NULL,
    user_id ${text} NOT NULL,
    product_id ${text} NOT NULL,
    state ${text} NOT NULL,
    source ${text} NOT NULL,
    source_id ${text} NOT NULL,
    via_product_id ${text},
    features ${text} NOT NULL,
    waiting_since ${integer},
    created_at ${integer} NOT NULL,
    updated_at ${integer} NOT NULL,
    PRIMARY KEY (account_id, user_id, product_id)
  )${clustered}`,
  // The waiting list: the longest waiting first (PRODUCT 2.5).
  `CREATE INDEX licenses_waiting ON licenses (account_id, product_id, waiting_since, user_id) WHERE waiting_since IS NOT NULL`,

  `CREATE TABLE match_requests (
    account_id ${text} NOT NULL,
    id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    user_id ${text} NOT NULL,
    identity_key ${text} NOT NULL,
    incoming ${text} NOT NULL,
    cause ${text} NOT NULL,
    state ${text} NOT NULL,
    decided_by ${text},
    decided_at ${integer},
    created_at ${integer} NOT NULL,
    updated_at ${integer} NOT NULL,
    PRIMARY KEY (account_id, id)
  )${clustered}`,
  // An IdP that retries asks once.
  `CREATE UNIQUE INDEX match_requests_identity ON match_requests (account_id, connection_id, user_id, identity_key)`,
  `CREATE INDEX match_requests_user ON match_requests (account_id, user_id)`,

  `CREATE TABLE invitations (
    account_id ${text} NOT NULL,
    id ${text} NOT NULL,
    user_id ${text} NOT NULL,
    kind ${text} NOT NULL,
    state ${text} NOT NULL,
    channel ${text} NOT NULL,
    token_hash ${text} NOT NULL,
    sent_count ${integer} NOT NULL,
    last_sent_at ${integer},
    expires_at ${integer} NOT NULL,
    created_at ${integer} NOT NULL,
    updated_at ${integer} NOT NULL,
    PRIMARY KEY (account_id, id)
  )${clustered}`,
  // Door: the hash of a mailed link leads to its account.
  `CREATE UNIQUE INDEX invitations_token ON invitations (token_hash)`,
  `CREATE INDEX invitations_user ON invitations (account_id, user_id, state)`,

  `CREATE TABLE sessions (
    account_id ${text} NOT NULL,
    id_hash ${text} NOT NULL,
    user_id ${text} NOT NULL,
    connection_id ${text},
    method ${text} NOT NULL,
    name_id ${text},
    session_index ${text},
    created_at ${integer} NOT NULL,
    expires_at ${integer} NOT NULL,
    ended_at ${integer},
    end_reason ${text},
    PRIMARY KEY (account_id, id_hash)
  )${clustered}`,
  // Door: the hash of the cookie leads to its account.
  `CREATE UNIQUE INDEX sessions_hash ON sessions (id_hash)`,
  `CREATE INDEX sessions_user ON sessions (account_id, user_id, ended_at)`,

  // The words by which events are filtered, each combination once. A list reads one short range per combination, so
  // every filter costs the page and not the log (DESIGN 2).
  `CREATE TABLE event_facets (
    account_id ${text} NOT NULL,
    id ${text} NOT NULL,
    facet_key ${text} NOT NULL,
    source ${text} NOT NULL,
    action ${text} NOT NULL,
    outcome ${text} NOT NULL,
    code ${text},
    connection_id ${text},
    token_id ${text},
    http_status ${integer},
    child ${integer} NOT NULL,
    PRIMARY KEY (account_id, id)
  )${clustered}`,
  `CREATE UNIQUE INDEX event_facets_key ON event_facets (account_id, facet_key)`,

  // id is a UUIDv7 of the event's time, so a time window is a range of ids.
  `CREATE TABLE events (
    account_id ${text} NOT NULL,
    id ${text} NOT NULL,
    parent_id ${text},
    facet_id ${text} NOT NULL,
    user_id ${text},
    occurred_at ${integer} NOT NULL,
    detail ${text} NOT NULL,
    PRIMARY KEY (account_id, id)
  )`,
  `CREATE INDEX events_facet ON events (account_id, facet_id, id)`,
  `CREATE INDEX events_user ON events (account_id, user_id, id) WHERE user_id IS NOT NULL`,
  `CREATE INDEX events_parent ON events (account_id, parent_id, id) WHERE parent_id IS NOT NULL`,

  `CREATE TABLE event_refs (
    account_id ${text} NOT NULL,
    ref ${text} NOT NULL,
    event_id ${text} NOT NULL,
    PRIMARY KEY (account_id, ref, event_id)
  )${clustered}`,

  `CREATE TABLE event_payloads (
    account_id ${text} NOT NULL,
    event_id ${text} NOT NULL,
    request ${text},
    response ${text},
    PRIMARY KEY (account_id, event_id)
  )`,

  // Refused tokens, added up so that a flood costs one row a minute (DESIGN 4, Events).
  `CREATE TABLE refused_tokens (
    account_id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    address ${text} NOT NULL,
    code ${text} NOT NULL,
    minute ${integer} NOT NULL,
    event_id ${text} NOT NULL,
    attempts ${integer} NOT NULL,
    PRIMARY KEY (account_id, connection_id, address, code, minute)
  )${clustered}`,

  // Reads, a batch a row: a JSON list of what was read by whom.
  `CREATE TABLE read_log (
    account_id ${text} NOT NULL,
    id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    occurred_at ${integer} NOT NULL,
    reads ${text} NOT NULL,
    PRIMARY KEY (account_id, id)
  )`,
  `CREATE TABLE read_counts (
    account_id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    hour ${integer} NOT NULL,
    reads ${integer} NOT NULL,
    PRIMARY KEY (account_id, connection_id, hour)
  )${clustered}`,

  // Outbox and queue. A row is open until it is done; order is per subject by version.
  `CREATE TABLE jobs (
    account_id ${text} NOT NULL,
    id ${text} NOT NULL,
    kind ${text} NOT NULL,
    subject ${text} NOT NULL,
    version ${integer} NOT NULL,
    payload ${text} NOT NULL,
    state ${text} NOT NULL,
    run_at ${integer} NOT NULL,
    attempts ${integer} NOT NULL,
    locked_until ${integer},
    progress ${text},
    failure ${text},
    created_at ${integer} NOT NULL,
    finished_at ${integer},
    PRIMARY KEY (account_id, id)
  )`,
  // The outbox is written with every change, so it has one narrow index; the queue has its own two.
  `CREATE INDEX jobs_open ON jobs (kind, run_at, account_id, id) WHERE state = 'open' AND kind <> 'outbox'`,
  `CREATE INDEX jobs_subject ON jobs (account_id, kind, subject, version) WHERE state = 'open' AND kind <> 'outbox'`,
  `CREATE INDEX jobs_outbox ON jobs (account_id, id) WHERE state = 'open' AND kind = 'outbox'`,

  // What changed, in the order in which it became visible: one row per outbox row, numbered after its commit.
  `CREATE TABLE feed_counters (
    account_id ${text} NOT NULL PRIMARY KEY,
    last ${integer} NOT NULL
  )${clustered}`,
  `CREATE TABLE feed (
    account_id ${text} NOT NULL,
    seq ${integer} NOT NULL,
    job_id ${text} NOT NULL,
    subject ${text} NOT NULL,
    version ${integer} NOT NULL,
    event_id ${text} NOT NULL,
    stamped_at ${integer} NOT NULL,
    PRIMARY KEY (account_id, seq)
  )${clustered}`,
]

export const down = (): string[] =>
  [
    'feed',
    'feed_counters',
    'jobs',
    'read_counts',
    'read_log',
    'refused_tokens',
    'event_payloads',
    'event_refs',
    'events',
    'event_facets',
    'sessions',
    'invitations',
    'match_requests',
    'licenses',
    'grants',
    'mapping_rules',
    'directory_members',
    'directory_groups',
    'directory_emails',
    'deleted_directory_users',
    'directory_users',
    'scim_tokens',
    'connections',
    'user_terms',
    'users',
    'products',
    'roles',
    'domains',
    'accounts',
  ].map((table) => `DROP TABLE ${table}`)
